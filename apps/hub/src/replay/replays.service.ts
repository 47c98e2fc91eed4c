import { Injectable } from '@nestjs/common';
import type { Content } from '@omni-hub/contracts';
import { AccessRules } from '../access/access-rules';
import { newId } from '../flow/ids';
import { MediaLinks } from '../flow/media-links';
import { Metrics } from '../flow/metrics';
import { Problem } from '../flow/problem';
import { Replays, type ReplayOrder } from '../flow/replays';
import { askedAgain, showContent, type ShownContent } from '../flow/turn-story';
import { Wakeups } from '../flow/wakeups';
import { AgentConfigs } from '../instances/agent-configs';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { ReplayResult, ReplayRow } from '../storage/repositories/replays.repository';
import type { TurnStory } from '../storage/repositories/turns.repository';
import { saysTheSame } from './compare';
import { ReplayJobs } from './replay-jobs';
import { Replayer } from './replayer';

/** Callers that wait for an agent at once. */
const atOnce = 8;
/** As many messages as an agent may answer at once. */
const mostMessages = 20;

const stopped: ReplayResult = {
  status: 'failed',
  agentKind: null,
  content: '[]',
  code: 'AGENT_STOPPED',
  detail: 'nobody waited for the answer any more, or the hub stopped: replay the turn again',
  ms: null,
  originalMs: null,
  originalStatus: null,
  same: false,
};

/** What operators do with turns that are over. */
@Injectable()
export class ReplaysService implements Replays {
  private readonly replayer: Replayer;
  private readonly stopping = new AbortController();
  private open = 0;

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly agents: AgentConfigs,
    private readonly jobs: ReplayJobs,
    private readonly wakeups: Wakeups,
    private readonly metrics: Metrics,
    accessRules: AccessRules,
    mediaLinks: MediaLinks,
  ) {
    this.replayer = new Replayer(store, accessRules, mediaLinks);
  }

  /** Hangs up on the agents that callers wait for. */
  stop(): void {
    this.stopping.abort();
  }

  async replay(turnId: string, agent: ReplayOrder['agent'], signal: AbortSignal) {
    const story = await this.store.turns.story(turnId);
    if (!story) throw Problem.notFound('turn', turnId);
    const refusal = askedAgain(story);
    if (typeof refusal === 'string') throw new Problem(409, 'NOT_REPLAYABLE', refusal);
    const instance = this.instances.byId(story.turn.instanceId);
    if (!instance) throw new Problem(409, 'NOT_REPLAYABLE', 'the turn’s instance is not loaded');
    this.requireRight(agent);
    if (this.open >= atOnce) {
      const detail = `${atOnce} replays are waited for already: come again, or start a batch`;
      throw new Problem(503, 'OVERLOADED', detail, undefined, 5);
    }
    this.open++;
    try {
      return { story, replay: await this.ask(story, instance, agent, signal) };
    } finally {
      this.open--;
    }
  }

  async start(order: ReplayOrder): Promise<{ id: string; total: number }> {
    const { agent, limit, from, to, status } = order;
    const instance = this.instances.byName(order.instance);
    if (!instance) throw Problem.notFound('instance', order.instance);
    this.requireRight(agent);
    const chatId = order.chatId && (await this.store.turns.chatId(instance.id, order.chatId));
    if (order.chatId && !chatId) throw Problem.notFound('chat', order.chatId);
    const filter = { chatId, status, from, to };
    const turnIds = await this.store.turns.finished(
      { ...filter, instanceId: instance.id, agentKind: null },
      limit,
    );
    const id = newId();
    await this.store.replayBatches.add(
      {
        id,
        instanceId: instance.id,
        agent: agent && JSON.stringify(this.agents.seal(agent)),
        filter: JSON.stringify({ ...filter, limit }),
        createdAt: Date.now(),
      },
      turnIds,
    );
    this.wakeups.wake('replays');
    return { id, total: turnIds.length };
  }

  async cancel(id: string): Promise<boolean> {
    const removed = await this.store.replayBatches.remove(id);
    this.jobs.hangUp(id);
    return removed;
  }

  async hear(turnId: string, content: Content): Promise<boolean> {
    const replay = await this.store.replays.hear(turnId, showContent(content), mostMessages);
    if (!replay) return false;
    const story = await this.store.turns.story(replay.turnId);
    if (!story || replay.status !== 'answered') return true;
    const said = JSON.parse(replay.content) as ShownContent[];
    const same = await saysTheSame(this.store, story, replay.status, said);
    await this.store.replays.compare(replay.id, same);
    return true;
  }

  private async ask(
    story: TurnStory,
    instance: LiveInstance,
    config: ReplayOrder['agent'],
    signal: AbortSignal,
  ): Promise<ReplayRow> {
    const { id: turnId, instanceId } = story.turn;
    const id = newId();
    await this.store.replays.begin({ id, instanceId, turnId }, Date.now());
    const agent = config ? this.agents.make(config) : instance.agent;
    try {
      const either = AbortSignal.any([signal, this.stopping.signal]);
      const result = await this.replayer.ask(story, { ...instance, agent }, id, either);
      const known = result === 'stopped' ? { ...stopped, agentKind: agent.kind } : result;
      await this.store.replays.finish(id, known, Date.now());
      this.metrics.replay('single', agent.kind, known.status, known.ms);
    } finally {
      if (config) await agent.close();
    }
    return (await this.store.replays.get(id))!;
  }

  private requireRight(agent: ReplayOrder['agent']): void {
    const problems = agent ? this.agents.problemsAlone(agent, 'agent') : [];
    if (problems.length > 0) throw Problem.fields(problems);
  }
}
