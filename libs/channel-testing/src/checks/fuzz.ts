import { isRecord } from '../fixtures/compare';

/** A JSON value that differs from a good one at one place. */
export interface Mutation {
  /** `message.chat.id is dropped`, `message.chat.id is null`. */
  what: string;
  value: unknown;
}

/** One value of each kind. */
const strangers: readonly unknown[] = [null, true, 'x', -1.5, [], {}];

/** Every value that comes of dropping, nulling or retyping one field or item, at any depth. */
export function* mutations(value: unknown, path = ''): Generator<Mutation> {
  for (const [key, inner] of entriesOf(value)) {
    const place = path === '' ? String(key) : `${path}.${key}`;
    yield { what: `${place} is dropped`, value: without(value, key) };
    for (const stranger of strangers) {
      if (kindOf(stranger) === kindOf(inner)) continue;
      yield { what: `${place} is ${JSON.stringify(stranger)}`, value: withValue(value, key, stranger) };
    }
    for (const mutation of mutations(inner, place)) {
      yield { what: mutation.what, value: withValue(value, key, mutation.value) };
    }
  }
}

/** One item of a list that stands anywhere in a value: the value without it, and with each stranger in its place. */
export interface ListItem {
  /** `entry.0.changes.1` */
  place: string;
  dropped: unknown;
  replaced: unknown[];
}

/** The items of every list that has more than one. */
export function* listItems(value: unknown, path = ''): Generator<ListItem> {
  for (const [key, inner] of entriesOf(value)) {
    const place = path === '' ? String(key) : `${path}.${key}`;
    if (Array.isArray(value) && value.length > 1) {
      const replaced = strangers.map((stranger) => withValue(value, key, stranger));
      yield { place, dropped: without(value, key), replaced };
    }
    for (const item of listItems(inner, place)) {
      const around = (changed: unknown) => withValue(value, key, changed);
      yield { place: item.place, dropped: around(item.dropped), replaced: item.replaced.map(around) };
    }
  }
}

/** Bodies that no platform sends and somebody will. */
export const malformedBodies: Record<string, string | Buffer> = {
  'no body': '',
  'no JSON': 'hello',
  'half a JSON object': '{"id": 1, "text": "h',
  'bytes that are no text': Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  null: 'null',
  'a number': '42',
  'a text': '"hello"',
  'an empty list': '[]',
  'a list of nulls': '[null, null]',
  'an empty object': '{}',
  'a list in lists, 5,000 deep': '['.repeat(5_000) + ']'.repeat(5_000),
  'a poisoned prototype': '{"__proto__": {"chat": 1}, "constructor": {"prototype": null}}',
};

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return isRecord(value) ? Object.entries(value) : [];
}

function without(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value.filter((_, index) => index !== key);
  return Object.fromEntries(Object.entries(value as object).filter(([name]) => name !== key));
}

function withValue(value: unknown, key: string | number, inner: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? inner : item));
  return { ...(value as object), [key]: inner };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
