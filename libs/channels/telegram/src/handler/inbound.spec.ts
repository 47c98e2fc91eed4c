import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PayloadError, type Account, type Received } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';
import fc from 'fast-check';
import type { UpdateKind } from '../models/inbound.models';
import { parseChat, parseMessage } from './ids';
import { readUpdate } from './inbound';
import { decodeMediaRef } from './media-ref';

interface Fixture {
  request: Record<string, unknown>;
  own?: boolean;
  expect: Received;
}

const account: Account = { id: '7777000', name: 'Support', username: 'vercelchatsdkbot' };
const folder = join(__dirname, '../../fixtures/inbound');
const fixtures = readdirSync(folder).map((file): [string, Fixture] => [
  file,
  JSON.parse(readFileSync(join(folder, file), 'utf8')),
]);

/** The compiler keeps this list complete. */
const everyKind: Record<UpdateKind, true> = {
  message: true,
  edited_message: true,
  channel_post: true,
  edited_channel_post: true,
  business_connection: true,
  business_message: true,
  edited_business_message: true,
  deleted_business_messages: true,
  guest_message: true,
  stopped_message_generation: true,
  message_reaction: true,
  message_reaction_count: true,
  inline_query: true,
  chosen_inline_result: true,
  callback_query: true,
  shipping_query: true,
  pre_checkout_query: true,
  purchased_paid_media: true,
  poll: true,
  poll_answer: true,
  my_chat_member: true,
  chat_member: true,
  chat_join_request: true,
  chat_boost: true,
  removed_chat_boost: true,
  managed_bot: true,
  subscription: true,
};

describe('an update', () => {
  it.each(fixtures)('is read as the fixture %s tells', (_, fixture) => {
    const { events, ignored } = readUpdate(fixture.request, account);
    expect(JSON.parse(JSON.stringify({ events, ignored }))).toEqual(fixture.expect);
  });

  it.each(Object.keys(everyKind))('of the kind %s has a fixture', (kind) => {
    expect(fixtures.some(([, { request }]) => kind in request)).toBe(true);
  });

  it('is either one event or one ignored entry, under its own number', () => {
    for (const [, { request }] of fixtures) {
      const { events, ignored = [] } = readUpdate(request, account);
      expect([...events, ...ignored].map(({ eventId }) => eventId)).toEqual([String(request.update_id)]);
    }
  });

  it.each([null, undefined, 'text', 7, [], {}, { update_id: '1' }, { update_id: 1.5 }, { message: {} }])(
    'is refused when it is %j',
    (body) => expect(() => readUpdate(body, account)).toThrow(PayloadError),
  );

  it('counts by its known kind when a later version adds a field beside it', () => {
    const { events } = readUpdate({ new_field: {}, ...fixtureOf('recorded-text.json') }, account);
    expect(events).toHaveLength(1);
  });

  it('of an unknown kind is ignored by name', () => {
    const { ignored } = readUpdate({ update_id: 1, hologram: {} }, account);
    expect(ignored?.[0]).toMatchObject({
      rawKind: 'hologram',
      reason: expect.stringContaining('"hologram"'),
    });
  });
});

describe('the account itself', () => {
  it.each(fixtures)(
    'is told as fromMe in %s only where it, or a person in its place, wrote',
    (_, { request, own }) => {
      const told = readUpdate(request, account).events.some(
        (event) => 'message' in event && event.message.fromMe,
      );
      expect(told).toBe(own === true);
    },
  );

  it('is unknown before the first probe: nobody is mentioned as self', () => {
    for (const [, { request }] of fixtures) {
      for (const event of readUpdate(request, null).events) {
        if ('message' in event) expect(event.message.mentions.filter(({ isSelf }) => isSelf)).toEqual([]);
      }
    }
  });

  it('is mentioned by its name in any spelling', () => {
    const request = {
      update_id: 1,
      message: {
        message_id: 1,
        date: 1,
        from: { id: 1, first_name: 'A' },
        chat: { id: -5, type: 'group' },
        text: '@SUPPORT_Bot',
        entities: [{ type: 'mention', offset: 0, length: 12 }],
      },
    };
    const [event] = readUpdate(request, { ...account, username: 'support_bot' }).events;
    expect(event).toMatchObject({ message: { mentions: [{ isSelf: true }] } });
  });
});

