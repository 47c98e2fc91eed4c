import type { Fields } from './chat';
import type { BusinessNumber } from './number';

/** One thing that the webhook tells: a message, a status, something about the account. */
export interface Update {
  number: BusinessNumber;
  field: string;
  /** What is told; lists of several updates are put together. */
  value: Fields;
  /** False: `value` is all there is. True: it is about this number, and is told with its metadata. */
  ofNumber: boolean;
  lane: string;
}

interface Change {
  field: string;
  value: Fields;
}

/**
 * The body that tells these updates: an entry for each account, in it a change for each number and kind. The order of `contacts`
 * is not that of the messages, which the platform does not promise either.
 */
export function envelope(updates: readonly Update[], seconds: number): Fields {
  const entries = new Map<string, Map<string, Change>>();
  for (const [index, update] of updates.entries()) {
    const { number, field, value, ofNumber } = update;
    const changes = entries.get(number.wabaId) ?? new Map<string, Change>();
    entries.set(number.wabaId, changes);
    const key = ofNumber ? `${number.id} ${field} ${listOf(value)}` : `alone ${index}`;
    const before = changes.get(key);
    if (before) merge(before.value, value);
    else changes.set(key, { field, value: ofNumber ? withMetadata(number, value) : value });
  }
  return {
    object: 'whatsapp_business_account',
    entry: [...entries].map(([id, changes]) => {
      const list = [...changes.values()];
      const isAccount = list.some(({ field }) => field !== 'messages' && field !== 'smb_message_echoes');
      return { id, ...(isAccount && { time: seconds }), changes: list };
    }),
  };
}

const listOf = (value: Fields) =>
  Object.keys(value)
    .filter((key) => key !== 'contacts')
    .join();

function withMetadata(number: BusinessNumber, value: Fields): Fields {
  const copies = Object.entries(value).map(([key, items]) => [
    key,
    Array.isArray(items) ? [...items] : items,
  ]);
  return { messaging_product: 'whatsapp', metadata: number.metadata, ...Object.fromEntries(copies) };
}

function merge(into: Fields, value: Fields): void {
  for (const [key, items] of Object.entries(value)) {
    const before = (into[key] ?? []) as Fields[];
    const added = items as Fields[];
    into[key] = key === 'contacts' ? contactsOf(added, before) : [...before, ...added];
  }
}

function contactsOf(added: Fields[], before: Fields[]): Fields[] {
  const known = new Set(before.map(({ user_id }) => user_id));
  return [...added.filter(({ user_id }) => !known.has(user_id)), ...before];
}

/** JSON as the platform writes it: ASCII only, with escaped slashes. The signature is over these bytes. */
export function encode(body: unknown): Buffer {
  const json = JSON.stringify(body).replaceAll('/', '\\/');
  return Buffer.from(
    json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
