/** The published guidance (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this), as hard limits. */
export interface RateLimitOptions {
  chatPerSecond: number;
  allPerSecond: number;
  groupPerMinute: number;
}

export const publishedLimits: RateLimitOptions = { chatPerSecond: 1, allPerSecond: 30, groupPerMinute: 20 };

const sweepAbove = 10_000;

/** Counts sends in sliding windows. */
export class RateLimits {
  private readonly windows = new Map<string, number[]>();

  constructor(
    private readonly options: RateLimitOptions,
    private readonly now: () => number = Date.now,
  ) {}

  /** Counts one send and returns 0, or refuses it and returns the seconds to wait. */
  pass(bot: number, chat: number, isGroup: boolean): number {
    const limits: [string, number, number][] = [
      [`${bot}`, this.options.allPerSecond, 1000],
      [`${bot}:${chat}`, this.options.chatPerSecond, 1000],
    ];
    if (isGroup) limits.push([`${bot}:${chat}:minute`, this.options.groupPerMinute, 60_000]);
    const at = this.now();
    const waits = limits.map(([key, most, ms]) => {
      const recent = (this.windows.get(key) ?? []).filter((sent) => sent > at - ms);
      this.windows.set(key, recent);
      return recent.length < most ? 0 : Math.max(1, Math.ceil((recent[0] + ms - at) / 1000));
    });
    const wait = Math.max(...waits);
    if (wait > 0) return wait;
    for (const [key] of limits) this.windows.get(key)?.push(at);
    if (this.windows.size > sweepAbove) this.sweep(at - 60_000);
    return 0;
  }

  private sweep(before: number): void {
    for (const [key, sent] of this.windows) {
      if (sent.length === 0 || sent[sent.length - 1] < before) this.windows.delete(key);
    }
  }
}
