import { asList, type Account } from '@omni-hub/channel-sdk';
import type { InboundEvent } from '@omni-hub/contracts';

export { asList, asObject, asObjects, asText, type Unchecked } from '@omni-hub/channel-sdk';

/** What every reader needs besides the object it reads. */
export interface Context {
  eventId: string;
  /** The name of the gateway's event; for a message that Discord itself wrote, with its type: `MESSAGE_CREATE.7`. */
  rawKind: string;
  /** Null before the first probe: then nothing is known to be the account's own. */
  account: Account | null;
}

/** An event, or the sentence that says why there is none. */
export type Reading = InboundEvent | string;

/** Snowflakes exceed what a JavaScript number holds and stay texts: https://docs.discord.com/developers/reference#snowflakes. */
export function asSnowflake(value: unknown): string | null {
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? value : null;
}

export function asSnowflakes(value: unknown): string[] {
  return asList(value)
    .map(asSnowflake)
    .filter((id) => id !== null);
}

/** A size, a duration, a kind: a number that is not negative. */
export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** ISO 8601 as epoch milliseconds; 0 where Discord does not say when. */
export function asTime(value: unknown): number {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isFinite(time) ? time : 0;
}

const discordEpoch = 1_420_070_400_000n;

/** When the thing was made that the snowflake names; 0 for none. */
export function snowflakeTime(value: unknown): number {
  const id = asSnowflake(value);
  return id === null ? 0 : Number((BigInt(id) >> 22n) + discordEpoch);
}
