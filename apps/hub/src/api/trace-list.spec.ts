import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveInstance } from '../instances/live-instance';
import { openStore, type Store } from '../storage/open-store';
import { claimAt, completion, event, now } from '../storage/testing/samples';
import { sampleInstance } from '../testing/samples';
import { assembleTrace } from './trace';
import { listTraces, type TracesQuery, type TraceSummary } from './trace-list';
import { reportTraces } from './trace-report';

const everything: TracesQuery = {
  ...{ instanceId: null, chatId: null, direction: null, outcome: null, reason: null },
  ...{ from: null, to: null, limit: 200, cursor: null },
};
const statuses = [
  'answered',
  'silent',
  'answered',
  'answered',
  'answered',
  'failed',
  'retrying',
  null,
] as const;

describe('the list of traces', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omni-traces-'));
  const instance = sampleInstance();
  const instances = { byId: (id: string) => (id === instance.id ? instance : undefined) };
  const began = Date.now();
  let store: Store;
  /** Newest first. */
  let all: TraceSummary[];

  /** Forty messages, each in a chat of its own, of which every eighth waits for its first turn. */
  beforeAll(async () => {
    store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
    for (let index = 0; index < 40; index++) {
      await store.hot.ingest(event(`chat ${index}`, { instanceId: instance.id }));
      const status = statuses[index % statuses.length];
      if (status === null) continue;
      const [turn] = await store.hot.claimTurns(claimAt(now + 1_000 + index * 60_000, { limit: 1 }));
      const decision = { messageId: turn.messages[0].id, gate: 'groups', verdict: 'stop', change: null };
      const decisions = [{ ...decision, reason: 'group_not_mentioned', detail: 'nobody mentioned it' }];
      const trace = JSON.stringify({ decisions, agent: [] });
      const retryAt = status === 'retrying' ? now + 1e12 : null;
      await store.hot.completeTurn(completion(turn, { turn: { status, trace }, retryAt }));
    }
    all = (await listTraces(store, instances, everything)).items;
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('says of each what its own trace says', async () => {
    expect(all).toHaveLength(40);
    for (const { messageId, outcome, because, reason } of all) {
      const trace = assembleTrace((await store.messages.story(messageId))!, instance);
      expect(trace).toMatchObject({ messageId, outcome, because, reason });
    }
  });

  it('reads page by page to the end, whatever is asked for and however far a request looks: each once, in order', async () => {
    const asked = fc.record({
      outcome: fc.constantFrom(null, 'answered', 'silent', 'failed', 'waiting', 'held'),
      reason: fc.constantFrom(null, 'group_not_mentioned', 'turn_not_begun', 'agent_retried'),
      limit: fc.integer({ min: 1, max: 9 }),
      atOnce: fc.integer({ min: 1, max: 12 }),
      pieces: fc.integer({ min: 1, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ outcome, reason, limit, atOnce, pieces }) => {
        const reach = { atOnce, atMost: atOnce * pieces };
        const found: TraceSummary[] = [];
        let requests = 0;
        for (let cursor: string | null = null; ; ) {
          const query = { ...everything, outcome, reason, limit, cursor };
          const page = await listTraces(store, instances, query, reach);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          found.push(...page.items);
          requests++;
          if (page.nextCursor === null) break;
          cursor = page.nextCursor;
        }
        expect(found).toEqual(
          all.filter(
            (one) =>
              (outcome === null || one.outcome === outcome) && (reason === null || one.reason === reason),
          ),
        );
        expect(requests).toBeLessThanOrEqual(
          Math.ceil(found.length / limit) + Math.ceil(40 / reach.atMost) + 1,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('fills a page where a request looks as far as it does in a hub', async () => {
    const page = await listTraces(store, instances, { ...everything, outcome: 'failed', limit: 3 });
    expect([page.items.length, page.nextCursor]).toEqual([3, page.items[2].messageId]);
    const rest = await listTraces(store, instances, {
      ...everything,
      ...{ outcome: 'failed', limit: 3, cursor: page.nextCursor },
    });
    expect([rest.items.length, rest.nextCursor]).toEqual([2, null]);
  });

  it('tells of an instance that is paused, and of one that is gone', async () => {
    const waiting: TracesQuery = { ...everything, outcome: 'waiting', reason: null, limit: 1 };
    const paused: LiveInstance = {
      ...instance,
      paused: { code: 'UNAUTHORIZED', reason: 'the token was revoked' },
    };
    const [held] = (await listTraces(store, { byId: () => paused }, waiting)).items;
    expect(held).toMatchObject({
      ...{ instance: instance.name, reason: 'instance_paused' },
      because: 'the instance is paused: the token was revoked',
    });
    const [gone] = (await listTraces(store, { byId: () => undefined }, waiting)).items;
    expect(gone).toMatchObject({ instance: instance.id, channel: null, reason: 'instance_not_loaded' });
  });

  describe('in figures', () => {
    const report = (reach?: { atOnce: number; atMost: number }) =>
      reportTraces(store, instances, null, began - 60_000, Date.now() + 60_000, reach);

    it('counts what the list lists', async () => {
      const {
        covers,
        outcomes,
        instances: each,
        channels,
        silence,
      } = await report({ atOnce: 7, atMost: 700 });
      const counted: Record<string, number> = {};
      for (const { outcome } of all) counted[outcome] = (counted[outcome] ?? 0) + 1;
      expect([covers.messages, covers.complete]).toEqual([40, true]);
      expect(outcomes).toEqual({ in: counted, out: {} });
      expect(each).toEqual([{ instance: instance.name, channel: instance.channel.id, ...outcomes }]);
      expect(channels).toEqual([{ channel: instance.channel.id, ...outcomes }]);
      const newest = all.find(({ outcome }) => outcome === 'silent')!;
      expect(silence).toEqual([
        {
          ...{ reason: 'group_not_mentioned', in: 5, out: 0 },
          ...{ messageId: newest.messageId, because: 'nobody mentioned it' },
        },
      ]);
    });

    it('says where it ends, if there is more than it counts at once', async () => {
      const { covers, outcomes } = await report({ atOnce: 5, atMost: 10 });
      expect([covers.messages, covers.complete]).toEqual([10, false]);
      expect(Object.values(outcomes.in).reduce((sum, count) => sum + count, 0)).toBe(10);
      expect(Date.parse(covers.from)).toBeGreaterThanOrEqual(began);
    });
  });
});
