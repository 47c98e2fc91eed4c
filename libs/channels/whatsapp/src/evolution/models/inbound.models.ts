import { asObject, type Ignored } from '@omni-hub/channel-sdk';
import type { ContactRef, InboundEvent } from '@omni-hub/contracts';

export { asList, asNumber, asObject, asObjects, asText, type Unchecked } from '@omni-hub/channel-sdk';

/** What one element of a webhook became. */
export interface Reading {
  events: InboundEvent[];
  ignored: Ignored[];
}

/** What every reader needs besides the object that it reads. */
export interface Context {
  /** The event's name as Evolution writes it: `messages.upsert`. */
  rawKind: string;
  /** Who the account is. */
  own: Own;
  /** An id for what has none of its own: the same at every redelivery, another one when the same thing happens again. */
  occurrence: string;
}

export interface Own {
  contact: ContactRef;
  /** Every id under which the account may be named, in its canonical form. */
  ids: ReadonlySet<string>;
}

export function happened(...events: InboundEvent[]): Reading {
  return { events, ignored: [] };
}

export function leftAside(eventId: string, { rawKind }: Pick<Context, 'rawKind'>, reason: string): Reading {
  return { events: [], ignored: [{ eventId, rawKind, reason }] };
}

/**
 * A 64-bit number in any of the forms in which versions of Evolution write them: a number, its digits, or the two halves
 * `{ low, high }`. Null for what is negative, no integer, or too large to be exact.
 */
export function asLong(value: unknown): number | null {
  const number =
    typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : (fromHalves(value) ?? value);
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : null;
}

function fromHalves(value: unknown): number | null {
  const { low, high } = asObject(value) ?? {};
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) return null;
  return ((high as number) >>> 0) * 0x1_0000_0000 + ((low as number) >>> 0);
}

/** The last instant that a JavaScript date can hold, in milliseconds. */
const lastInstant = 8.64e15;

/** Seconds as milliseconds; 0 where nothing says when. */
export function asTime(seconds: unknown): number {
  return asInstant((asLong(seconds) ?? 0) * 1000) ?? 0;
}

/** Milliseconds; null where nothing says when. */
export function asInstant(milliseconds: unknown): number | null {
  const instant = asLong(milliseconds);
  return instant !== null && instant > 0 && instant <= lastInstant ? instant : null;
}

/** Longest key or checksum that is kept. */
const mostBytes = 64;

/**
 * Bytes in any of the forms in which versions of Evolution write them: base64, `{ "0": 194, "1": 76 }`,
 * `{ "type": "Buffer", "data": [194, 76] }`, or a list. As base64; null for anything else, and for more than 64 bytes.
 */
export function asBytes(value: unknown): string | null {
  if (typeof value === 'string') return /^[A-Za-z0-9+/]{4,88}={0,2}$/.test(value) ? value : null;
  const object = asObject(value);
  const list = Array.isArray(value)
    ? value
    : object && (Array.isArray(object.data) ? object.data : Object.values(object));
  if (!list || list.length === 0 || list.length > mostBytes) return null;
  const bytes = list.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  return bytes ? Buffer.from(list as number[]).toString('base64') : null;
}
