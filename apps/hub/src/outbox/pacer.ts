import type { PaceRule, RateScope } from '@omni-hub/channel-sdk';
import { LRUCache } from 'lru-cache';

/** A time that is a lane's, and whose limits it has passed by then: its chat's, or also its instance's. */
interface Slot {
  at: number;
  of: RateScope;
}

/**
 * The platforms' documented limits as token buckets, kept as the time at which each bucket is full again (GCRA).
 * In memory and for this process: with N processes each takes an Nth of what an instance may send. What a platform really
 * allows it says by 429.
 */
export class Pacer {
  private readonly fullAt = new LRUCache<string, number>({ max: 50_000 });
  private readonly holds = new Map<string, number>();
  private readonly slots = new LRUCache<string, Slot>({ max: 50_000 });
  /** How many processes share the limits. */
  shares = 1;

  /**
   * When the lane may send, epoch milliseconds. `now` or earlier means at once, and the tokens are taken; a later time is
   * reserved for the lane: asked again at that time, it is let through, or told the time that the instance's own limits allow.
   * Those are asked when the chat's let it pass, not before: one chat that waits must not take others' place meanwhile.
   */
  reserve(lane: string, instanceId: string, rules: readonly PaceRule[], now: number): number {
    const slot = this.slots.get(lane);
    if (slot && slot.at > now) return slot.at;
    this.slots.delete(lane);
    if (slot?.of === 'instance') return slot.at;
    if (!slot) {
      const at = this.takeAll('chat', instanceId, rules, now);
      if (at > now) return this.keep(lane, { at, of: 'chat' });
    }
    const at = this.takeAll('instance', instanceId, rules, now);
    return at > now ? this.keep(lane, { at, of: 'instance' }) : at;
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

  private keep(lane: string, slot: Slot): number {
    this.slots.set(lane, slot);
    return slot.at;
  }

  /** Takes a token by every rule of the scope, all for the first time at which each has one. */
  private takeAll(scope: RateScope, instanceId: string, rules: readonly PaceRule[], now: number): number {
    const asked = rules.filter((rule) => rule.scope === scope);
    let at = now;
    for (const rule of asked) at = Math.max(at, this.nextSlot(`${instanceId} ${rule.key}`, rule, now));
    for (const rule of asked) this.take(`${instanceId} ${rule.key}`, rule, at);
    return at;
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
