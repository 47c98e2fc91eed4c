import type { Clock } from '../clock';

export interface Rate {
  /** Sends that may leave at once after a rest. */
  burst: number;
  perSecond: number;
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput */
export const publishedThroughput: Rate = { burst: 80, perSecond: 80 };

/** One message in 6 seconds to one person; 45 may be borrowed from the time that follows. */
export const publishedPairRate: Rate = { burst: 45, perSecond: 1 / 6 };

const sweepAbove = 10_000;

/** Token buckets by key. */
export class Buckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly rate: Rate,
    private readonly clock: Clock,
  ) {}

  /** True: there was a token, and it is taken. */
  take(key: string): boolean {
    const now = this.clock.now();
    const tokens = this.tokensOf(key, now);
    if (tokens < 1) return false;
    if (this.buckets.size > sweepAbove) this.sweep(now);
    this.buckets.set(key, { tokens: tokens - 1, at: now });
    return true;
  }

  private tokensOf(key: string, now: number): number {
    const bucket = this.buckets.get(key);
    if (!bucket) return this.rate.burst;
    return Math.min(this.rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * this.rate.perSecond);
  }

  private sweep(now: number): void {
    for (const key of this.buckets.keys()) {
      if (this.tokensOf(key, now) >= this.rate.burst) this.buckets.delete(key);
    }
  }
}
