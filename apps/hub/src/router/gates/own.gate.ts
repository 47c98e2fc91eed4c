import { pass, stop, type Gate } from './gate';

/** What the account itself or another bot says starts no turn: two bots would answer each other for ever. */
export const ownGate: Gate = {
  name: 'own',
  decide({ event }) {
    if (event.type === 'message' && event.message.fromMe) {
      return stop('own_message', 'the account itself wrote this message', null);
    }
    const sender = 'sender' in event ? event.sender : null;
    if (sender?.isBot) return stop('sender_is_bot', 'another bot wrote this message', null);
    return pass('from_person', 'someone else wrote this message');
  },
};
