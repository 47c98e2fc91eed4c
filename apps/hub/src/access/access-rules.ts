import { Injectable } from '@nestjs/common';
import { Log } from '../flow/log';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import { RuleSet, type AccessRule } from './rule-set';

/** A rule that another process made or deleted is seen at the latest after this. */
const refreshMs = 2_000;

/** The access rules in memory: the hot path asks the database for none. */
@Injectable()
export class AccessRules {
  private rules: readonly AccessRule[] = [];
  private sets = new Map<string, RuleSet | null>();
  private version = '';
  private refreshing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: Store,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => {
      this.refresh().catch((error: Error) =>
        this.log.warn({ error: error.message }, 'the access rules could not be read'),
      );
    }, refreshMs);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  all(): readonly AccessRule[] {
    return this.rules;
  }

  /** The rules that concern an instance, its own and those of all; null where there is none. */
  of({ id, channel }: LiveInstance): RuleSet | null {
    if (this.rules.length === 0) return null;
    let set = this.sets.get(id);
    if (set === undefined) {
      const concerning = this.rules.filter(({ instanceId }) => instanceId === null || instanceId === id);
      set = concerning.length > 0 ? new RuleSet(concerning, channel) : null;
      this.sets.set(id, set);
    }
    return set;
  }

  /** Loads what has changed. Called at once for this process's own changes; one at a time, so that the newest stays. */
  refresh(): Promise<void> {
    this.refreshing = this.refreshing.catch(() => undefined).then(() => this.load());
    return this.refreshing;
  }

  private async load(): Promise<void> {
    const version = await this.store.accessRules.version();
    if (version === this.version) return;
    this.rules = await this.store.accessRules.all();
    this.sets = new Map();
    this.version = version;
  }
}
