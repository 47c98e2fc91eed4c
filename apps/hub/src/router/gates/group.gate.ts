import type { IncomingMessage } from '@omni-hub/contracts';
import { pass, stop, type Gate } from './gate';

/** Who speaks in a group speaks to the group: the instance's `groups` setting says when that includes the account. */
export const groupGate: Gate = {
  name: 'groups',
  decide({ event, instance }) {
    if (!('chat' in event) || event.chat.kind === 'direct') return pass('direct_chat', 'a direct chat');
    const policy = instance.settings.groups;
    if (policy === 'never') {
      return stop(
        'groups_never',
        'the instance answers nobody in groups',
        'set "groups" to "mention", "reply" or "always"',
      );
    }
    if (policy === 'always') return pass('groups_always', 'the instance answers everybody in groups');
    if (event.type !== 'message') return pass('addressed', 'a button of the account was pressed');
    if (repliesToMe(event.message)) return pass('addressed', 'the message replies to the account');
    if (policy === 'mention' && mentionsMe(event.message))
      return pass('addressed', 'the message mentions the account');
    return stop(
      policy === 'mention' ? 'group_not_mentioned' : 'group_not_reply',
      policy === 'mention'
        ? 'in a group, and the message neither mentions the account nor replies to it'
        : 'in a group, and the message does not reply to the account',
      'set "groups" to "always" on the instance to answer everybody',
    );
  },
};

const mentionsMe = (message: IncomingMessage) => message.mentions.some(({ isSelf }) => isSelf);
const repliesToMe = (message: IncomingMessage) => message.replyTo?.fromMe === true;
