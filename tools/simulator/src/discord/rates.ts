import { createHash } from 'node:crypto';
import type { Clock } from '../clock';

export interface RateOptions {
  /** Of each bucket: so many calls in so many milliseconds. */
  route: { limit: number; perMs: number };
  /** Calls in a second for each bot, over all routes. */
  global: number;
}

/** Buckets of routes are not published and change; 5 in 5 seconds is what sending to one channel is known for. */
export const usualRates: RateOptions = { route: { limit: 5, perMs: 5000 }, global: 50 };

/** So generous that nobody meets it: the headers are there all the same. */
const noLimit = { limit: 1_000_000, perMs: 1000 };

interface Window {
  left: number;
  resetAt: number;
}

export interface Taken {
  headers: Record<string, string>;
  /** Set where the call is refused: seconds to wait. */
  refused: { scope: 'user' | 'global'; retryAfter: number } | null;
}

const sweepAbove = 10_000;

/** Buckets by route and the object that it is about. https://docs.discord.com/developers/topics/rate-limits */
export class Rates {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly options: RateOptions | null,
    private readonly clock: Clock,
  ) {}

  /** Counts one call. `bot` is null for calls that the global limit is not for. */
  take(route: string, about: string, bot: string | null): Taken {
    const now = this.clock.now();
    const limit = this.options?.route ?? noLimit;
    const overall =
      this.options && bot !== null
        ? this.window(`global ${bot}`, { limit: this.options.global, perMs: 1000 }, now)
        : null;
    const window = this.window(`${route} ${about} ${bot ?? ''}`, limit, now);
    if (overall && overall.left === 0) return this.refuse('global', overall, {}, now);
    const isFull = window.left === 0;
    if (!isFull) window.left--;
    if (!isFull && overall) overall.left--;
    const headers = {
      'x-ratelimit-limit': String(limit.limit),
      'x-ratelimit-remaining': String(window.left),
      'x-ratelimit-reset': (window.resetAt / 1000).toFixed(3),
      'x-ratelimit-reset-after': ((window.resetAt - now) / 1000).toFixed(3),
      'x-ratelimit-bucket': createHash('md5').update(route).digest('hex'),
    };
    return isFull ? this.refuse('user', window, headers, now) : { headers, refused: null };
  }

  private refuse(
    scope: 'user' | 'global',
    { resetAt }: Window,
    headers: Record<string, string>,
    now: number,
  ): Taken {
    return { headers, refused: { scope, retryAfter: Math.max(0.001, (resetAt - now) / 1000) } };
  }

  private window(key: string, { limit, perMs }: RateOptions['route'], now: number): Window {
    const known = this.windows.get(key);
    if (known && known.resetAt > now) return known;
    if (this.windows.size > sweepAbove) this.sweep(now);
    const fresh = { left: limit, resetAt: now + perMs };
    this.windows.set(key, fresh);
    return fresh;
  }

  private sweep(now: number): void {
    for (const [key, { resetAt }] of this.windows) if (resetAt <= now) this.windows.delete(key);
  }
}

const invalidWindowMs = 600_000;

/** Counts answers 401, 403 and 429; too many in ten minutes, and the address is banned. */
export class InvalidRequests {
  private times: number[] = [];

  constructor(
    private readonly most: number,
    private readonly clock: Clock,
  ) {}

  add(): void {
    this.times.push(this.clock.now());
  }

  get count(): number {
    const since = this.clock.now() - invalidWindowMs;
    if (this.times.length > 0 && this.times[0] <= since) this.times = this.times.filter((at) => at > since);
    return this.times.length;
  }

  get isBanned(): boolean {
    return this.count >= this.most;
  }

  clear(): void {
    this.times = [];
  }
}
