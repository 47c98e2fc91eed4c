import { asNumber, type Unchecked } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';

export { asList, asNumber, asObject, asObjects, type Unchecked } from '@omni-hub/channel-sdk';

/** What every element of a webhook needs to know of what stands around it. */
export interface Surroundings {
  /** The account's number, digits, and the number's id. */
  own: readonly string[];
  /** `value.contacts` by every id that they are filed under: their order says nothing. */
  contacts: ReadonlyMap<string, Unchecked>;
  /** `value.errors`: of a message that Meta could not tell whole. */
  errors: readonly Unchecked[];
}

/** Events, or the sentence that says why there are none. */
export type Reading = InboundEvent[] | string;

/** Null for an empty text: nowhere does Meta mean something by one. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** The first of the values that is a text. */
export function firstText(...values: unknown[]): string | null {
  for (const value of values) {
    const text = asText(value);
    if (text !== null) return text;
  }
  return null;
}

/** An error code comes as a number, now and then as its digits. */
export function asCode(value: unknown): number | null {
  const code = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(code) ? (code as number) : null;
}

/** The last instant that a JavaScript date can hold, in seconds. */
const lastSecond = 8.64e12;

/** Meta's seconds, in messages as text, in account events as number, in milliseconds; 0 where it does not say when. */
export function asTime(seconds: unknown): number {
  const count = asCode(seconds) ?? 0;
  return count > 0 && count <= lastSecond ? count * 1000 : 0;
}

/** The texts, numbers and truth values among the fields: what an `other` attachment may hold. */
export function readable(fields: Record<string, unknown>): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, string | number | boolean] =>
        asText(entry[1]) !== null || asNumber(entry[1]) !== null || typeof entry[1] === 'boolean',
    ),
  );
}
