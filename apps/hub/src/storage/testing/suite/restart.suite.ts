import { newId } from '../../../flow/ids';
import { claimAt, completion, event, eventIds, now, outbound, receipt, request } from '../samples';
import type { SuiteContext } from '../store.suite';

export function describeRestart({ store, reopen }: SuiteContext): void {
  describe('after a restart', () => {
    it('everything that was acknowledged is there, and duplicates are still known', async () => {
      await store().hot.ingest(event('a', { eventId: 'kept' }));
      await store().hot.enqueue(request('b', outbound(['said'], { eventId: 'send:key' })));
      await reopen();
      expect(await store().hot.ingest(event('a', { eventId: 'kept' }))).toMatchObject({ duplicate: true });
      const again = await store().hot.enqueue(request('b', outbound(['said'], { eventId: 'send:key' })));
      expect(again.duplicate).toBe(true);
      const [turn] = await store().hot.claimTurns(claimAt(now));
      expect(eventIds(turn)).toEqual(['kept']);
      const [part] = await store().hot.claimDeliveries(claimAt(now));
      expect(part.part).toBe('said');
    });

    it('a chat goes on settling, for as long as it had to and no longer than it may', async () => {
      const at = Date.now() + 3_600_000;
      await store().hot.ingest(event('a', { receivedAt: at, settleMs: 1_000 }));
      await reopen();
      expect(await store().hot.claimTurns(claimAt(at + 999))).toEqual([]);
      for (const later of [900, 1_800, 2_700, 3_600, 4_500])
        await store().hot.ingest(event('a', { receivedAt: at + later, settleMs: 1_000 }));
      await reopen();
      expect(await store().hot.claimTurns(claimAt(at + 4_999))).toEqual([]);
      expect((await store().hot.claimTurns(claimAt(at + 5_000)))[0].messages).toHaveLength(6);
    });

    it('a turn that was given up for one with more messages is that one', async () => {
      await store().hot.ingest(event('a', { eventId: '1' }));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      await store().hot.ingest(event('a', { eventId: '2' }));
      await store().hot.recordPreview(turn, 'test:a:9');
      await store().hot.completeTurn(completion(turn, { keepsPreview: true, turn: { status: 'merged' } }));
      await reopen();
      const [next] = await store().hot.claimTurns(claimAt(now));
      expect([eventIds(next), next.previewId]).toEqual([['1', '2'], 'test:a:9']);
    });

    it('retries and postponements wait as long as they had to', async () => {
      await store().hot.ingest(event('a'));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const later = Date.now() + 3_600_000;
      await store().hot.completeTurn(completion(turn, { retryAt: later, turn: { status: 'retrying' } }));
      await store().hot.enqueue(request('b', outbound(['1'])));
      const [part] = await store().hot.claimDeliveries(claimAt(now));
      await store().hot.completeDelivery(receipt(part, { outcome: 'retry', at: later }));
      await reopen();
      expect(await store().hot.claimTurns(claimAt(later - 1))).toEqual([]);
      expect(await store().hot.claimDeliveries(claimAt(later - 1))).toEqual([]);
      expect((await store().hot.claimTurns(claimAt(later)))[0].turnId).toBe(turn.turnId);
      expect((await store().hot.claimDeliveries(claimAt(later)))[0]).toMatchObject({ uncertain: false });
    });

    it('what a dead process held is free at once for one that works alone', async () => {
      await store().hot.ingest(event('a'));
      await store().hot.enqueue(request('b', outbound(['1'])));
      await store().media.add([{ messageId: newId(), position: 0, instanceId: 'i1', attachment: '{}' }]);
      const batch = { id: newId(), instanceId: 'i1', agent: null, filter: '{}', createdAt: now };
      await store().replayBatches.add(batch, [newId()]);
      await store().scheduled.add(request('c', outbound(['2'])), now);
      const work = async () => ({
        turns: await store().hot.claimTurns(claimAt(now)),
        deliveries: await store().hot.claimDeliveries(claimAt(now)),
        media: await store().media.claim('file', claimAt(now)),
        replays: await store().replays.claim('batch', claimAt(now)),
        scheduled: await store().scheduled.due(now, 10),
        listener: await store().leases.acquire('listen', newId(), 60_000),
      });
      const dead = await work();
      await store().leases.beat('dead', 60_000);
      await reopen();
      const next = await work();
      expect(next.turns).toMatchObject([{ turnId: dead.turns[0].turnId, attempts: 0 }]);
      expect(next.deliveries).toMatchObject([{ id: dead.deliveries[0].id, attempts: 2, uncertain: true }]);
      expect([next.media, next.replays, next.scheduled].map(({ length }) => length)).toEqual([1, 1, 1]);
      expect(next.listener).toBe(dead.listener! + 1);
      expect(await store().leases.beat('next', 60_000)).toBe(1);

      const late = [
        store().hot.completeTurn(completion(dead.turns[0])),
        store().hot.completeDelivery(receipt(dead.deliveries[0], { outcome: 'sent' })),
        store().media.release(dead.media[0], now),
        store().replays.release(dead.replays[0], now),
      ];
      expect(await Promise.all(late)).toEqual([false, false, false, false]);
    });
  });
}
