import { conclude, type Conclusion } from '../flow/conclusion';
import { beyondEveryId, firstIdAt } from '../flow/ids';
import type { Instances } from '../instances/instances';
import type { Store } from '../storage/open-store';
import type { ListedStory } from '../storage/repositories/listed-stories.repository';
import { toPage, type Page } from '../storage/repositories/page';
import type { EndedIn, IdRange, TracesFilter } from '../storage/repositories/traces.repository';
import { iso } from './views';

/** Which traces; null leaves a question open. Times are when the hub took the messages: from the first on, before the second. */
export interface TracesQuery extends TracesFilter, EndedIn {
  from: number | null;
  to: number | null;
  limit: number;
  cursor: string | null;
}

export interface TraceSummary extends Conclusion {
  messageId: string;
  instance: string;
  /** Null where the instance is gone. */
  channel: string | null;
  chat: { id: string; chatId: string } | null;
  direction: 'in' | 'out';
  type: string;
  at: string;
  storedAt: string;
}

/** So many messages are looked at by one statement, and by one request. */
export interface Reach {
  atOnce: number;
  atMost: number;
}
const reachOfList: Reach = { atOnce: 2_000, atMost: 100_000 };

/** What traces know of instances. */
export type KnownInstances = Pick<Instances, 'byId'>;

/**
 * A page of traces, newest first. It is full, or the end, or ends where `atMost` messages were looked through; the next request
 * goes on from there.
 */
export async function listTraces(
  store: Store,
  instances: KnownInstances,
  query: TracesQuery,
  { atOnce, atMost } = reachOfList,
): Promise<Page<TraceSummary>> {
  const from = firstIdAt(query.from ?? 0);
  const to = query.to === null ? beyondEveryId : firstIdAt(query.to);
  let before = query.cursor !== null && query.cursor < to ? query.cursor : to;
  const found: TraceSummary[] = [];
  for (let looked = 0; looked < atMost; looked += atOnce) {
    const edge = await store.traces.edge({ from, before }, query.chatId, atOnce);
    found.push(...(await within({ from: edge ?? from, before }, query.limit + 1 - found.length)));
    if (found.length > query.limit) return asPage(found, query.limit);
    if (edge === null) return { items: found, nextCursor: null };
    before = edge;
  }
  return { items: found, nextCursor: before };

  /** The newest that fit. What the store cannot tell, the reasons of what is on its way, decides here. */
  async function within(range: IdRange, wanted: number): Promise<TraceSummary[]> {
    const fitting: TraceSummary[] = [];
    const count = query.reason === null ? wanted : Math.max(wanted, 200);
    for (let end = range.before; ; ) {
      const ids = await store.traces.find({ from: range.from, before: end }, query, query, count);
      const traces = await summaries(store, instances, ids);
      fitting.push(...traces.filter((trace) => isAsked(trace, query)));
      if (ids.length < count || fitting.length >= wanted) return fitting.slice(0, wanted);
      end = ids[ids.length - 1];
    }
  }
}

/** What became of these messages, newest first; those that are gone are left out. */
export async function summaries(
  store: Store,
  instances: KnownInstances,
  ids: string[],
): Promise<TraceSummary[]> {
  const stories = await store.listedStories.read(ids);
  return stories.map((story) => toTraceSummary(story, instances));
}

/** What it was at when it was found, it need not be any more. */
const isAsked = (trace: TraceSummary, { outcome, reason }: EndedIn) =>
  (outcome === null || trace.outcome === outcome) && (reason === null || trace.reason === reason);

function toTraceSummary(story: ListedStory, instances: KnownInstances): TraceSummary {
  const { message, chat } = story;
  const instance = instances.byId(message.instanceId);
  return {
    messageId: message.id,
    instance: instance?.name ?? message.instanceId,
    channel: instance?.channel.id ?? null,
    chat: chat && { id: chat.id, chatId: chat.externalId },
    direction: message.direction,
    type: message.type,
    at: iso(message.at || message.receivedAt),
    storedAt: iso(message.receivedAt),
    ...conclude(story, instance),
  };
}

function asPage(found: TraceSummary[], limit: number): Page<TraceSummary> {
  const { nextCursor } = toPage(
    found.map(({ messageId }) => ({ id: messageId })),
    limit,
  );
  return { items: found.slice(0, limit), nextCursor };
}
