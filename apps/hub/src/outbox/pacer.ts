import type { PaceRule } from '@omni-hub/channel-sdk';
import { LRUCache } from 'lru-cache';

/**
 * The platforms' documented limits as token buckets, kept as the time at which each bucket is full again (GCRA).
 * In memory and for this process: with N processes each takes an Nth of what an instance may send. What a platform really
 * allows it says by 429.
 */
export class Pacer {
  private readonly fullAt = new LRUCache<string, number>({ max: 50_000 });
  private readonly holds = new Map<string, number>();
  private readonly slots = new LRUCache<string, number>({ max: 50_000 });
  /** How many processes share the limits. */
  shares = 1;

  /**
   * When the lane may send, epoch milliseconds. `now` or earlier means at once, and the tokens are taken; a later time is
   * reserved for the lane: asked again at that time, it is let through.
   */
  reserve(lane: string, instanceId: string, rules: readonly PaceRule[], now: number): number {
    const reserved = this.slots.get(lane);
    if (reserved !== undefined) {
      if (reserved <= now) this.slots.delete(lane);
      return reserved;
    }
    let at = now;
    for (const rule of rules) at = Math.max(at, this.nextSlot(`${instanceId} ${rule.key}`, rule, now));
    for (const rule of rules) this.take(`${instanceId} ${rule.key}`, rule, at);
    if (at > now) this.slots.set(lane, at);
    return at;
  }

  /** The platform said to wait: nothing of the instance passes before `until`. */
  hold(instanceId: string, until: number): void {
    this.holds.set(instanceId, until);
  }

  /** The instances that must wait by their platform's own word. */
  held(now: number): string[] {
    for (const [instanceId, until] of this.holds) if (until <= now) this.holds.delete(instanceId);
    return [...this.holds.keys()];
  }

  private nextSlot(key: string, rule: PaceRule, now: number): number {
    const full = this.fullAt.get(key) ?? 0;
    return Math.max(now, full - (rule.burst - 1) * this.intervalMs(rule));
  }

  private take(key: string, rule: PaceRule, at: number): void {
    this.fullAt.set(key, Math.max(this.fullAt.get(key) ?? 0, at) + this.intervalMs(rule));
  }

  private intervalMs(rule: PaceRule): number {
    return (1000 / rule.perSecond) * (rule.scope === 'instance' ? this.shares : 1);
  }
}