describe('a payload of the wrong shape', () => {
  const spoilers: unknown[] = [
    undefined,
    null,
    '',
    'x',
    7,
    -1,
    1.5,
    1e300,
    2 ** 52,
    true,
    [],
    [null],
    {},
    { id: 'x' },
  ];

  it.each(fixtures)(
    'never breaks the reading: %s with any one field dropped, nulled or retyped',
    (_, { request }) => {
      for (const path of pathsOf(request)) {
        for (const spoiler of spoilers) expectSound(changed(request, path, spoiler));
      }
    },
  );

  it('never breaks the reading: any JSON under any kind', () => {
    const kind = fc.constantFrom(...Object.keys(everyKind));
    fc.assert(
      fc.property(kind, fc.jsonValue(), (name, payload) => expectSound({ update_id: 1, [name]: payload })),
      { numRuns: 500 },
    );
  });

  it('never breaks the reading: names that every object inherits', () => {
    expectSound(JSON.parse('{"update_id":1,"__proto__":{"x":1}}'));
    expectSound({ update_id: 1, constructor: {} });
    expectSound({
      update_id: 1,
      message: { message_id: 1, chat: { id: 1 }, from: { id: 1 }, toString: 'x' },
    });
  });

  it('is read however deep it is nested', () => {
    let text: unknown = 'deep';
    for (let depth = 0; depth < 200_000; depth += 1) text = { type: 'bold', text: [text] };
    const rich = { blocks: [{ type: 'paragraph', text }] };
    const message = {
      message_id: 1,
      date: 1,
      from: { id: 1 },
      chat: { id: 1, type: 'private' },
      rich_message: rich,
    };
    const { events } = readUpdate({ update_id: 1, message }, account);
    expect(events).toMatchObject([{ message: { text: 'deep' } }]);
  });
});

function fixtureOf(file: string): Record<string, unknown> {
  return new Map(fixtures).get(file)?.request ?? {};
}

/** One event or one reason, with ids that round-trip and a time that is one; PayloadError only where the frame is broken. */
function expectSound(update: Record<string, unknown>): void {
  let received: Received;
  try {
    received = readUpdate(update, account);
  } catch (error) {
    expect(error).toBeInstanceOf(PayloadError);
    expect(Number.isSafeInteger(update.update_id)).toBe(false);
    return;
  }
  const { events, ignored = [] } = received;
  expect(events.length + ignored.length).toBe(1);
  for (const { reason } of ignored) expect(reason).toMatch(/\w+ \w+/);
  for (const event of events) expectSoundEvent(event);
}

function expectSoundEvent(event: InboundEvent): void {
  expect(() => new Date(event.at).toISOString()).not.toThrow();
  if ('chat' in event) expectNative(parseChat(event.chat.id));
  if ('sender' in event && event.sender) expectNative(parseChat(event.sender.id));
  if ('messageId' in event && event.messageId) expectNative(parseMessage(event.messageId));
  if ('messageIds' in event) event.messageIds.map(parseMessage).forEach(expectNative);
  if ('members' in event) event.members.forEach(({ id }) => expectNative(parseChat(id)));
  if (!('message' in event)) return;
  const { id, text, entities, attachments, replyTo } = event.message;
  expectNative(parseMessage(id));
  if (replyTo) expectNative(parseMessage(replyTo.id));
  expect(text !== '' || attachments.length > 0).toBe(true);
  for (const { offset, length } of entities) expect(text.slice(offset, offset + length)).toHaveLength(length);
  for (const attachment of attachments) if ('ref' in attachment) decodeMediaRef(attachment.ref);
}

function expectNative({ chatId }: { chatId: number | string }): void {
  expect(Number.isSafeInteger(chatId)).toBe(true);
}

type Path = (string | number)[];
type Tree = Record<string | number, unknown>;

/** Every place in a JSON value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys: Path = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => {
    const here = [...path, key];
    return [here, ...pathsOf((value as Record<string | number, unknown>)[key], here)];
  });
}

/** A copy with one place changed; `undefined` drops it. */
function changed(value: Record<string, unknown>, path: Path, spoiler: unknown): Record<string, unknown> {
  const copy: Tree = structuredClone(value);
  const holder = path.slice(0, -1).reduce((inner, key) => inner[key] as Tree, copy);
  const key = path[path.length - 1];
  if (spoiler === undefined) delete holder[key];
  else holder[key] = spoiler;
  return copy;
}
