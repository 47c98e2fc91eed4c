import { Injectable } from '@nestjs/common';
import { AccessRules } from '../access/access-rules';
import type { Agent } from '../flow/agent';
import { LanePump } from '../flow/lane-pump';
import { Log } from '../flow/log';
import { MediaLinks } from '../flow/media-links';
import { Metrics } from '../flow/metrics';
import { Wakeups } from '../flow/wakeups';
import { AgentConfigs } from '../instances/agent-configs';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { ReplayJobKind, ReplayResult, ReplayRow } from '../storage/repositories/replays.repository';
import { Replayer } from './replayer';

/** Agents that are asked at once, in all and for one instance: a shadow that hangs does not stop those of others. */
const atOnce = { batch: { limit: 4, perInstance: 4 }, shadow: { limit: 4, perInstance: 3 } };
/** Turns of one instance that wait for its shadow; what is newer is dropped. */
const mostShadows = 1_000;

/**
 * Asks agents about turns that are over, each as a durable job: those of batches, and those of shadow agents, which hold up one another as
 * little as they hold up the chats. Any number of processes share the jobs; a dead one's are taken over.
 */
@Injectable()
export class ReplayJobs {
  private readonly replayer: Replayer;
  private readonly pumps: LanePump<ReplayRow>[];
  /** What this process asks for batches, so that it can hang up. */
  private readonly asking = new Map<ReplayRow, AbortController>();
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly agents: AgentConfigs,
    private readonly wakeups: Wakeups,
    private readonly metrics: Metrics,
    private readonly log: Log,
    accessRules: AccessRules,
    mediaLinks: MediaLinks,
  ) {
    this.replayer = new Replayer(store, accessRules, mediaLinks);
    this.pumps = (['batch', 'shadow'] as const).map((kind) => this.pumpOf(kind));
  }

  async start(): Promise<void> {
    this.unsubscribe = this.wakeups.on('replays', () => this.pumps.forEach((pump) => pump.wake()));
    for (const pump of this.pumps) pump.start();
  }

  /** Hangs up and hands back what is under way: asking again costs nothing but time. */
  async stop(): Promise<void> {
    this.unsubscribe?.();
    await Promise.all(this.pumps.map((pump) => pump.stop(0)));
  }

  /** Stops asking for a batch that is no more. */
  hangUp(batchId: string): void {
    for (const [job, controller] of this.asking) if (job.batchId === batchId) controller.abort();
  }

  /** Keeps the number of turns that wait for a shadow within its bound. */
  async trim(): Promise<void> {
    for (const { instanceId, dropped } of await this.store.replays.trimShadows(mostShadows)) {
      this.metrics.shadowsDropped(dropped);
      this.log.warn(
        { instance: this.instances.byId(instanceId)?.name ?? instanceId, dropped },
        `more than ${mostShadows} turns wait for the shadow agent: the newest are not asked of it`,
      );
    }
  }

  private pumpOf(kind: ReplayJobKind): LanePump<ReplayRow> {
    const { replays } = this.store;
    return new LanePump({
      name: kind === 'batch' ? 'replays' : 'shadows',
      ...atOnce[kind],
      claimAtMost: 1,
      claim: (query) => replays.claim(kind, query),
      work: (job, signal) => this.work(job, signal),
      extend: (jobs, until) => replays.extend(jobs, until),
      nextReadyAt: (now) => replays.nextReadyAt(kind, now),
      excluded: () => [],
      log: this.log,
    });
  }

  private async work(job: ReplayRow, stop: AbortSignal): Promise<void> {
    const controller = new AbortController();
    const onStop = () => controller.abort();
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    this.asking.set(job, controller);
    try {
      await this.attempt(job, controller.signal);
    } catch (error) {
      // The claim runs out and the job is claimed again, here or elsewhere.
      this.log.error(
        { replay: job.id, turn: job.turnId, error: (error as Error).message },
        'a replay could not be written down',
      );
    } finally {
      this.asking.delete(job);
      stop.removeEventListener('abort', onStop);
    }
  }

  private async attempt(job: ReplayRow, signal: AbortSignal): Promise<void> {
    const instance = await this.instanceOf(job);
    const agent = instance && (await this.agentOf(job, instance));
    if (!instance || !agent) return this.store.replays.drop(job);
    try {
      const story = await this.store.turns.story(job.turnId);
      if (!story) return this.store.replays.drop(job);
      const result = await this.replayer.ask(story, { ...instance, agent }, job.id, signal);
      if (result === 'stopped') await this.store.replays.release(job, Date.now());
      else await this.end(job, result);
    } finally {
      if (agent !== instance.agent && agent !== instance.shadow) await agent.close();
    }
  }

  /** Another process may have made the instance, or given it a shadow, a moment ago. */
  private async instanceOf({ instanceId, kind }: ReplayRow): Promise<LiveInstance | undefined> {
    const known = this.instances.byId(instanceId);
    if (known && (kind !== 'shadow' || known.shadow)) return known;
    await this.instances.refresh();
    return this.instances.byId(instanceId);
  }

  /** Whom the job is for; null where nobody is to be asked any more. */
  private async agentOf({ kind, batchId }: ReplayRow, instance: LiveInstance): Promise<Agent | null> {
    if (kind === 'shadow') return instance.shadow;
    const batch = await this.store.replayBatches.get(batchId!);
    if (!batch) return null;
    if (batch.agent === null) return instance.agent;
    const sealed = JSON.parse(batch.agent) as Record<string, unknown>;
    return this.agents.make(this.agents.open(sealed));
  }

  private async end(job: ReplayRow, result: ReplayResult): Promise<void> {
    if (!(await this.store.replays.complete(job, result, Date.now()))) return;
    this.metrics.replay(job.kind, result.agentKind, result.status, result.ms);
    if (result.status !== 'failed') return;
    const { id: replay, turnId: turn, kind } = job;
    this.log.info({ replay, turn, kind, code: result.code, detail: result.detail }, 'a replay has no answer');
  }
}
