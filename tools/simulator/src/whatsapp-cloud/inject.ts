import type { Fields } from './chat';
import { encode } from './envelope';
import type { BusinessNumber } from './number';
import type { World } from './world';

/** A recorded webhook: bytes or text are sent as they are, an object as the platform would write it. */
export type RecordedBody = string | Buffer | object;

interface Recorded {
  entry?: { changes?: { value?: RecordedValue }[] }[];
}

interface RecordedValue {
  metadata?: { phone_number_id?: string };
  contacts?: { wa_id?: string; user_id?: string; profile?: { name?: string } }[];
  messages?: RecordedMessage[];
}

type RecordedMessage = Fields & { id?: string; type?: string; from?: string; from_user_id?: string };

/**
 * Lets a webhook happen as it was recorded, for the number that it names or for `fallback`. Its people and messages exist from then
 * on, so that they can be answered.
 */
export function injectBody(world: World, body: RecordedBody, fallback: BusinessNumber): void {
  const bytes = Buffer.isBuffer(body) ? body : typeof body === 'string' ? Buffer.from(body) : encode(body);
  const recorded = readRecorded(bytes);
  const values = (recorded.entry ?? []).flatMap(({ changes }) =>
    (changes ?? []).map(({ value }) => value ?? {}),
  );
  for (const value of values) learn(world, numberOf(world, value) ?? fallback, value);
  const named = values.map((value) => numberOf(world, value)).find((number) => number !== undefined);
  world.webhooks.send(named ?? fallback, bytes);
}

function numberOf(world: World, { metadata }: RecordedValue): BusinessNumber | undefined {
  return world.numbers.get(metadata?.phone_number_id ?? '');
}

function learn(world: World, number: BusinessNumber, { contacts = [], messages = [] }: RecordedValue): void {
  for (const message of messages) {
    const { id, type = 'unknown', from, from_user_id } = message;
    if (!id || (!from && !from_user_id)) continue;
    const contact = contacts.find(({ wa_id, user_id }) => wa_id === from || user_id === from_user_id);
    const userId = from_user_id ?? contact?.user_id;
    const chat = world.addChat(number, {
      ...(from && { phone: from }),
      ...(userId && { userId }),
      ...(contact?.profile?.name && { name: contact.profile.name }),
    });
    chat.lastWroteAt = world.clock.now();
    if (chat.find(id)) continue;
    const content = type in message ? { [type]: message[type] } : {};
    const entry = { ...world.newEntry(chat, 'person', type, content, null), id };
    chat.add(entry);
    world.tell({ kind: 'message', chat, entry });
  }
}

/** What is no JSON, or another one, is delivered all the same: to see what the hub does with it. */
function readRecorded(bytes: Buffer): Recorded {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null ? (value as Recorded) : {};
  } catch {
    return {};
  }
}
