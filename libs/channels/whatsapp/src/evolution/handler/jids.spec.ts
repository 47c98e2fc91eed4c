import fc from 'fast-check';
import { RejectedError } from '@omni-hub/channel-sdk';
import { messageId, parseJid, parseMessage, toJid } from './jids';

const digits = fc.stringMatching(/^[1-9]\d{5,17}$/);
const keyId = fc.stringMatching(/^[A-Z0-9]{8,32}$/);

describe('a JID', () => {
  it('comes back from what it names', () => {
    const jid = fc.oneof(
      digits.map((number) => `${number}@s.whatsapp.net`),
      digits.map((number) => `${number}@lid`),
      fc.stringMatching(/^\d{10,18}(-\d{10})?$/).map((id) => `${id}@g.us`),
    );
    fc.assert(fc.property(jid, (text) => expect(toJid(parseJid(text)!)).toBe(text)));
  });

  it.each([
    ['5511987654321:12@s.whatsapp.net', { kind: 'phone', digits: '5511987654321' }],
    ['5511987654321_1:2@s.whatsapp.net', { kind: 'phone', digits: '5511987654321' }],
    ['5511987654321@c.us', { kind: 'phone', digits: '5511987654321' }],
    ['5511987654321@hosted', { kind: 'phone', digits: '5511987654321' }],
    ['209000111222333:4@lid', { kind: 'lid', digits: '209000111222333' }],
    ['209000111222333@hosted.lid', { kind: 'lid', digits: '209000111222333' }],
  ])('%s is read without its device', (jid, handle) => expect(parseJid(jid)).toEqual(handle));

  it.each([
    'status@broadcast',
    '1@newsletter',
    '867051314767696@bot',
    'ana@lid',
    '@lid',
    '5511987654321',
    '',
    null,
    7,
    {},
  ])('names nobody where it is %j', (jid) => expect(parseJid(jid)).toBeNull());

  it('is none for somebody whom only the Cloud API knows', () => {
    expect(() => toJid({ kind: 'user', id: 'US.1' })).toThrow(RejectedError);
  });
});

describe("a message's id", () => {
  const name = fc.oneof(
    keyId.map((id) => ({ id, fromMe: true, participant: null })),
    keyId.map((id) => ({ id, fromMe: false, participant: null })),
    fc.tuple(keyId, digits).map(([id, number]) => ({ id, fromMe: false, participant: `${number}@lid` })),
  );

  it('comes back as what it was made of', () => {
    fc.assert(fc.property(name, (message) => expect(parseMessage(messageId(message))).toEqual(message)));
  });

  it.each(['whatsapp:', 'whatsapp:A:out', 'whatsapp:A:in:', 'whatsapp:A:in:b:c', 'telegram:1'])(
    '%s is none',
    (id) => expect(() => parseMessage(id)).toThrow(RejectedError),
  );
});
