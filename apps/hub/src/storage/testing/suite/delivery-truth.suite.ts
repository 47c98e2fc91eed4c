import type { StatusUpdate } from '../../repositories/delivery-status.repository';
import type { ClaimedDelivery } from '../../store';
import { claimAt, now, outbound, receipt, request } from '../samples';
import type { SuiteContext } from '../store.suite';

export function describeDeliveryTruth({ store, reopen }: SuiteContext): void {
  const status = (changes: Partial<StatusUpdate> = {}): StatusUpdate => ({
    platformId: 'p1',
    deliveryId: null,
    status: 'sent',
    at: now,
    code: null,
    detail: null,
    ...changes,
  });
  const record = (...updates: Partial<StatusUpdate>[]) =>
    store().deliveryStatus.record('i1', updates.map(status));

  async function claimed(parts = ['1']): Promise<ClaimedDelivery> {
    await store().hot.enqueue(request('a', outbound(parts)));
    return (await store().hot.claimDeliveries(claimAt(now)))[0];
  }
  const finish = (part: ClaimedDelivery, changes: Parameters<typeof receipt>[1] = {}) =>
    store().hot.completeDelivery(
      receipt(part, { outcome: 'accepted', platformId: 'p1', platformIds: '["p1"]', ...changes }),
    );
  const stored = async ({ messageId }: ClaimedDelivery) =>
    (await store().messages.story(messageId))!.deliveries[0];
  const letters = async () =>
    (await store().deadLetters.list({ instanceId: 'i1', kind: null, code: null, limit: 9, cursor: null }))
      .items;

  describe('the status of a delivery', () => {
    it('only moves forward, whatever the order in which the platform tells it', async () => {
      const part = await claimed();
      await finish(part);
      const seen = [(await stored(part)).status];
      for (const next of ['accepted', 'sent', 'delivered', 'read', 'delivered', 'sent', 'failed'] as const) {
        await record({ status: next });
        seen.push((await stored(part)).status);
      }
      expect(seen).toEqual(['accepted', 'accepted', 'sent', 'delivered', 'read', 'read', 'read', 'read']);
      expect(await letters()).toEqual([]);
    });

    it('keeps what was told, and when', async () => {
      const part = await claimed();
      await finish(part);
      await record({ status: 'sent', at: 5 }, { status: 'read', at: 7 });
      expect(JSON.parse((await stored(part)).statuses)).toEqual([
        { status: 'sent', at: 5, code: null, detail: null },
        { status: 'read', at: 7, code: null, detail: null },
      ]);
    });

    it('that comes before the receipt waits for it, also over a restart', async () => {
      await record({ status: 'delivered' }, { status: 'sent' });
      await reopen();
      const part = await claimed();
      await finish(part);
      await store().deliveryStatus.applyEarly('i1', 'p1');
      expect((await stored(part)).status).toBe('delivered');
    });

    it('of a message that is not the hub’s own is forgotten in the end', async () => {
      await record({ platformId: 'typed-on-the-phone' });
      await store().deliveryStatus.sweep(Date.now() + 2 * 86_400_000);
      const part = await claimed();
      await finish(part, { platformId: 'typed-on-the-phone' });
      await store().deliveryStatus.applyEarly('i1', 'typed-on-the-phone');
      expect((await stored(part)).status).toBe('accepted');
    });

    it('failed is a dead letter with the platform’s reason, once, that can be replayed', async () => {
      const part = await claimed();
      await finish(part);
      const failed = { status: 'failed', code: 'WINDOW_CLOSED', detail: 'more than 24 hours' } as const;
      await record(failed, failed);
      expect(await stored(part)).toMatchObject({ status: 'failed', errorCode: 'WINDOW_CLOSED' });
      const [letter, ...others] = await letters();
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ refId: part.id, code: 'WINDOW_CLOSED', detail: 'more than 24 hours' });
      expect(await store().deadLetters.replay(letter.id, now + 1_000)).toBe('replayed');
      expect((await store().hot.claimDeliveries(claimAt(Date.now())))[0]).toMatchObject({ confirmed: false });
    });
  });

  describe('a send without an answer, of which the platform tells by the delivery’s id', () => {
    const told = (part: ClaimedDelivery, changes: Partial<StatusUpdate> = {}) =>
      record({ deliveryId: part.id, ...changes });

    it('that waits to be sent again is claimed at once, as one that has arrived', async () => {
      const part = await claimed(['1', '2']);
      await finish(part, { outcome: 'retry', platformId: null, platformIds: null, at: now + 60_000 });
      expect(await told(part, { status: 'delivered' })).toBe(true);
      const [again] = await store().hot.claimDeliveries(claimAt(Date.now()));
      expect(again).toMatchObject({ id: part.id, confirmed: true });
      await finish(again, { platformId: null, platformIds: null });
      await store().deliveryStatus.settle(part.id);
      expect(await stored(part)).toMatchObject({
        status: 'delivered',
        platformId: 'p1',
        platformIds: '["p1"]',
      });
    });

    it('that nothing was told of waits', async () => {
      const part = await claimed();
      await finish(part, { outcome: 'retry', platformId: null, platformIds: null, at: Date.now() + 60_000 });
      expect(await store().deliveryStatus.resumeIfTold(part.id)).toBe(false);
      expect(await store().hot.claimDeliveries(claimAt(Date.now()))).toEqual([]);
    });

    it('that is still on the wire goes on at once when it ends without an answer', async () => {
      const part = await claimed();
      await told(part);
      await finish(part, { outcome: 'retry', platformId: null, platformIds: null, at: Date.now() + 60_000 });
      expect(await store().deliveryStatus.resumeIfTold(part.id)).toBe(true);
      const [again] = await store().hot.claimDeliveries(claimAt(Date.now()));
      expect(again).toMatchObject({ id: part.id, confirmed: true });
    });

    it.each(['accepted', 'sent'] as const)('that was given up meanwhile is taken as %s', async (status) => {
      const part = await claimed();
      await told(part, { status });
      await finish(part, {
        outcome: 'dead',
        platformId: null,
        platformIds: null,
        errorCode: 'AMBIGUOUS',
        deadLetter: letterOf(part),
      });
      await store().deliveryStatus.settle(part.id);
      expect(await stored(part)).toMatchObject({ status, errorCode: null });
      expect(await letters()).toEqual([]);
    });

    it('that is held for the operator is taken as sent, and its letter back', async () => {
      const part = await claimed();
      const held = { outcome: 'held', platformId: null, platformIds: null, errorCode: 'AMBIGUOUS' } as const;
      await finish(part, { ...held, deadLetter: letterOf(part) });
      expect(await letters()).toHaveLength(1);
      await told(part, { status: 'read' });
      expect(await stored(part)).toMatchObject({ status: 'read', errorCode: null });
      expect(await letters()).toEqual([]);
    });

    it('that the platform says has failed is a dead letter', async () => {
      const part = await claimed();
      await finish(part, { outcome: 'held', platformId: null, platformIds: null, errorCode: 'AMBIGUOUS' });
      await told(part, { status: 'failed', code: 'RECIPIENT_GONE', detail: 'not on WhatsApp' });
      expect(await stored(part)).toMatchObject({ status: 'failed', errorCode: 'RECIPIENT_GONE' });
      expect(await letters()).toEqual([expect.objectContaining({ code: 'RECIPIENT_GONE' })]);
    });

    it('whose answer comes after all has the status that was told before it', async () => {
      const part = await claimed();
      await told(part, { status: 'sent' });
      await told(part, { status: 'delivered' });
      await finish(part);
      expect((await stored(part)).status).toBe('accepted');
      await store().deliveryStatus.settle(part.id);
      expect(await stored(part)).toMatchObject({ status: 'delivered', errorCode: null });
    });

    it('of another instance is not touched', async () => {
      const part = await claimed();
      await store().deliveryStatus.record('i2', [status({ deliveryId: part.id })]);
      expect(await stored(part)).toMatchObject({ platformId: null });
    });
  });

  describe('a part that is accepted and never acknowledged', () => {
    const giveUp = (before: number) => store().deliveryStatus.giveUpWaiting('i1', before, now);

    it('becomes a dead letter once its time is over, once', async () => {
      const part = await claimed();
      await finish(part);
      expect([await giveUp(now), await giveUp(now + 1), await giveUp(now + 1)]).toEqual([0, 1, 0]);
      expect(await stored(part)).toMatchObject({ status: 'accepted', errorCode: 'UNACKNOWLEDGED' });
      expect(await letters()).toEqual([expect.objectContaining({ refId: part.id, code: 'UNACKNOWLEDGED' })]);
    });

    it('is taken back from the dead letters by an acknowledgement that comes late', async () => {
      const part = await claimed();
      await finish(part);
      await giveUp(now + 1);
      await record({ status: 'delivered' });
      expect(await stored(part)).toMatchObject({ status: 'delivered', errorCode: null });
      expect(await letters()).toEqual([]);
    });
  });

  function letterOf({ id, instanceId, chatId }: ClaimedDelivery) {
    const letter = { kind: 'delivery', instanceId, chatId, refId: id, code: 'AMBIGUOUS' } as const;
    return { ...letter, id: `letter-of-${id}`, detail: 'no answer', raw: null, createdAt: now };
  }
}
