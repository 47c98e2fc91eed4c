import { v7 } from 'uuid';
import { claimAt, completion, event, eventIds, expiresAt, now, outbound, receipt, request } from '../samples';
import { deadLetter } from './outbox-lanes.suite';
import type { SuiteContext } from '../store.suite';

const day = 86_400_000;

/** A row's id as it was made that long ago. */
const idOfDaysAgo = (days: number) => v7({ msecs: Date.now() - days * day });

export function describeUpkeep({ store }: SuiteContext): void {
  describe('dead letters', () => {
    /** A turn of two messages that failed. */
    async function failedTurn() {
      await store().hot.ingest(event('a', { eventId: '1' }));
      await store().hot.ingest(event('a', { eventId: '2' }));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const letter = deadLetter('turn', turn.chatId, turn.turnId);
      await store().hot.completeTurn(completion(turn, { deadLetter: letter, turn: { status: 'failed' } }));
      return { turn, letter };
    }

    async function deadPart() {
      const { chatId, messageId } = await store().hot.enqueue(request('a', outbound(['1', '2'])));
      const [part] = await store().hot.claimDeliveries(claimAt(now));
      const letter = deadLetter('delivery', chatId, part.id);
      await store().hot.completeDelivery(receipt(part, { outcome: 'dead', deadLetter: letter }));
      return { part, letter, messageId };
    }

    it('of a turn are replayed once: its messages are asked about again, in order', async () => {
      const { turn, letter } = await failedTurn();
      const results = [
        await store().deadLetters.replay(letter.id, expiresAt),
        await store().deadLetters.replay(letter.id, expiresAt),
      ];
      expect(results).toEqual(['replayed', 'already']);
      const [again] = await store().hot.claimTurns(claimAt(Date.now() + 1));
      expect(eventIds(again)).toEqual(['1', '2']);
      expect(again).toMatchObject({ chatId: turn.chatId, attempts: 0 });
      expect(again.turnId).not.toBe(turn.turnId);
    });

    it('of a turn, replayed by two at once, are one replay', async () => {
      const { letter } = await failedTurn();
      const results = await Promise.all([1, 2].map(() => store().deadLetters.replay(letter.id, expiresAt)));
      expect(results.sort()).toEqual(['already', 'replayed']);
      const [again] = await store().hot.claimTurns(claimAt(Date.now() + 1));
      expect(again.messages).toHaveLength(2);
    });

    it('of a delivery are replayed once: the part goes to the end of its lane, with time to leave', async () => {
      const { part, letter, messageId } = await deadPart();
      expect(await store().deadLetters.replay(letter.id, expiresAt + 7)).toBe('replayed');
      expect(await store().deadLetters.replay(letter.id, expiresAt + 7)).toBe('already');
      const [second] = await store().hot.claimDeliveries(claimAt(now));
      expect(second.part).toBe('2');
      await store().hot.completeDelivery(receipt(second));
      const [again] = await store().hot.claimDeliveries(claimAt(now));
      expect(again).toMatchObject({ part: '1', attempts: 1, expiresAt: expiresAt + 7, messageId });
      expect(again.id).not.toBe(part.id);
    });

    it('wake an idle lane', async () => {
      const { letter } = await deadPart();
      const [second] = await store().hot.claimDeliveries(claimAt(now));
      await store().hot.completeDelivery(receipt(second));
      await store().deadLetters.replay(letter.id, expiresAt);
      expect(await store().hot.claimDeliveries(claimAt(Date.now() + 1))).toHaveLength(1);
    });

    it('are not replayed when there is nothing to replay', async () => {
      const webhook = { ...deadLetter('turn', 'c', 'r'), kind: 'webhook' as const, chatId: null };
      const swept = deadLetter('turn', 'c', 'swept');
      const lost = deadLetter('delivery', 'c', 'swept');
      for (const letter of [webhook, swept, lost]) await store().deadLetters.add(letter);
      const replay = (id: string) => store().deadLetters.replay(id, expiresAt);
      expect(await replay('unknown')).toBe('not_found');
      for (const { id } of [webhook, swept, lost]) expect(await replay(id)).toBe('not_replayable');
    });

    it('are found by instance, kind, code and whether they can be replayed, newest first', async () => {
      const { letter } = await failedTurn();
      const webhook = { ...deadLetter('turn', 'c', 'r'), kind: 'webhook' as const, code: 'PAYLOAD' };
      const raw = Uint8Array.from([0, 255]);
      await store().deadLetters.add({ ...webhook, raw });
      const all = { instanceId: null, kind: null, code: null, limit: 1, cursor: null };
      const list = async (filter: object) => {
        const { items } = await store().deadLetters.list({ ...all, limit: 9, ...filter });
        return items.map(({ id }) => id);
      };
      expect(await list({})).toEqual([webhook.id, letter.id]);
      expect(await list({ kind: 'turn' })).toEqual([letter.id]);
      expect(await list({ code: 'PAYLOAD' })).toEqual([webhook.id]);
      expect(await list({ instanceId: 'i2' })).toEqual([]);
      expect(await list({ replayable: true })).toEqual([letter.id]);
      const first = await store().deadLetters.list(all);
      expect(Buffer.from(first.items[0].raw!)).toEqual(Buffer.from(raw));
      const second = await store().deadLetters.list({ ...all, cursor: first.nextCursor });
      expect(second.items.map(({ id }) => id)).toEqual([letter.id]);
      expect([
        await store().deadLetters.delete(letter.id),
        await store().deadLetters.delete(letter.id),
      ]).toEqual([true, false]);
    });
  });

  describe('scheduled messages', () => {
    it('are taken when they are due, in order, by one process at a time', async () => {
      const later = request('a', outbound(['later']));
      const sooner = request('a', outbound(['sooner']));
      await store().scheduled.add(later, now + 20);
      await store().scheduled.add(sooner, now + 10);
      expect(await store().scheduled.due(now + 9, 10)).toEqual([]);
      const due = await store().scheduled.due(now + 20, 10);
      expect(due).toEqual([sooner, later].map((one) => ({ id: one.message.id, request: one })));
      expect(await store().scheduled.due(now + 20, 10)).toEqual([]);
      await store().scheduled.remove(sooner.message.id);
      const left = await store().scheduled.due(now + 60_000, 10);
      expect(left.map(({ id }) => id)).toEqual([later.message.id]);
    });

    it('are one for one key, before and after they left', async () => {
      const first = request('a', outbound(['1'], { eventId: 'send:key' }));
      const again = () => request('a', outbound(['1'], { eventId: 'send:key' }));
      expect(await store().scheduled.add(first, now)).toEqual({ id: first.message.id, duplicate: false });
      expect(await store().scheduled.add(again(), now)).toEqual({ id: first.message.id, duplicate: true });
      const [due] = await store().scheduled.due(now, 1);
      await store().hot.enqueue(due.request);
      await store().scheduled.remove(due.id);
      expect(await store().scheduled.add(again(), now)).toEqual({ id: first.message.id, duplicate: true });
    });
  });

  describe('retention', () => {
    it('sweeps what is done and old, and keeps what is young or has work to do', async () => {
      const old = { id: idOfDaysAgo(40) };
      await store().hot.ingest(event('done', old));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const answer = outbound(['1'], { ...old, id: idOfDaysAgo(40) });
      answer.deliveries[0].id = idOfDaysAgo(40);
      await store().hot.completeTurn(completion(turn, { outbound: [answer] }));
      const [part] = await store().hot.claimDeliveries(claimAt(now));
      const unsent = outbound(['2'], { id: idOfDaysAgo(39) });
      unsent.deliveries[0].id = idOfDaysAgo(39);
      await store().hot.enqueue(request('unsent', unsent));
      const undone = event('undone', { id: idOfDaysAgo(39) });
      const young = event('young', { id: idOfDaysAgo(6) });
      const status = event(null, { id: idOfDaysAgo(39) });
      for (const one of [undone, young, status]) await store().hot.ingest(one);
      await store().hot.completeDelivery(receipt(part));

      expect(await store().retention.sweep(Date.now() - 30 * day)).toBe(4);
      for (const { id } of [old, answer, status]) expect(await store().messages.story(id)).toBeNull();
      for (const { id } of [undone, young, unsent]) expect(await store().messages.story(id)).not.toBeNull();
    });

    it('never touches the last seven days, in which duplicates are known', async () => {
      const young = event(null, { id: idOfDaysAgo(6), eventId: 'young' });
      const old = event(null, { id: idOfDaysAgo(8) });
      await store().hot.ingest(young);
      await store().hot.ingest(old);
      expect(await store().retention.sweep(Date.now())).toBe(1);
      expect(await store().hot.ingest(event(null, { eventId: 'young' }))).toMatchObject({ duplicate: true });
    });

    it('goes on until nothing is left', async () => {
      await Promise.all(
        Array.from({ length: 1_100 }, () => store().hot.ingest(event(null, { id: idOfDaysAgo(40) }))),
      );
      expect(await store().retention.sweep(Date.now())).toBe(1_100);
    });
  });

  describe('the figures', () => {
    it('say how much waits and for how long', async () => {
      const nothing = {
        turnLanes: 0,
        deliveryLanes: 0,
        deliveries: 0,
        oldestTurnMs: 0,
        oldestDeliveryMs: 0,
        scheduled: 0,
        media: 0,
        transcripts: 0,
        replays: 0,
        deadLetters: 0,
      };
      expect(await store().stats.read(now)).toEqual(nothing);
      await store().hot.ingest(event('a'));
      await store().hot.ingest(event('b', { receivedAt: now + 100 }));
      await store().hot.enqueue(request('a', outbound(['1', '2'])));
      await store().scheduled.add(request('a', outbound(['3'])), now);
      await store().deadLetters.add(deadLetter('turn', 'c', 'r'));
      expect(await store().stats.read(now + 500)).toEqual({
        turnLanes: 2,
        deliveryLanes: 1,
        deliveries: 2,
        oldestTurnMs: 500,
        oldestDeliveryMs: 500,
        scheduled: 1,
        media: 0,
        transcripts: 0,
        replays: 0,
        deadLetters: 1,
      });
    });
  });
}
