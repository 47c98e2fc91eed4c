import { firstIdAt, timeOfId } from '../flow/ids';
import type { Store } from '../storage/open-store';
import type { TracesFilter } from '../storage/repositories/traces.repository';
import {
  sumOf,
  TraceTally,
  type AgentTally,
  type CountsByDirection,
  type ReasonTally,
  type Stage,
  type Distribution,
} from './trace-analytics';
import { summaries, type KnownInstances, type Reach } from './trace-list';
import { iso } from './views';

/** A reason with a sentence of it: that of the newest message that has it. */
export interface ReasonView extends ReasonTally {
  because: string;
}

export interface InstanceCounts extends CountsByDirection {
  instance: string;
  /** Null where the instance is gone. */
  channel: string | null;
}

export interface ChannelCounts extends CountsByDirection {
  channel: string | null;
}

export interface TraceReport {
  from: string;
  to: string;
  /** What the figures are about: everything, or no more than the newest messages of the time. */
  covers: { from: string; messages: number; complete: boolean };
  outcomes: CountsByDirection;
  channels: ChannelCounts[];
  instances: InstanceCounts[];
  silence: ReasonView[];
  failures: ReasonView[];
  agents: AgentTally[];
  timings: Record<Stage, Distribution>;
}

const reachOfReport: Reach = { atOnce: 1_000, atMost: 100_000 };

/** The figures of the messages that came or were said from one time on and before another. */
export async function reportTraces(
  store: Store,
  instances: KnownInstances,
  instanceId: string | null,
  from: number,
  to: number,
  { atOnce, atMost } = reachOfReport,
): Promise<TraceReport> {
  const filter: TracesFilter = { instanceId, chatId: null, direction: null };
  const tally = new TraceTally();
  const first = firstIdAt(from);
  let before: string | null = firstIdAt(to);
  let coveredFrom = from;
  for (let looked = 0; looked < atMost && before !== null; looked += atOnce) {
    const edge: string | null = await store.traces.edge({ from: first, before }, null, atOnce);
    for (const facts of await store.traces.facts({ from: edge ?? first, before }, filter)) tally.add(facts);
    if (edge !== null) coveredFrom = timeOfId(edge);
    before = edge;
  }
  const complete = before === null;
  const { messages, outcomes, agents, timings, ...figures } = tally.figures();
  const counted = toInstanceCounts(figures.instances, instances);
  return {
    from: iso(from),
    to: iso(to),
    covers: { from: iso(complete ? from : coveredFrom), messages, complete },
    outcomes,
    channels: byChannel(counted),
    instances: counted,
    silence: await explained(figures.silence, store, instances),
    failures: await explained(figures.failures, store, instances),
    agents,
    timings,
  };
}

function toInstanceCounts(
  counts: ReadonlyMap<string, CountsByDirection>,
  instances: KnownInstances,
): InstanceCounts[] {
  return [...counts].map(([id, count]) => {
    const instance = instances.byId(id);
    return { instance: instance?.name ?? id, channel: instance?.channel.id ?? null, ...count };
  });
}

function byChannel(counts: InstanceCounts[]): ChannelCounts[] {
  const channels = [...new Set(counts.map(({ channel }) => channel))];
  return channels.map((channel) => ({
    channel,
    ...sumOf(counts.filter((count) => count.channel === channel)),
  }));
}

async function explained(
  reasons: ReasonTally[],
  store: Store,
  instances: KnownInstances,
): Promise<ReasonView[]> {
  const traces = await summaries(
    store,
    instances,
    reasons.map(({ messageId }) => messageId),
  );
  const sentences = new Map(traces.map(({ messageId, because }) => [messageId, because]));
  return reasons.map((tally) => ({ ...tally, because: sentences.get(tally.messageId) ?? tally.reason }));
}
