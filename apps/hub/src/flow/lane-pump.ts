import type { ClaimQuery } from '../storage/store';
import type { Log } from './log';

export interface LanePumpOptions<Claim> {
  name: string;
  /** Most lanes worked on at once, in all and for one instance: one instance's slow agent never takes all. */
  limit: number;
  perInstance: number;
  /** Most lanes that one claim takes, 200 unless told: an instance may exceed its share by so many less one. */
  claimAtMost?: number;
  claim(query: ClaimQuery): Promise<Claim[]>;
  /** Works on one lane. Must not throw; `signal` aborts when the hub stops and the grace is over. */
  work(claim: Claim, signal: AbortSignal): Promise<void>;
  extend(claims: Claim[], until: number): Promise<boolean[]>;
  /** When the first lane that is not due by `now` will be, or null. */
  nextReadyAt(now: number): Promise<number | null>;
  /** Instances whose lanes must wait. */
  excluded(): readonly string[];
  log: Log;
}

/** How long a lane waits after the process that held it died without a word. */
const leaseMs = 30_000;
const claimAtMost = 200;
/** The safety net under lost wake-ups. */
const pollMs = 1_000;

/**
 * Keeps lanes moving: claims what is ready, works on as many lanes at once as allowed, keeps their leases alive, and
 * sleeps until woken or due. One lane is never worked on twice at once here; the lease's epoch sees to it elsewhere.
 */
export class LanePump<Claim extends { instanceId: string }> {
  private readonly working = new Map<Claim, Promise<void>>();
  private readonly busy = new Map<string, number>();
  private readonly abort = new AbortController();
  private claiming: Promise<void> | null = null;
  private again = false;
  /** Something was left unclaimed because a limit was reached: the next lane to end claims again. */
  private starved = false;
  private stopped = false;
  private timer: NodeJS.Timeout | null = null;
  private heartbeat: NodeJS.Timeout | null = null;

  constructor(private readonly options: LanePumpOptions<Claim>) {}

  start(): void {
    this.heartbeat = setInterval(() => void this.keepLeases(), leaseMs / 3);
    this.wake();
  }

  get inFlight(): number {
    return this.working.size;
  }

  /** There may be something to claim. Never blocks. */
  wake(): void {
    if (this.stopped) return;
    if (this.claiming) {
      this.again = true;
      return;
    }
    this.claiming = this.claimWhileAny()
      .catch((error: Error) => {
        this.options.log.error(
          { pump: this.options.name, error: error.message },
          'cannot claim work; trying again',
        );
        this.sleep(pollMs);
      })
      .finally(() => {
        this.claiming = null;
        if (this.again) this.wake();
      });
  }

  /** Claims nothing more and waits for what is worked on; after `graceMs` aborts it. Resolves when nothing is left. */
  async stop(graceMs: number): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.claiming;
    const late = setTimeout(() => this.abort.abort(), graceMs);
    await Promise.all(this.working.values());
    clearTimeout(late);
    if (this.heartbeat) clearInterval(this.heartbeat);
  }

  private async claimWhileAny(): Promise<void> {
    do {
      this.again = false;
      const limit = Math.min(this.options.claimAtMost ?? claimAtMost, this.options.limit - this.working.size);
      const full = [...this.busy.keys()].filter((instanceId) => this.atShare(instanceId));
      this.starved = limit <= 0 || full.length > 0;
      if (limit <= 0) return;
      const excludeInstances = [...this.options.excluded(), ...full];
      const now = Date.now();
      const claims = await this.options.claim({ now, leaseMs, limit, excludeInstances });
      for (const claim of claims) this.run(claim);
      if (claims.length === limit) this.again = true;
      else if (claims.length === 0 && !this.again) this.sleepUntil(await this.options.nextReadyAt(now));
      else this.sleep(50);
    } while (this.again && !this.stopped);
  }

  private run(claim: Claim): void {
    this.busy.set(claim.instanceId, (this.busy.get(claim.instanceId) ?? 0) + 1);
    const work = this.options.work(claim, this.abort.signal).finally(() => {
      this.working.delete(claim);
      const left = (this.busy.get(claim.instanceId) ?? 1) - 1;
      if (left === 0) this.busy.delete(claim.instanceId);
      else this.busy.set(claim.instanceId, left);
      if (this.starved) this.wake();
    });
    this.working.set(claim, work);
  }

  private atShare(instanceId: string): boolean {
    return (this.busy.get(instanceId) ?? 0) >= this.options.perInstance;
  }

  private sleepUntil(at: number | null): void {
    this.sleep(at === null ? pollMs : Math.min(pollMs, Math.max(5, at - Date.now())));
  }

  private sleep(ms: number): void {
    if (this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), ms);
  }

  private async keepLeases(): Promise<void> {
    const claims = [...this.working.keys()];
    if (claims.length === 0) return;
    try {
      await this.options.extend(claims, Date.now() + leaseMs);
    } catch (error) {
      this.options.log.warn(
        { pump: this.options.name, error: (error as Error).message },
        'cannot extend leases',
      );
    }
  }
}
