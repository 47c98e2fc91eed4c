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
  });
}
