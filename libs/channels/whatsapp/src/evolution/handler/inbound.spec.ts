import { PayloadError, type Account, type Received } from '@omni-hub/channel-sdk';
import type { InboundEvent, MessageReceived } from '@omni-hub/contracts';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWebhook } from './inbound';
import { ignoredContents, ignoredEvents } from './inbound-ignored';
import { writtenReaders } from './inbound-attachments';
import { choiceReaders } from './inbound-choices';
import { scrub } from './scrub';

interface Fixture {
  request: { event: string; data: Record<string, unknown> };
  expect: Received;
}

const account: Account = {
  id: '5511999990000',
  name: 'Loja',
  username: null,
  aliases: ['lid:141000111222333'],
};
const folder = join(__dirname, '../../../fixtures/evolution/inbound');
const fixtures = readdirSync(folder).map((file): [string, Fixture] => [
  file,
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as Fixture,
]);

const ana = '5511987654321@s.whatsapp.net';
const hiddenAna = '209000111222333@lid';

function read(request: object, as: Account | null = account): Received {
  return readWebhook(Buffer.from(JSON.stringify(request)), 'loja', as);
}

function upsert(data: object, envelope: object = {}): object {
  return {
    event: 'messages.upsert',
    instance: 'loja',
    sender: '5511999990000:3@s.whatsapp.net',
    data,
    ...envelope,
  };
}

function text(key: object, more: object = {}): object {
  return upsert({ key: { id: 'A1', ...key }, message: { conversation: 'hi' }, messageTimestamp: 1, ...more });
}

function messageOf({ events }: Received): MessageReceived {
  expect(events).toHaveLength(1);
  expect(events[0].type).toBe('message');
  return events[0] as MessageReceived;
}

describe('a webhook of Evolution', () => {
  it.each(fixtures)('is read the same from what is kept of it: %s', (_, { request, expect: expected }) => {
    const received = readWebhook(scrub(Buffer.from(JSON.stringify(request))), 'loja', account);
    expect(JSON.parse(JSON.stringify(received))).toEqual(expected);
  });

  it('has a fixture of every event that is known', () => {
    const events = new Set(
      fixtures
        .flatMap(([, { expect }]) => [...expect.events, ...(expect.ignored ?? [])])
        .map(({ rawKind }) => rawKind),
    );
    for (const event of Object.keys(ignoredEvents)) expect(events).toContain(event);
  });

  it('has a fixture of every content that a person can write or choose', () => {
    const all = JSON.stringify(fixtures);
    const rare = new Set(['pollCreationMessageV5']);
    for (const content of [...Object.keys(writtenReaders), ...Object.keys(choiceReaders)]) {
      if (!rare.has(content)) expect(all).toContain(`"${content}"`);
    }
  });

  it.each([null, 7, 'text', [], {}, { event: '' }, { event: 7 }, { data: {} }])(
    'is refused when it is %j',
    (body) => {
      expect(() => read(body as object)).toThrow(PayloadError);
    },
  );

  it('never takes the time from `date_time`, which is local time said to be UTC', () => {
    const key = { remoteJid: ana, fromMe: false };
    const late = upsert(
      { key: { id: 'A1', ...key }, message: { conversation: 'hi' } },
      { date_time: '2030-01-01T00:00:00.000Z' },
    );
    expect(messageOf(read(late)).at).toBe(0);
  });

  it('tells the same thing that happens twice apart by it, and a redelivery not', () => {
    const at = (date_time: string) => ({
      event: 'connection.update',
      data: { state: 'close', statusReason: 408 },
      date_time,
    });
    const id = (request: object) => read(request).events[0].eventId;
    expect(id(at('2026-01-01T00:00:00.000Z'))).toBe(id(at('2026-01-01T00:00:00.000Z')));
    expect(id(at('2026-01-01T00:00:00.000Z'))).not.toBe(id(at('2026-01-01T00:00:01.000Z')));
  });

  it('holds no key and no file in what it becomes', () => {
    const secret = { apikey: 'INSTANCE-TOKEN', api_key: 'SERVER-KEY' };
    const data = {
      key: { id: 'A1', remoteJid: ana, fromMe: false },
      message: { imageMessage: {}, base64: 'RklMRQ==' },
    };
    const told = JSON.stringify([
      read(upsert(data, secret)),
      read(upsert({ key: {} }, secret)),
      read({
        event: 'qrcode.updated',
        data: { qrcode: { base64: 'RklMRQ==', code: '2@CODE', pairingCode: 'PAIRCODE' } },
        ...secret,
      }),
      read({ event: 'error', data: { message: 'INSTANCE-TOKEN' }, ...secret }),
    ]);
    expect(told).not.toMatch(/INSTANCE-TOKEN|SERVER-KEY|RklMRQ|2@CODE|PAIRCODE/);
  });

  it.each(Object.keys(ignoredContents))('leaves "%s" aside and says why', (content) => {
    const key = { id: 'A1', remoteJid: ana, fromMe: false };
    const { events, ignored } = read(upsert({ key, message: { [content]: { any: 1 } } }));
    expect(events).toEqual([]);
    expect(ignored).toEqual([
      { eventId: 'A1', rawKind: 'messages.upsert', reason: ignoredContents[content] },
    ]);
  });

  it('does not give the id of a message away to an event without content', () => {
    const key = { id: 'A1', remoteJid: ana, fromMe: false };
    const empty = read(upsert({ key, message: null }));
    expect(empty.ignored?.map(({ eventId }) => eventId)).toEqual(['A1:empty']);
    expect(messageOf(read(upsert({ key, message: { conversation: 'real' } }))).eventId).toBe('A1');
  });

  it('reads any JSON without another failure than PayloadError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fc.jsonValue(), ([, { request }], value) => {
        const received = read({ ...request, data: value });
        expect(Array.isArray(received.events)).toBe(true);
        read({ ...request, data: { ...request.data, message: value, key: value } });
        read({ ...request, data: { ...request.data, contextInfo: value, update: value } });
      }),
    );
  });
});

