import type { Account } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';
import type { Update } from '@grammyjs/types';

/**
 * An object of the Bot API as it came: its field names are those of the documentation, checked by the compiler, and
 * their values may be anything until one of the readers below has looked at them.
 */
export type Unchecked<T> = { readonly [Field in keyof T]?: unknown };

/** Every kind of update of Bot API 10.3 (https://core.telegram.org/bots/api#update). */
export type UpdateKind = Exclude<keyof Update, 'update_id'>;

/** What every reader needs besides the object it reads. */
export interface Context {
  eventId: string;
  /** The update's kind; for a service message with the name of what it tells: `message.new_chat_title`. */
  rawKind: string;
  /** Null before the first probe: then nothing is known to be the account's own. */
  account: Account | null;
}

/** An event, or the sentence that says why there is none. */
export type Reading = InboundEvent | string;

export function asObject<T>(value: unknown): Unchecked<T> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Unchecked<T>)
    : null;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; what is none is left out. */
export function asObjects<T>(value: unknown): Unchecked<T>[] {
  return asList(value)
    .map((item) => asObject<T>(item))
    .filter((item) => item !== null);
}

/** Null for an empty text: nowhere does Telegram mean something by one. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function asInteger(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** A size, a duration, an offset: an integer that is not negative. */
export function asCount(value: unknown): number | null {
  const integer = asInteger(value);
  return integer !== null && integer >= 0 ? integer : null;
}

export function asNumber(value: unknown): number | null {
  return Number.isFinite(value) ? (value as number) : null;
}

/** The last instant that a JavaScript date can hold, in seconds. */
const LAST_SECOND = 8.64e12;

/** Telegram's seconds as milliseconds; 0 where it does not say when. */
export function asTime(seconds: unknown): number {
  const count = asCount(seconds) ?? 0;
  return count <= LAST_SECOND ? count * 1000 : 0;
}
