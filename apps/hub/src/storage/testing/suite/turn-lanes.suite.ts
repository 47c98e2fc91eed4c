import { claimAt, completion, event, eventIds, now, outbound, request } from '../samples';
import type { SuiteContext } from '../store.suite';

export function describeTurnLanes({ store }: SuiteContext): void {
  const claim = (at = now, changes = {}) => store().hot.claimTurns(claimAt(at, changes));
  const ingest = (...events: ReturnType<typeof event>[]) =>
    Promise.all(events.map((one) => store().hot.ingest(one)));

  describe('the log', () => {
    it('stores an event once, in one batch and over batches, and names the stored one', async () => {
      const first = event('a', { eventId: 'once' });
      const again = [event('a', { eventId: 'once' }), event('a', { eventId: 'once' })];
      const [stored, twin] = await ingest(first, again[0]);
      const [later] = await ingest(again[1]);
      expect(stored).toEqual({ id: first.id, duplicate: false });
      expect([twin, later]).toEqual(Array(2).fill({ id: first.id, duplicate: true }));
      const story = await store().messages.story(first.id);
      expect(story?.message.redeliveries).toBe(2);
      const [turn] = await claim();
      expect(eventIds(turn)).toEqual(['once']);
    });

    it('tells instances apart: the same event id of two is two events', async () => {
      const [one, two] = await ingest(
        event('a', { eventId: 'same' }),
        event('a', { eventId: 'same', instanceId: 'i2' }),
      );
      expect([one.duplicate, two.duplicate]).toEqual([false, false]);
      expect(await claim()).toHaveLength(2);
    });

    it('keeps the order of arrival within a chat', async () => {
      const ids = Array.from({ length: 500 }, (_, index) => `m${index}`);
      await ingest(...ids.flatMap((eventId) => [event('a', { eventId }), event(eventId)]));
      const { chatId } = await store().hot.enqueue(request('a', outbound([])));
      const { items } = await store().chats.messages(chatId, { limit: 999, cursor: null, order: 'oldest' });
      const bySeq = items.filter(({ seq }) => seq !== null).sort((a, b) => a.seq! - b.seq!);
      expect(bySeq.map(({ eventId }) => eventId)).toEqual(ids);
      expect(bySeq.map(({ seq }) => seq)).toEqual(ids.map((_, index) => index + 1));
    });

    it('stores what has no chat and never claims it', async () => {
      const status = event(null, { type: 'delivery' });
      await ingest(status);
      expect(await claim()).toEqual([]);
      expect((await store().messages.story(status.id))?.chat).toBeNull();
    });

    it('keeps raw bytes as they came', async () => {
      const raw = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const stored = event('a', { raw });
      await ingest(stored);
      const story = await store().messages.story(stored.id);
      expect(Buffer.from(story!.message.raw!)).toEqual(Buffer.from(raw));
    });

    it('knows the sender as last seen', async () => {
      const contact = (name: string) => ({
        id: `c-${name}`,
        externalId: 'test:7',
        name,
        username: 'Ada',
        phone: '+491511234567',
        locale: null,
      });
      await ingest(event('a', { senderId: 'test:7', contact: contact('Ada') }));
      await ingest(event('a', { senderId: 'test:7', contact: contact('Ada L.') }));
      const [turn] = await claim();
      expect(turn.messages.map(({ personId }) => personId)).toEqual(['c-Ada', 'c-Ada']);
      const target = { externalId: 'test:7', kind: 'direct', title: 'Ada L.' };
      for (const to of ['test:7', '@ada', 'ADA', '+49 151 1234567', '491511234567']) {
        expect(await store().chats.findTarget('i1', to)).toEqual(target);
      }
      expect(await store().chats.findTarget('i1', 'nobody')).toBeNull();
      expect(await store().chats.findTarget('i2', 'test:7')).toBeNull();
    });

    it('knows the chat as last told, also where what follows in the same batch does not say', async () => {
      const titled = event('a');
      titled.chat!.title = 'Friends';
      const untitled = event('a');
      untitled.chat!.title = null;
      await ingest(titled, untitled);
      const [turn] = await claim();
      expect(turn.chatTitle).toBe('Friends');
    });

    it('lets a thread stay one, whatever an event that knows less takes it for', async () => {
      const told = (kind: string) => {
        const one = event('a');
        return { ...one, chat: { ...one.chat!, kind } };
      };
      for (const kind of ['group', 'thread', 'group']) await ingest(told(kind));
      expect((await claim())[0].chatKind).toBe('thread');
    });

    it('takes NUL characters out of names and keeps the message', async () => {
      const named = event('a');
      named.chat!.title = 'a\0b';
      await ingest(named);
      const [turn] = await claim();
      expect(turn.chatTitle).toBe('ab');
    });

    it('refuses a row that cannot be stored, and that row alone', async () => {
      const bad = event('a', { type: null as never });
      const batch = [event('a'), event('b'), bad, event('a'), event('c')];
      const results = await Promise.allSettled(batch.map((one) => store().hot.ingest(one)));
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect((results[2] as PromiseRejectedResult).reason).toMatchObject({ name: 'DataError' });
      const turns = await claim();
      expect(turns.map(({ messages }) => messages.length).sort()).toEqual([1, 1, 2]);
    });
  });

  describe('a turn lane', () => {
    it('is claimed once: whoever asks next gets nothing until the lease ends', async () => {
      await ingest(event('a'));
      const [first] = await claim();
      expect(first).toMatchObject({ address: 'test:a', chatKind: 'direct', attempts: 0, trace: null });
      expect(await claim(now + 44_999)).toEqual([]);
      const [second] = await claim(now + 45_000);
      expect(second.turnId).toBe(first.turnId);
      expect([first.claimedBefore, second.claimedBefore]).toEqual([false, true]);
      expect(second.epoch).toBeGreaterThan(first.epoch);
    });

    it('cannot be written by whoever lost the lease', async () => {
      await ingest(event('a'));
      const [lost] = await claim();
      const [held] = await claim(now + 45_000);
      const said = completion(lost, { outbound: [outbound(['late'])] });
      expect(await store().hot.completeTurn(said)).toBe(false);
      expect(await store().hot.extendTurns([lost, held], now + 100_000)).toEqual([false, true]);
      expect(await store().hot.claimDeliveries(claimAt(now))).toEqual([]);
      expect(await store().hot.completeTurn(completion(held))).toBe(true);
      expect(await store().hot.completeTurn(completion(held))).toBe(false);
    });

    it('freezes a turn at its first claim: what comes meanwhile joins the next one', async () => {
      await ingest(event('a', { eventId: '1' }), event('a', { eventId: '2' }));
      const [first] = await claim();
      await ingest(event('a', { eventId: '3' }));
      const [again] = await claim(now + 45_000);
      expect([eventIds(first), eventIds(again)]).toEqual([
        ['1', '2'],
        ['1', '2'],
      ]);
      await store().hot.completeTurn(completion(again));
      const [next] = await claim(now + 45_000);
      expect(eventIds(next)).toEqual(['3']);
      expect(next.turnId).not.toBe(first.turnId);
      await store().hot.completeTurn(completion(next));
      expect(await claim(now + 1_000_000)).toEqual([]);
    });

    it('keeps turn, messages, trace and preview over a retry, and counts attempts', async () => {
      await ingest(event('a'));
      const [first] = await claim();
      await store().hot.recordPreview(first, 'test:a:99');
      const failed = completion(first, {
        retryAt: now + 2_000,
        turn: { status: 'retrying', trace: '{"agent":1}' },
      });
      expect(await store().hot.completeTurn(failed)).toBe(true);
      expect(await store().hot.completeTurn(failed)).toBe(false);
      await ingest(event('a'));
      expect(await claim(now + 1_999)).toEqual([]);
      const [second] = await claim(now + 2_000);
      expect(second).toMatchObject({
        turnId: first.turnId,
        attempts: 1,
        trace: '{"agent":1}',
        previewId: 'test:a:99',
        messages: first.messages,
      });
      await store().hot.completeTurn(completion(second));
      const [next] = await claim(now + 2_000);
      expect(next).toMatchObject({ attempts: 0, trace: null, previewId: null });
    });

    it('is handed back at once by a release, which ends the lease', async () => {
      await ingest(event('a'));
      const [first] = await claim();
      await store().hot.releaseTurns([first], now + 1);
      expect(await store().hot.completeTurn(completion(first))).toBe(false);
      const [second] = await claim(now + 1);
      expect(second).toMatchObject({ turnId: first.turnId, attempts: 0 });
    });

    it('lives on while its lease is extended', async () => {
      await ingest(event('a'));
      const [turn] = await claim();
      await store().hot.extendTurns([turn], now + 90_000);
      expect(await claim(now + 89_999)).toEqual([]);
      expect(await claim(now + 90_000)).toHaveLength(1);
    });

    it('answers at most fifty messages at once, and the others next', async () => {
      await ingest(...Array.from({ length: 60 }, () => event('a')));
      const [first] = await claim();
      expect(first.messages).toHaveLength(50);
      await store().hot.completeTurn(completion(first));
      const [second] = await claim();
      expect(second).toMatchObject({ firstSeq: 51, lastSeq: 60 });
    });

    it('stays where it is for excluded instances, and goes first come first served for the others', async () => {
      await ingest(event('late', { receivedAt: now - 1 }), event('early', { receivedAt: now - 2 }));
      await ingest(event('paused', { instanceId: 'paused', receivedAt: now - 3 }));
      const excludeInstances = ['paused', 'unknown'];
      const [first] = await claim(now, { excludeInstances, limit: 1 });
      expect(first.address).toBe('test:early');
      expect((await claim(now, { excludeInstances })).map(({ address }) => address)).toEqual(['test:late']);
      expect((await claim()).map(({ address }) => address)).toEqual(['test:paused']);
    });
  });

  describe('a turn that is given up since more came', () => {
    const merged = (turn: Parameters<typeof completion>[0], at = now) =>
      completion(turn, { keepsPreview: true, turn: { status: 'merged', finishedAt: at } });

    it('leaves its messages to a new one that has all, and its preview', async () => {
      await ingest(event('a', { eventId: '1' }));
      const [first] = await claim();
      await store().hot.recordPreview(first, 'test:a:99');
      await ingest(event('a', { eventId: '2' }));
      expect(await store().hot.completeTurn(merged(first))).toBe(true);
      const [second] = await claim();
      expect(eventIds(second)).toEqual(['1', '2']);
      expect(second.turnId).not.toBe(first.turnId);
      expect(second).toMatchObject({
        claimedBefore: false,
        attempts: 0,
        trace: null,
        previewId: 'test:a:99',
      });
      await store().hot.completeTurn(completion(second));
      await ingest(event('a'));
      expect((await claim())[0]).toMatchObject({ firstSeq: 3, previewId: null });
    });

    it('begins its attempts anew, also after failures', async () => {
      await ingest(event('a'));
      const [first] = await claim();
      await store().hot.completeTurn(completion(first, { retryAt: now, turn: { status: 'retrying' } }));
      const [again] = await claim();
      await ingest(event('a'));
      await store().hot.completeTurn(merged(again));
      expect((await claim())[0]).toMatchObject({
        attempts: 0,
        trace: null,
        messages: [{ seq: 1 }, { seq: 2 }],
      });
    });

    it('is given up by its holder only', async () => {
      await ingest(event('a'));
      const [lost] = await claim();
      const [held] = await claim(now + 45_000);
      await ingest(event('a'));
      expect(await store().hot.completeTurn(merged(lost))).toBe(false);
      expect(await store().hot.completeTurn(merged(held))).toBe(true);
      expect(await store().hot.completeTurn(completion(held))).toBe(false);
    });

    it('waits until what came has settled', async () => {
      await ingest(event('a'));
      const [turn] = await claim();
      await ingest(event('a', { receivedAt: now + 500, settleMs: 1_000 }));
      await store().hot.completeTurn(merged(turn, now + 600));
      expect(await claim(now + 1_499)).toEqual([]);
      expect((await claim(now + 1_500))[0].messages).toHaveLength(2);
    });

    it('is in the story of its messages, before the one that answers them', async () => {
      const asked = event('a');
      await ingest(asked);
      const [first] = await claim();
      const more = event('a');
      await ingest(more);
      await store().hot.completeTurn(merged(first));
      const told = async ({ id }: typeof asked) => {
        const story = await store().messages.story(id);
        return [story?.merged.map((turn) => turn.id), story?.turn?.id ?? null];
      };
      expect([await told(asked), await told(more)]).toEqual([
        [[first.turnId], null],
        [[], null],
      ]);
      const [second] = await claim();
      await store().hot.completeTurn(completion(second));
      expect([await told(asked), await told(more)]).toEqual([
        [[first.turnId], second.turnId],
        [[], second.turnId],
      ]);
    });
  });

  describe('a turn that ends before its last message', () => {
    it('leaves the others to the next, at once', async () => {
      await ingest(...['1', '2', '3'].map((eventId) => event('a', { eventId })));
      const [first] = await claim();
      await ingest(event('a', { eventId: '4', receivedAt: now + 1 }));
      await store().hot.completeTurn(completion(first, { turn: { lastSeq: 1 } }));
      const [second] = await claim(now + 1);
      expect([second.firstSeq, eventIds(second)]).toEqual([2, ['2', '3', '4']]);
    });

    it('leaves them also when nothing else comes', async () => {
      await ingest(event('a', { settleMs: 10 }), event('a', { eventId: 'left' }));
      const [first] = await claim(now + 10);
      await store().hot.completeTurn(completion(first, { turn: { lastSeq: 1, finishedAt: now + 20 } }));
      expect(await claim(now + 19)).toEqual([]);
      expect(eventIds((await claim(now + 20))[0])).toEqual(['left']);
    });

    it('keeps the messages that it is about when it is tried again', async () => {
      await ingest(event('a', { eventId: '1' }), event('a', { eventId: '2' }));
      const [first] = await claim();
      await store().hot.completeTurn(
        completion(first, { retryAt: now, turn: { lastSeq: 1, status: 'retrying' } }),
      );
      const [again] = await claim();
      expect([again.turnId, eventIds(again)]).toEqual([first.turnId, ['1']]);
      await store().hot.completeTurn(completion(again));
      expect(eventIds((await claim())[0])).toEqual(['2']);
    });

    it('passes its preview on where it has to', async () => {
      await ingest(event('a'));
      const [first] = await claim();
      await store().hot.recordPreview(first, 'test:a:99');
      await ingest(event('a'));
      await store().hot.completeTurn(completion(first, { keepsPreview: true, turn: { status: 'silent' } }));
      expect((await claim())[0]).toMatchObject({ firstSeq: 2, previewId: 'test:a:99' });
    });
  });

  describe('what waits behind a turn', () => {
    it('can be seen while it runs', async () => {
      const contact = {
        id: 'c1',
        externalId: 'test:7',
        name: null,
        username: null,
        phone: null,
        locale: null,
      };
      await ingest(event('a'), event('b'));
      const claimed = await claim();
      const [{ chatId }, other] = ['test:a', 'test:b'].map(
        (address) => claimed.find((turn) => turn.address === address)!,
      );
      const more = event('a', { senderId: 'test:7', contact });
      await ingest(more);
      await store().chats.pause(chatId, now, null, 'mine');
      const lanes = await store().waiting.lanes([chatId, other.chatId]);
      expect(lanes.get(chatId)).toEqual({
        tailSeq: 2,
        pausedAt: now,
        pausedUntil: null,
        pausedReason: 'mine',
      });
      expect(lanes.get(other.chatId)).toMatchObject({ tailSeq: 1, pausedAt: null });
      expect(await store().waiting.messages(chatId, 2, 50)).toEqual([
        { id: more.id, seq: 2, type: 'message', event: more.event, receivedAt: now, personId: 'c1' },
      ]);
    });
  });

  describe('a settling chat', () => {
    const settling = (receivedAt: number) => event('a', { receivedAt, settleMs: 1_000 });

    it('starts its turn when it has been quiet long enough', async () => {
      await ingest(settling(now));
      await ingest(settling(now + 600));
      expect(await store().hot.nextReadyAt('turns', now)).toBe(now + 1_600);
      expect(await claim(now + 1_599)).toEqual([]);
      const [turn] = await claim(now + 1_600);
      expect(turn.messages).toHaveLength(2);
    });

    it('waits no longer than five times the window, however much comes', async () => {
      for (let at = now; at < now + 8_000; at += 500) await ingest(settling(at));
      expect(await claim(now + 4_999)).toEqual([]);
      expect(await claim(now + 5_000)).toHaveLength(1);
    });

    it('is not cut short by an event without a window', async () => {
      await ingest(settling(now));
      await ingest(event('a', { receivedAt: now + 100 }));
      expect(await claim(now + 1_099)).toEqual([]);
      expect(await claim(now + 1_100)).toHaveLength(1);
    });

    it('settles again after a turn for what came while it ran', async () => {
      await ingest(event('a'));
      const [turn] = await claim();
      await ingest(settling(now + 500));
      await store().hot.completeTurn(completion(turn, { turn: { finishedAt: now + 600 } }));
      expect(await claim(now + 1_499)).toEqual([]);
      expect(await claim(now + 1_500)).toHaveLength(1);
    });
  });

  describe('how long a worker may sleep', () => {
    it('is until the first lane that is not due yet', async () => {
      expect(await store().hot.nextReadyAt('turns', now)).toBeNull();
      await ingest(event('due'), event('later', { settleMs: 700 }));
      expect(await store().hot.nextReadyAt('turns', now)).toBe(now + 700);
      expect(await store().hot.nextReadyAt('deliveries', now)).toBeNull();
    });
  });
}