describe('a person', () => {
  const chatOf = (key: object) => messageOf(read(text(key))).chat;
  const known = { id: 'whatsapp:5511987654321', aliases: ['whatsapp:lid:209000111222333'] };

  it.each([
    ['2.3.0', { remoteJid: hiddenAna, senderPn: ana, senderLid: hiddenAna, fromMe: false }],
    ['2.3.6', { remoteJid: hiddenAna, remoteJidAlt: ana, fromMe: false }],
    ['later', { remoteJid: ana, remoteJidAlt: hiddenAna, fromMe: false }],
    ['other', { remoteJid: ana, senderLid: hiddenAna, fromMe: false }],
  ])('is the same by whatever field version %s tells the number and the hidden id', (_, key) => {
    expect(chatOf(key)).toMatchObject(known);
    expect(messageOf(read(text(key))).sender).toMatchObject({ ...known, phone: '+5511987654321' });
  });

  it('whose number is hidden has none', () => {
    const { sender } = messageOf(read(text({ remoteJid: hiddenAna, fromMe: false })));
    expect(sender).toMatchObject({ id: 'whatsapp:lid:209000111222333', phone: null });
  });

  it('is answered where they wrote from', () => {
    expect(chatOf({ remoteJid: '551187654321@s.whatsapp.net', fromMe: false })).toMatchObject({
      id: 'whatsapp:5511987654321',
      address: 'whatsapp:551187654321',
    });
    expect(chatOf({ remoteJid: ana, fromMe: false }).address).toBeUndefined();
  });

  it('is not the account, which the fields of the sender name where the account itself wrote', () => {
    const key = {
      remoteJid: ana,
      fromMe: true,
      senderPn: '5511999990000@s.whatsapp.net',
      senderLid: '141000111222333@lid',
    };
    const message = messageOf(read(text(key)));
    expect(message.chat).toEqual({ id: 'whatsapp:5511987654321', kind: 'direct', title: null });
    expect(message.sender.id).toBe('whatsapp:5511999990000');
    expect(message.message.fromMe).toBe(true);
  });

  it('has no name where it is the number again', () => {
    const named = (pushName: unknown) =>
      messageOf(read(text({ remoteJid: ana, fromMe: false }, { pushName }))).sender.name;
    expect(named('5511987654321')).toBeNull();
    expect(named('+55 11 98765-4321')).toBeNull();
    expect(named('Ana 2')).toBe('Ana 2');
  });
});

describe('the account', () => {
  const mention = (jid: string, as: Account | null, envelope: object = {}) => {
    const data = {
      key: { id: 'A1', remoteJid: '1203@g.us', participant: ana, fromMe: false },
      message: { extendedTextMessage: { text: 'hi', contextInfo: { mentionedJid: [jid] } } },
    };
    return messageOf(read(upsert(data, envelope), as)).message.mentions[0].isSelf;
  };

  it('is mentioned by any of its ids', () => {
    expect(mention('5511999990000@s.whatsapp.net', account)).toBe(true);
    expect(mention('5511999990000:2@s.whatsapp.net', account)).toBe(true);
    expect(mention('141000111222333@lid', account)).toBe(true);
    expect(mention('209000111222333@lid', account)).toBe(false);
  });

  it('is known by the webhook itself before the first probe', () => {
    expect(mention('5511999990000@s.whatsapp.net', null)).toBe(true);
    expect(mention('5511999990000@s.whatsapp.net', null, { sender: undefined })).toBe(false);
  });

  it('has an id of some kind even where nobody tells one', () => {
    const { events } = read({ ...text({ remoteJid: ana, fromMe: true }), sender: null }, null);
    expect((events[0] as Extract<InboundEvent, { type: 'message' }>).sender.id).toBe('whatsapp:self');
  });
});

describe('a mention', () => {
  it('stands where its digits stand, and only there', () => {
    const data = {
      key: { id: 'A1', remoteJid: '1203@g.us', participant: ana, fromMe: false },
      message: { conversation: 'x @55119 @5511987654321, @5511987654321' },
      contextInfo: { mentionedJid: ['55119@s.whatsapp.net', ana, ana, '1203@g.us', 7] },
    };
    const { message } = messageOf(read(upsert(data)));
    expect(message.entities.map(({ offset, length }) => message.text.slice(offset, offset + length))).toEqual(
      ['@55119', '@5511987654321', '@5511987654321'],
    );
    expect(message.mentions).toHaveLength(2);
  });
});
