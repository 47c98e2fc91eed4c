import { type Random, shuffled } from './random';

/** How updates are disturbed on their way to the hub. Nothing is ever lost. */
export interface InboundDisturbance {
  /** Each update is sent so many times more. */
  duplicates?: number;
  /** Updates are gathered until there are so many, or none came for 50 ms, and leave in another order. */
  reorderWindow?: number;
  delayMs?: number;
  /** The share of updates that this is for, 0..1; all by default. */
  probability?: number;
}

const gatherMs = 50;

/** Stands between a platform's events and its sender. */
export class InboundFaults {
  private disturbance: InboundDisturbance = {};
  private gathered: (() => void)[] = [];
  private gathering: NodeJS.Timeout | null = null;

  constructor(private readonly random: Random) {}

  get active(): InboundDisturbance {
    return this.disturbance;
  }

  set(disturbance: InboundDisturbance): void {
    this.disturbance = disturbance;
    this.release();
  }

  clear(): void {
    this.set({});
  }

  /** Calls `deliver` now or later, once or more often, as the disturbance says. */
  pass(deliver: () => void): void {
    const { duplicates = 0, reorderWindow = 0, delayMs = 0, probability = 1 } = this.disturbance;
    if (duplicates + reorderWindow + delayMs === 0 || this.random() >= probability) return deliver();
    const repeat = () => {
      for (let time = 0; time <= duplicates; time++) deliver();
    };
    const reorder = () => (reorderWindow > 1 ? this.gather(repeat, reorderWindow) : repeat());
    if (delayMs > 0) setTimeout(reorder, delayMs).unref();
    else reorder();
  }

  private gather(deliver: () => void, window: number): void {
    this.gathered.push(deliver);
    if (this.gathering) clearTimeout(this.gathering);
    if (this.gathered.length >= window) return this.release();
    this.gathering = setTimeout(() => this.release(), gatherMs);
    this.gathering.unref();
  }

  private release(): void {
    if (this.gathering) clearTimeout(this.gathering);
    this.gathering = null;
    const waiting = this.gathered;
    this.gathered = [];
    for (const deliver of shuffled(waiting, this.random)) deliver();
  }
}
