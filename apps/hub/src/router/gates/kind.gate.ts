import type { ChatEvent } from '@omni-hub/contracts';
import { pass, stop, type Gate } from './gate';

const silentKinds: Record<Exclude<ChatEvent['type'], 'message' | 'action'>, string> = {
  edit: 'an edit of an earlier message is kept and not answered again',
  delete: 'a deletion is kept and not answered',
  reaction: 'a reaction is kept and not answered',
  membership: 'a change of membership is kept and not answered',
  chat: 'a change of the chat is kept and not answered',
};

/** Only what a person says or presses can be answered. */
export const kindGate: Gate = {
  name: 'kind',
  decide({ event }) {
    if (event.type === 'message' || event.type === 'action')
      return pass('answerable', `a ${event.type} can be answered`);
    return stop(`kind_${event.type}`, silentKinds[event.type], null);
  },
};
