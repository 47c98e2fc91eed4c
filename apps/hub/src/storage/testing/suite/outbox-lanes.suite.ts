import { newId } from '../../../flow/ids';
import { claimAt, completion, delivery, event, now, outbound, receipt, request } from '../samples';
import type { SuiteContext } from '../store.suite';

export function describeOutboxLanes({ store }: SuiteContext): void {
  const claim = (at = now, changes = {}) => store().hot.claimDeliveries(claimAt(at, changes));
  const enqueue = (chat: string, parts: string[], changes = {}) =>
    store().hot.enqueue(request(chat, outbound(parts, changes)));
  const complete = (...args: Parameters<typeof receipt>) => store().hot.completeDelivery(receipt(...args));

  /** Claims and completes until nothing is left; answers the parts in the order in which they left. */
  async function drain(at = now): Promise<string[]> {
    const left: string[] = [];
    for (;;) {
      const claimed = await claim(at);
      if (claimed.length === 0) return left;
      for (const one of claimed) {
        left.push(one.part);
        await complete(one, { at });
      }
    }
  }

  describe('the end of a turn', () => {
    it('puts what it says into the outbox, in order, in the same commit', async () => {
      await store().hot.ingest(event('a'));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const said = [outbound(['1', '2'], { turnId: turn.turnId }), outbound(['3'], { turnId: turn.turnId })];
      expect(await store().hot.completeTurn(completion(turn, { outbound: said }))).toBe(true);
      const [first] = await claim();
      expect(first).toMatchObject({ chatId: turn.chatId, address: 'test:a', attempts: 1, uncertain: false });
      await complete(first);
      expect([first.part, ...(await drain())]).toEqual(['1', '2', '3']);
    });

    it('writes its dead letter in the same commit', async () => {
      await store().hot.ingest(event('a'));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const letter = deadLetter('turn', turn.chatId, turn.turnId);
      await store().hot.completeTurn(completion(turn, { deadLetter: letter, turn: { status: 'failed' } }));
      expect(await store().deadLetters.get(letter.id)).toMatchObject({ ...letter, replayedAt: null });
    });

    it('changes nothing at all when one of its rows cannot be stored', async () => {
      await store().hot.ingest(event('a'));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const bad = outbound(['1'], { type: null as never });
      const refused = store().hot.completeTurn(completion(turn, { outbound: [outbound(['0']), bad] }));
      await expect(refused).rejects.toMatchObject({ name: 'DataError' });
      expect(await claim()).toEqual([]);
      expect(await store().hot.completeTurn(completion(turn))).toBe(true);
    });
  });

  describe('enqueue', () => {
    it('makes the chat when it is not known, and finds it when it is', async () => {
      const first = await enqueue('new', ['1']);
      const second = await enqueue('new', ['2']);
      expect(second.chatId).toBe(first.chatId);
      expect(await store().chats.get(first.chatId)).toMatchObject({ externalId: 'test:new', readyAt: null });
      expect(await drain()).toEqual(['1', '2']);
    });

    it('makes one message of requests with one key, also in one batch, and answers with the first', async () => {
      const [first, twin] = await Promise.all([
        enqueue('a', ['1', '2'], { eventId: 'send:key' }),
        enqueue('a', ['1', '2'], { eventId: 'send:key' }),
      ]);
      const later = await enqueue('b', ['1', '2'], { eventId: 'send:key' });
      expect(first).toMatchObject({ duplicate: false });
      expect([twin, later]).toEqual(Array(2).fill({ ...first, duplicate: true }));
      expect(await drain()).toEqual(['1', '2']);
    });

    it('never takes an inbound event for an earlier request', async () => {
      await store().hot.ingest(event('a', { eventId: 'send:1' }));
      expect(await enqueue('a', ['1'], { eventId: 'send:1' })).toMatchObject({ duplicate: false });
    });
  });

  describe('an outbox lane', () => {
    it('lets one part out at a time, and lanes side by side', async () => {
      await enqueue('a', ['a1', 'a2']);
      await enqueue('b', ['b1']);
      const claimed = await claim();
      expect(claimed.map(({ part }) => part).sort()).toEqual(['a1', 'b1']);
      expect(await claim(now + 44_999)).toEqual([]);
    });

    it('keeps a part that is to be tried again at the head, and what was written about it', async () => {
      await enqueue('a', ['1', '2']);
      const [first] = await claim();
      await complete(first, { outcome: 'retry', at: now + 500, log: '["x"]', errorCode: 'UNREACHABLE' });
      expect(await claim(now + 499)).toEqual([]);
      const [again] = await claim(now + 500);
      expect(again).toMatchObject({ id: first.id, attempts: 2, uncertain: false, log: '["x"]' });
    });

    it('takes the attempt back when it was postponed', async () => {
      await enqueue('a', ['1']);
      const [first] = await claim();
      await complete(first, { outcome: 'postponed', at: now + 500 });
      const [again] = await claim(now + 500);
      expect(again).toMatchObject({ id: first.id, attempts: 1, uncertain: false });
    });

    it.each(['dead', 'held'] as const)('goes on behind a part that is %s', async (outcome) => {
      await enqueue('a', ['1', '2']);
      const [first] = await claim();
      const letter = deadLetter('delivery', first.chatId, first.id);
      await complete(first, { outcome, errorCode: 'REJECTED', deadLetter: letter });
      expect(await drain()).toEqual(['2']);
      expect(await store().deadLetters.get(letter.id)).toMatchObject(letter);
      const story = await store().messages.story(first.messageId);
      expect(story?.deliveries[0]).toMatchObject({ status: outcome, errorCode: 'REJECTED', finishedAt: now });
    });

    it('says that an attempt is uncertain when its result was never recorded', async () => {
      await enqueue('a', ['1']);
      await claim();
      const [again] = await claim(now + 45_000);
      expect(again).toMatchObject({ attempts: 2, uncertain: true });
    });

    it('cannot be written by whoever lost the lease', async () => {
      await enqueue('a', ['1', '2']);
      const [lost] = await claim();
      const [held] = await claim(now + 45_000);
      expect(await complete(lost)).toBe(false);
      expect(await store().hot.extendDeliveries([lost, held], now + 100_000)).toEqual([false, true]);
      expect(await complete(held)).toBe(true);
      expect(await complete(held)).toBe(false);
    });

    it('stays where it is for excluded instances', async () => {
      await enqueue('a', ['1']);
      expect(await claim(now, { excludeInstances: ['i1'] })).toEqual([]);
      expect(await store().hot.nextReadyAt('deliveries', now)).toBeNull();
      expect(await claim()).toHaveLength(1);
    });

    it('carries everything that a part needs', async () => {
      const [part] = outbound(['p']).deliveries;
      const full = { ...part, replyTo: 'test:a:1', replaces: 'test:a:2', fallback: 'text' };
      await enqueue('a', [], { deliveries: [full] });
      const { id, replyTo, replaces, expiresAt } = full;
      expect((await claim())[0]).toMatchObject({
        id,
        part: 'p',
        replyTo,
        replaces,
        expiresAt,
        createdAt: now,
        waitMs: null,
        typingFor: null,
        lastSentAt: null,
      });
    });

    it('carries how long a part of an answer waits, and when the chat was last written to', async () => {
      await store().hot.ingest(event('a'));
      const [turn] = await store().hot.claimTurns(claimAt(now));
      const paced = { waitMs: 900, typingFor: 'test:a:1' };
      const deliveries = [delivery('1', paced), delivery('2', { ...paced, waitMs: 0 })];
      await store().hot.completeTurn(completion(turn, { outbound: [outbound([], { deliveries })] }));
      const [first] = await claim();
      expect(first).toMatchObject({ ...paced, part: '1', lastSentAt: null });
      await complete(first, { outcome: 'postponed', at: now + 900 });
      await complete((await claim(now + 900))[0], { at: now + 950 });
      expect((await claim(now + 950))[0]).toMatchObject({ part: '2', waitMs: 0, lastSentAt: now + 950 });
    });

    it('does not take for a sign of life what never left', async () => {
      await enqueue('a', ['1', '2']);
      await complete((await claim())[0], { outcome: 'dead', at: now + 10 });
      expect((await claim(now + 10))[0]).toMatchObject({ part: '2', lastSentAt: null });
    });
  });
}

export const deadLetter = (kind: 'turn' | 'delivery', chatId: string, refId: string) => ({
  id: newId(),
  kind,
  instanceId: 'i1',
  chatId,
  refId,
  code: 'AGENT_TIMEOUT',
  detail: 'mend it and replay',
  raw: null,
  createdAt: now,
});
