import { Injectable } from '@nestjs/common';
import { AccessRules } from './access/access-rules';
import { ListenersService } from './channels/listeners.service';
import { HubConfig } from './config/hub.config';
import { newId } from './flow/ids';
import { Log } from './flow/log';
import { Pacer } from './flow/pacer';
import { Wakeups } from './flow/wakeups';
import { Readiness } from './health/readiness';
import { InstanceStates } from './instances/instance-states';
import { Instances } from './instances/instances';
import { MediaSweeper } from './media/media-sweeper';
import { MediaService } from './media/media.service';
import { TranscriptsService } from './media/transcripts.service';
import { OutboxService } from './outbox/outbox.service';
import { OutgoingService } from './outbox/outgoing.service';
import { ReplayJobs } from './replay/replay-jobs';
import { ReplaysService } from './replay/replays.service';
import { RouterService } from './router/router.service';
import { Store } from './storage/open-store';

const heartbeatMs = 5_000;
const sweepMs = 60_000;
/** Together with the rest of a stop well within ten seconds, after which orchestrators kill. */
const graceMs = 7_000;

/** Starts the stages in order and stops them in the other, and does what has to be done now and then. */
@Injectable()
export class Lifecycle {
  private readonly replica = newId();
  private readonly timers: NodeJS.Timeout[] = [];
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly config: HubConfig,
    private readonly store: Store,
    private readonly wakeups: Wakeups,
    private readonly instances: Instances,
    private readonly states: InstanceStates,
    private readonly accessRules: AccessRules,
    private readonly listeners: ListenersService,
    private readonly router: RouterService,
    private readonly outbox: OutboxService,
    private readonly outgoing: OutgoingService,
    private readonly media: MediaService,
    private readonly mediaSweeper: MediaSweeper,
    private readonly transcripts: TranscriptsService,
    private readonly pacer: Pacer,
    private readonly replayJobs: ReplayJobs,
    private readonly replays: ReplaysService,
    private readonly readiness: Readiness,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    await this.states.start();
    await this.instances.start();
    await this.accessRules.start();
    this.unsubscribe = this.store.onHint((work) => this.wakeups.wake(work));
    await this.mediaSweeper.start();
    this.every(sweepMs, 'the sweep of the media folder', () => this.mediaSweeper.sweep());
    if (this.config.roles.includes('worker')) {
      await this.store.join();
      await this.beat();
      this.outbox.start();
      await this.media.start();
      await this.transcripts.start();
      await this.replayJobs.start();
      this.router.start();
      this.listeners.start();
      this.every(1_000, 'scheduled messages', () => this.outgoing.releaseDue(Date.now()));
      this.every(1_000, 'the watch over acknowledgements', () => this.outbox.giveUpWaiting(Date.now()));
      this.every(1_000, 'the bound of shadow agents', () => this.replayJobs.trim());
      this.every(heartbeatMs, 'the heartbeat', () => this.beat());
      this.every(sweepMs, 'the retention sweep', () => this.sweep());
    }
    this.readiness.stages = 'ok';
  }

  /** Takes nothing new, finishes or hands back what was claimed, closes the store. */
  async stop(): Promise<void> {
    this.readiness.stages = 'stopping';
    for (const timer of this.timers) clearInterval(timer);
    this.unsubscribe?.();
    this.replays.stop();
    await this.listeners.stop();
    await Promise.all([this.router.stop(graceMs), this.outbox.stop(graceMs)]);
    await Promise.all([this.media.stop(), this.transcripts.stop(), this.replayJobs.stop()]);
    await this.mediaSweeper.stop();
    await this.store.leases.leave(this.replica).catch(() => undefined);
    await this.instances.stop();
    this.states.stop();
    this.accessRules.stop();
    await this.store.close();
  }

  /** The platforms' limits are for an account, not for a process: the processes that send share them. */
  private async beat(): Promise<void> {
    this.pacer.shares = Math.max(1, await this.store.leases.beat(this.replica, heartbeatMs * 3));
  }

  private async sweep(): Promise<void> {
    const before = Date.now() - this.config.retentionDays * 86_400_000;
    await this.store.deliveryStatus.sweep(Date.now());
    const removed = await this.store.retention.sweep(before);
    if (removed > 0) this.log.info({ removed }, 'old rows were swept');
  }

  private every(ms: number, what: string, work: () => Promise<void>): void {
    let running = false;
    const timer = setInterval(() => {
      if (running) return;
      running = true;
      work()
        .catch((error: Error) => this.log.warn({ error: error.message }, `${what} failed; trying again`))
        .finally(() => (running = false));
    }, ms);
    this.timers.push(timer);
  }
}
