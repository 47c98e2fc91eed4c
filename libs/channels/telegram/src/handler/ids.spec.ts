import { RejectedError } from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { chatId, contactId, messageId, parseChat, parseMessage, type Address } from './ids';

/** Telegram promises at most 52 significant bits. */
const native = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const connection = fc.string({ minLength: 1, unit: 'grapheme' });

const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ chatId: native }),
  fc.record({ chatId: native, threadId: count }),
  fc.record({ chatId: native, directTopicId: native }),
  fc.record({ chatId: native, businessConnectionId: connection }),
);

describe('ids of Telegram', () => {
  it.each([
    [{ chatId: 4242 }, 'telegram:4242'],
    [{ chatId: -100123, threadId: 4 }, 'telegram:-100123:topic:4'],
    [{ chatId: -100123, directTopicId: 7 }, 'telegram:-100123:direct:7'],
    [{ chatId: 4242, businessConnectionId: 'a:b%' }, 'telegram:4242:business:a%3Ab%25'],
    [{ chatId: '@news' }, 'telegram:@news'],
  ])('name the chat %j as %s', (where, id) => {
    expect(chatId(where)).toBe(id);
    expect(parseChat(id)).toEqual(where);
  });

  it('find every chat again', () => {
    fc.assert(fc.property(address, (where) => expect(parseChat(chatId(where))).toEqual(where)));
  });

  it('name a message by its chat, whatever the topic', () => {
    expect(messageId(parseChat('telegram:-100123:topic:4'), 17)).toBe('telegram:-100123:17');
    expect(messageId(parseChat('telegram:-100123:direct:7'), 17)).toBe('telegram:-100123:17');
  });

  it('keep a business chat apart from the chat that the bot has with the same person', () => {
    const business = messageId(parseChat('telegram:4242:business:c'), 17);
    expect(business).toBe('telegram:4242:17:business:c');
    expect(parseMessage(business)).toEqual({ chatId: 4242, messageId: 17, businessConnectionId: 'c' });
  });

  it('tell ephemeral messages apart, which all have the number 0', () => {
    expect(messageId({ chatId: -100123 }, 0, 9)).toBe('telegram:-100123:0:ephemeral:9');
    expect(parseMessage('telegram:-100123:0:ephemeral:9')).toEqual({
      chatId: -100123,
      messageId: 0,
      ephemeralMessageId: 9,
    });
  });

  it('find every message again', () => {
    fc.assert(
      fc.property(address, count, (where, number) => {
        const { chatId: chat, businessConnectionId } = where;
        const business = businessConnectionId === undefined ? {} : { businessConnectionId };
        expect(parseMessage(messageId(where, number))).toEqual({
          chatId: chat,
          messageId: number,
          ...business,
        });
      }),
    );
  });

  it('read a contact as the private chat with them', () => {
    expect(parseChat(contactId(4242))).toEqual({ chatId: 4242 });
  });

  it.each([
    'telegram:',
    'telegram:1:topic',
    'telegram:1:topic:x',
    'telegram:1:2',
    'telegram:1:topic:2:3',
    'discord:1',
    '',
  ])('refuse %j as a chat', (id) => expect(() => parseChat(id)).toThrow(RejectedError));

  it.each([
    'telegram:1',
    'telegram::1',
    'telegram:1:x',
    'telegram:1:01',
    'telegram:1:topic:4',
    'whatsapp:1:2',
    '',
  ])('refuse %j as a message', (id) => expect(() => parseMessage(id)).toThrow(RejectedError));
});
