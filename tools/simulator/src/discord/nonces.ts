import type { Clock } from '../clock';
import type { Entry } from './message';

const sweepAbove = 20_000;

/** Which message was made with which nonce, for the last few minutes. */
export class Nonces {
  private readonly made = new Map<string, { entry: Entry; at: number }>();

  constructor(
    private readonly windowMs: number,
    private readonly clock: Clock,
  ) {}

  find(key: string): Entry | null {
    const known = this.made.get(key);
    return known && known.at >= this.clock.now() - this.windowMs ? known.entry : null;
  }

  add(key: string, entry: Entry): void {
    const at = this.clock.now();
    this.made.set(key, { entry, at });
    if (this.made.size <= sweepAbove) return;
    for (const [old, one] of this.made) if (one.at < at - this.windowMs) this.made.delete(old);
  }

  clear(): void {
    this.made.clear();
  }
}
