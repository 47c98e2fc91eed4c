import type { TraceFacts } from '../storage/repositories/traces.repository';

/** How many, by a word: only what there is any of. */
export type Counts = Record<string, number>;

/** Messages from people, and messages to them. */
export interface CountsByDirection {
  in: Counts;
  out: Counts;
}

/** A reason, on how many messages of each direction it was found, and the newest of those. */
export interface ReasonTally {
  reason: string;
  in: number;
  out: number;
  messageId: string;
}

/** What became of the turns about which an agent of this kind was asked. */
export interface AgentTally {
  kind: string;
  turns: number;
  statuses: Counts;
}

/** Milliseconds; null where nothing was measured. */
export interface Distribution {
  count: number;
  p50: number | null;
  p90: number | null;
  p99: number | null;
  max: number | null;
}

export const stages = ['waitedMs', 'agentMs', 'outboxMs', 'totalMs'] as const;
export type Stage = (typeof stages)[number];

export interface TraceFigures {
  messages: number;
  outcomes: CountsByDirection;
  /** By the instance's id. */
  instances: ReadonlyMap<string, CountsByDirection>;
  /** The most frequent first, as of failures and agents too. */
  silence: ReasonTally[];
  failures: ReasonTally[];
  agents: AgentTally[];
  timings: Record<Stage, Distribution>;
}

const failed = ['failed', 'dead', 'held', 'unacknowledged'];
/** Codes of platforms are theirs to choose: a list of them ends somewhere. */
const reasonsShown = 50;

/** Adds up what was measured of messages, which are given newest first. Pure but for what it was given. */
export class TraceTally {
  private messages = 0;
  private readonly outcomes = noCounts();
  private readonly instances = new Map<string, CountsByDirection>();
  private readonly silence = new Map<string, ReasonTally>();
  private readonly failures = new Map<string, ReasonTally>();
  private readonly agents = new Map<string, AgentTally>();
  private readonly times: Record<Stage, number[]> = { waitedMs: [], agentMs: [], outboxMs: [], totalMs: [] };

  add(facts: TraceFacts): void {
    const { instanceId, direction, outcome, agentKind } = facts;
    this.messages++;
    increase(this.outcomes[direction], outcome);
    increase(entry(this.instances, instanceId, noCounts)[direction], outcome);
    if (outcome === 'silent') countReason(this.silence, facts);
    if (failed.includes(outcome)) countReason(this.failures, facts);
    if (agentKind !== null) this.countTurn(agentKind, facts.turnStatus!);
    for (const stage of stages) {
      const ms = facts[stage];
      if (ms !== null) this.times[stage].push(Math.max(0, ms));
    }
  }

  figures(): TraceFigures {
    const { messages, outcomes, instances, times } = this;
    return {
      ...{ messages, outcomes, instances },
      silence: mostFrequent(this.silence),
      failures: mostFrequent(this.failures),
      agents: [...this.agents.values()].sort((a, b) => b.turns - a.turns),
      timings: {
        waitedMs: distribution(times.waitedMs),
        agentMs: distribution(times.agentMs),
        outboxMs: distribution(times.outboxMs),
        totalMs: distribution(times.totalMs),
      },
    };
  }

  private countTurn(kind: string, status: string): void {
    const tally = entry(this.agents, kind, () => ({ kind, turns: 0, statuses: {} }));
    tally.turns++;
    increase(tally.statuses, status);
  }
}

/** The smallest of the values that so many of them do not exceed. */
export function distribution(values: readonly number[]): Distribution {
  const sorted = Float64Array.from(values).sort();
  const at = (part: number) =>
    sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** Both directions of several counts together. */
export function sumOf(all: readonly CountsByDirection[]): CountsByDirection {
  const sum = noCounts();
  for (const one of all)
    for (const direction of ['in', 'out'] as const)
      for (const [word, count] of Object.entries(one[direction])) increase(sum[direction], word, count);
  return sum;
}

function countReason(
  reasons: Map<string, ReasonTally>,
  { id, direction, outcome, reason: code }: TraceFacts,
): void {
  const reason = code ?? outcome;
  entry(reasons, reason, () => ({ reason, in: 0, out: 0, messageId: id }))[direction]++;
}

const mostFrequent = (reasons: Map<string, ReasonTally>) =>
  [...reasons.values()].sort((a, b) => b.in + b.out - (a.in + a.out)).slice(0, reasonsShown);

const noCounts = (): CountsByDirection => ({ in: {}, out: {} });

const increase = (counts: Counts, word: string, by = 1) => void (counts[word] = (counts[word] ?? 0) + by);

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
