import { v7 } from 'uuid';
import { newId } from '../../../flow/ids';
import type { ReplayJobKind, ReplayResult } from '../../repositories/replays.repository';
import { claimAt, completion, event, now } from '../samples';
import type { SuiteContext } from '../store.suite';

const day = 86_400_000;
const leaseMs = 30_000;

const result = (changes: Partial<ReplayResult> = {}): ReplayResult => ({
  status: 'answered',
  agentKind: 'http',
  content: '[{"type":"text","text":"hi"}]',
  code: null,
  detail: null,
  ms: 10,
  originalMs: 20,
  originalStatus: 'answered',
  same: true,
  ...changes,
});

export function describeReplays({ store }: SuiteContext): void {
  const replays = () => store().replays;
  const claim = (kind: ReplayJobKind, at: number, changes = {}) =>
    replays().claim(kind, claimAt(at, { leaseMs, ...changes }));
  const addBatch = async (turnIds: string[], changes = {}) => {
    const batch = {
      ...{ id: newId(), instanceId: 'i1', agent: null, filter: '{}', createdAt: now },
      ...changes,
    };
    await store().replayBatches.add(batch, turnIds);
    return batch.id;
  };
  const ids = (count: number) => Array.from({ length: count }, newId);
  /** Ends a turn, which leaves its shadow a job. */
  const shadowed = async (shadow: string | null = newId(), chat: string = newId()) => {
    await store().hot.ingest(event(chat));
    const [turn] = await store().hot.claimTurns(claimAt(now));
    return { turn, ended: await store().hot.completeTurn(completion(turn, { shadow })) };
  };

  describe('turns that are asked again', () => {
    it('one by one are no jobs, and say why they have no answer until they have', async () => {
      const replay = { id: newId(), instanceId: 'i1', turnId: newId() };
      await replays().begin(replay, now);
      expect(await replays().get(replay.id)).toMatchObject({
        ...replay,
        ...{ kind: 'single', status: 'failed', code: 'AGENT_STOPPED', readyAt: null },
      });
      expect([...(await claim('batch', now)), ...(await claim('shadow', now))]).toEqual([]);
      await replays().finish(replay.id, result(), now + 5);
      expect(await replays().ofTurn(replay.turnId, 5)).toMatchObject([
        { status: 'answered', code: null, detail: null, same: 1, finishedAt: now + 5 },
      ]);
    });

    it('as a batch are a job each, in order, in any number', async () => {
      const turnIds = ids(1_200);
      const id = await addBatch(turnIds);
      expect(await store().replayBatches.get(id)).toMatchObject({ instanceId: 'i1' });
      const claimed = await claim('batch', now, { limit: 3 });
      expect(claimed.map(({ turnId }) => turnId)).toEqual(turnIds.slice(0, 3));
      expect((await store().stats.read(now)).replays).toBe(1_200);
    });

    it('are claimed by one process at a time', async () => {
      await addBatch(ids(6));
      const claims = (await Promise.all([1, 2, 3].map(() => claim('batch', now, { limit: 4 })))).flat();
      claims.push(...(await claim('batch', now)));
      expect([claims.length, new Set(claims.map(({ id }) => id)).size]).toEqual([6, 6]);
    });

    it('leave the other kind and excluded instances alone', async () => {
      await addBatch(ids(1));
      expect(await claim('shadow', now)).toEqual([]);
      expect(await claim('batch', now, { excludeInstances: ['i1'] })).toEqual([]);
      expect(await claim('batch', now - 1)).toEqual([]);
      expect(await replays().nextReadyAt('batch', now - 1)).toBe(now);
      expect(await replays().nextReadyAt('shadow', now - 1)).toBeNull();
    });

    it('are taken over when a claim ran out, and who lost it writes nothing', async () => {
      await addBatch(ids(1));
      const [lost] = await claim('batch', now);
      expect(await replays().extend([lost], now + 2 * leaseMs)).toEqual([true]);
      expect(await claim('batch', now + leaseMs)).toEqual([]);
      const [held] = await claim('batch', now + 2 * leaseMs);
      expect([
        await replays().complete(lost, result(), now),
        await replays().release(lost, now),
        ...(await replays().extend([lost], now)),
      ]).toEqual([false, false, false]);
      await replays().drop(lost);
      expect(await replays().complete(held, result(), now)).toBe(true);
      expect(await replays().complete(held, result({ status: 'failed' }), now)).toBe(false);
      expect(await replays().get(held.id)).toMatchObject({ status: 'answered', readyAt: null });
    });

    it('are handed back, or dropped', async () => {
      await addBatch(ids(1));
      const [held] = await claim('batch', now);
      expect(await replays().release(held, now)).toBe(true);
      const [again] = await claim('batch', now);
      await replays().drop(again);
      expect(await replays().get(again.id)).toBeNull();
    });
  });

  describe('an answer that comes later to a replay', () => {
    const begun = async () => {
      const id = newId();
      await replays().begin({ id, instanceId: 'i1', turnId: newId() }, now);
      return id;
    };
    const words = async (id: string) => JSON.parse((await replays().get(id))!.content) as unknown[];

    it('is kept with it, also where it comes before the agent said that it would', async () => {
      const id = await begun();
      await replays().hear(id, { text: 'early' }, 20);
      await replays().finish(id, result({ status: 'deferred', content: '[]' }), now);
      expect(await replays().get(id)).toMatchObject({ status: 'answered' });
      await replays().hear(id, { text: 'late' }, 20);
      expect(await words(id)).toEqual([{ text: 'early' }, { text: 'late' }]);
    });

    it('ends the wait for it, and may make both sides the same', async () => {
      const id = await begun();
      await replays().finish(id, result({ status: 'deferred', content: '[]', same: false }), now);
      expect(await replays().get(id)).toMatchObject({ status: 'deferred', same: 0 });
      expect(await replays().hear(id, { text: 'late' }, 20)).toMatchObject({ status: 'answered' });
      await replays().compare(id, true);
      expect(await replays().get(id)).toMatchObject({ same: 1 });
    });

    it('may be several at once, up to a number, and is nobody’s without a replay', async () => {
      const id = await begun();
      await Promise.all(['a', 'b', 'c'].map((text) => replays().hear(id, { text }, 2)));
      expect(await words(id)).toHaveLength(2);
      expect(await replays().hear('unknown', { text: 'a' }, 2)).toBeNull();
    });
  });

  describe('batches', () => {
    it('are listed newest first, of one instance or all', async () => {
      const [one, two] = [await addBatch([]), await addBatch([], { instanceId: 'i2' })];
      const list = async (instanceId: string | null) =>
        (await store().replayBatches.list({ instanceId, limit: 10, cursor: null })).items.map(({ id }) => id);
      expect([await list(null), await list('i1')]).toEqual([[two, one], [one]]);
    });

    it('are removed with their jobs, and what is being asked is written down no more', async () => {
      const id = await addBatch(ids(3));
      const other = await addBatch(ids(1));
      const [held] = await claim('batch', now, { limit: 1 });
      expect(await store().replayBatches.remove(id)).toBe(true);
      expect(await store().replayBatches.remove(id)).toBe(false);
      expect(await replays().complete(held, result(), now)).toBe(false);
      expect((await claim('batch', now)).map(({ batchId }) => batchId)).toEqual([other]);
    });
  });

  describe('a shadow’s job', () => {
    it('is committed with the end of its turn, and with nothing else', async () => {
      const { turn } = await shadowed('r1');
      await shadowed(null);
      expect(await claim('shadow', now)).toMatchObject([
        { id: 'r1', kind: 'shadow', batchId: null, turnId: turn.turnId, status: 'pending', content: '[]' },
      ]);
      const lost = completion({ ...turn, epoch: turn.epoch + 1 }, { shadow: 'r2' });
      expect(await store().hot.completeTurn(lost)).toBe(false);
      expect(await replays().get('r2')).toBeNull();
    });

    it('is one of so many of an instance that may wait: the newest beyond that are dropped', async () => {
      const shadows = ids(5);
      for (const id of shadows) await shadowed(id);
      await claim('shadow', now, { limit: 1 });
      expect(await replays().trimShadows(5)).toEqual([]);
      expect(await replays().trimShadows(3)).toEqual([{ instanceId: 'i1', dropped: 2 }]);
      expect((await claim('shadow', now)).map(({ id }) => id)).toEqual(shadows.slice(1, 3));
    });
  });

  describe('a report', () => {
    const finish = async (changes: Partial<ReplayResult>) => {
      const [job] = await claim('batch', now, { limit: 1 });
      await replays().complete(job, result(changes), now);
    };

    it('counts how both sides ended, what is the same, and how long they took', async () => {
      const batchId = await addBatch(ids(5));
      for (const ms of [1, 2, 3]) await finish({ ms, originalMs: ms * 10, same: ms > 1 });
      await finish({ status: 'failed', ms: null, originalMs: 40, originalStatus: 'silent', same: false });
      expect(await store().replayReports.read({ batchId })).toEqual({
        total: 5,
        replay: { pending: 1, answered: 3, failed: 1 },
        original: { answered: 3, silent: 1 },
        same: 2,
        different: 2,
        ms: { original: { p50: 20, p95: 40 }, replay: { p50: 2, p95: 3 } },
      });
    });

    it('lists them page by page, and nothing that is long', async () => {
      const turnIds = ids(3);
      const batchId = await addBatch(turnIds);
      await finish({ content: JSON.stringify([{ text: 'A'.repeat(300_000) }]) });
      const page = await store().replayReports.list({ batchId }, 2, null);
      expect(page.items.map(({ turnId }) => turnId)).toEqual([turnIds[2], turnIds[1]]);
      const rest = await store().replayReports.list({ batchId }, 2, page.nextCursor);
      expect([rest.items, rest.nextCursor]).toMatchObject([[{ turnId: turnIds[0], content: null }], null]);
    });

    it('of nothing is empty', async () => {
      const none = { p50: null, p95: null };
      expect(await store().replayReports.read({ batchId: 'unknown' })).toMatchObject({
        total: 0,
        ms: { original: none, replay: none },
      });
    });

    it('of a shadow is that of its instance, by when the turns began', async () => {
      const { turn } = await shadowed('r1');
      await addBatch([turn.turnId]);
      const read = async (from: number | null, to: number | null, shadowOf = 'i1') =>
        (await store().replayReports.read({ shadowOf, from, to })).total;
      const began = Date.now();
      expect([
        await read(null, null),
        await read(began - 60_000, began + 60_000),
        await read(began + 60_000, null),
        await read(null, began - 60_000),
        await read(null, null, 'i2'),
      ]).toEqual([1, 1, 0, 0, 0]);
    });
  });

  it('replays are swept with their turns, and batches when they are as old', async () => {
    const old = v7({ msecs: Date.now() - 30 * day });
    const gone = await addBatch([old], { id: v7({ msecs: Date.now() - 30 * day }) });
    const kept = await addBatch([old, newId()]);
    await store().retention.sweep(Date.now() - 10 * day);
    expect(await store().replayBatches.get(gone)).toBeNull();
    expect((await store().replayReports.read({ batchId: kept })).total).toBe(1);
  });

  it('replays and batches go with their instance', async () => {
    const mine = await addBatch(ids(2));
    const other = await addBatch(ids(1), { instanceId: 'i2' });
    await shadowed('r1');
    await store().instances.delete('i1');
    expect(await store().replayBatches.get(mine)).toBeNull();
    expect(await replays().get('r1')).toBeNull();
    expect((await store().replayReports.read({ batchId: other })).total).toBe(1);
  });
}
