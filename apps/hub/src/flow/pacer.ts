import { Injectable } from '@nestjs/common';
import type { PaceRule, RateScope } from '@omni-hub/channel-sdk';
import { Recent } from './recent';

/** A time that is a lane's, and whose limits it has passed by then: its chat's, or also its instance's. */
interface Slot {
  at: number;
  of: RateScope;
}

/**
 * The platforms' documented limits as token buckets, kept as the time at which each bucket is full again (GCRA).
 * In memory and for this process: with N processes each takes an Nth of what an instance may send. What a platform really
 * allows it says by 429. What is said and what is only shown meanwhile share the limits, and the first has the right of way.
 */
@Injectable()
export class Pacer {
  private readonly fullAt = new Recent<number>(50_000);
  private readonly holds = new Map<string, number>();
  private readonly laneHolds = new Recent<number>(10_000);
  private readonly previewAt = new Recent<number>(10_000);
  private readonly slots = new Recent<Slot>(50_000);
  /** How many processes share the limits. */
  shares = 1;

  /**
   * When the lane may send, epoch milliseconds. `now` or earlier means at once, and the tokens are taken; a later time is
   * reserved for the lane: asked again at that time, it is let through, or told the time that the instance's own limits allow.
   * Those are asked when the chat's let it pass, not before: one chat that waits must not take others' place meanwhile.
   */
  reserve(lane: string, instanceId: string, rules: readonly PaceRule[], now: number): number {
    const heldUntil = this.laneHolds.get(lane) ?? 0;
    if (heldUntil > now) return heldUntil;
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

  /**
   * When a preview may be shown, epoch milliseconds. `now` means at once, and the tokens are taken; a later time is reserved for
   * nobody: ask again then. Previews get half of what each limit lets through, and only where a token for the answer is
   * left beside theirs: never (Infinity) where a limit has but one.
   */
  spare(lane: string, instanceId: string, rules: readonly PaceRule[], now: number): number {
    const held = Math.max(this.holds.get(instanceId) ?? 0, this.laneHolds.get(lane) ?? 0);
    const at = Math.max(now, held, ...rules.map((rule) => this.nextSpare(`${instanceId} ${rule.key}`, rule)));
    if (at > now) return at;
    for (const rule of rules) {
      const key = `${instanceId} ${rule.key}`;
      this.take(key, rule, now, now);
      this.previewAt.set(key, wholeMs(now + 2 * this.intervalMs(rule)));
    }
    return now;
  }

  /** The platform said to wait: nothing of the lane, or of the whole instance, passes before `until`. */
  hold(scope: RateScope, lane: string, instanceId: string, until: number): void {
    if (scope === 'instance') this.holds.set(instanceId, until);
    else this.laneHolds.set(lane, until);
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
    for (const rule of asked) this.take(`${instanceId} ${rule.key}`, rule, at, now);
    return at;
  }

  private nextSlot(key: string, rule: PaceRule, now: number): number {
    const full = this.fullAt.get(key) ?? 0;
    return Math.max(now, wholeMs(full - (rule.burst - 1) * this.intervalMs(rule)));
  }

  private nextSpare(key: string, rule: PaceRule): number {
    if (rule.burst < 2) return Infinity;
    const full = this.fullAt.get(key) ?? 0;
    return Math.max(wholeMs(full - (rule.burst - 2) * this.intervalMs(rule)), this.previewAt.get(key) ?? 0);
  }

  private take(key: string, rule: PaceRule, at: number, now: number): void {
    this.fullAt.set(key, Math.max(this.fullAt.get(key) ?? 0, at) + this.intervalMs(rule));
    this.forgetFull(now);
  }

  /** A bucket that is full again is as good as one that was never asked: two leave where one comes, those asked longest ago first. */
  private forgetFull(now: number): void {
    for (let count = 0; count < 2; count++) {
      const { value: oldest } = this.fullAt.rkeys().next();
      if (oldest === undefined || this.fullAt.peek(oldest)! > now) return;
      this.fullAt.delete(oldest);
    }
  }

  private intervalMs(rule: PaceRule): number {
    return (1000 / rule.perSecond) * (rule.scope === 'instance' ? this.shares : 1);
  }
}

/** A lane's time is stored as whole milliseconds; what is less than a thousandth of one is an error of the division. */
const wholeMs = (time: number) => Math.ceil(time - 0.001);
