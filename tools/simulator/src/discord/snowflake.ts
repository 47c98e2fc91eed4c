import type { Clock } from '../clock';

const discordEpoch = 1_420_070_400_000;
const perMillisecond = 2 ** 22;

/** Ids as the platform's: made of the time, so that a later one is greater. Never numbers: they are larger than 2^53. */
export class Snowflakes {
  private ordinal = 0;

  constructor(private readonly clock: Clock) {}

  next(): string {
    this.ordinal = (this.ordinal + 1) % perMillisecond;
    return String((BigInt(this.clock.now() - discordEpoch) << 22n) + BigInt(this.ordinal));
  }
}

export const isSnowflake = (text: unknown): text is string =>
  typeof text === 'string' && /^\d{1,20}$/.test(text);

/** Negative where `a` is older than `b`. */
export const compareIds = (a: string, b: string): number =>
  a.length - b.length || (a < b ? -1 : Number(a > b));
