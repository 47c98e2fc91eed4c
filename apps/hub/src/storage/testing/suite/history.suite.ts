import type { ClaimedTurn } from '../../store';
import { claimAt, completion, event, now, outbound, receipt, request } from '../samples';
import type { SuiteContext } from '../store.suite';

export function describeHistory({ store }: SuiteContext): void {
  describe('the past of a chat', () => {
    const hear = (eventId: string, at: number, changes: object = {}) =>
      store().hot.ingest(event('a', { eventId, receivedAt: now + at, ...changes }));
    const claim = async (): Promise<ClaimedTurn> => (await store().hot.claimTurns(claimAt(now + 1_000)))[0];
    const say = (text: string, at = 0) =>
      store().hot.enqueue(request('a', outbound([text], { at: now + at })));
    const answer = async (turn: ClaimedTurn, at: number, ...texts: string[]) =>
      store().hot.completeTurn(
        completion(turn, { outbound: texts.map((text) => outbound([text], { at: now + at })) }),
      );
    const past = async (turn: ClaimedTurn, limit = 10) =>
      (await store().history.before(turn.chatId, turn.firstSeq, limit)).map(({ content }) => {
        const { eventId, text } = JSON.parse(content!) as { eventId?: string; text?: string };
        return eventId ?? text;
      });

    const talk = async () => {
      await say('welcome', 0);
      await hear('1', 1);
      await answer(await claim(), 2, 'one');
      await hear('2', 3);
      await answer(await claim(), 4, 'two', 'three');
      await hear('3', 5);
      return claim();
    };

    it('is what was heard and said before a turn, in order, and nothing of the turn', async () => {
      const turn = await talk();
      expect(await past(turn)).toEqual(['welcome', '1', 'one', '2', 'two', 'three']);
      const before = await store().history.before(turn.chatId, turn.firstSeq, 2);
      expect(before).toMatchObject([
        { direction: 'out', type: 'text', at: now + 4 },
        { direction: 'out', type: 'text', at: now + 4 },
      ]);
    });

    it('is the last so many messages', async () => {
      const turn = await talk();
      expect(await past(turn, 3)).toEqual(['2', 'two', 'three']);
      expect(await past(turn, 1)).toEqual(['three']);
    });

    it('holds what was said while a turn waited, and no later message', async () => {
      await hear('1', 0);
      const turn = await claim();
      await hear('2', 1);
      await answer(turn, 2, 'one');
      await hear('3', 3);
      expect(await past(await claim())).toEqual(['1', 'one']);
    });

    it('leaves out events that say nothing, and content that only does something', async () => {
      await hear('1', 0);
      await hear('reaction', 1, { type: 'reaction' });
      await store().hot.enqueue(request('a', outbound(['👍'], { type: 'reaction', at: now + 1 })));
      await answer(await claim(), 2);
      await hear('2', 2);
      expect(await past(await claim())).toEqual(['1']);
    });

    it('leaves out what was never sent, and keeps what waits', async () => {
      await say('lost');
      const [part] = await store().hot.claimDeliveries(claimAt(now));
      await store().hot.completeDelivery(receipt(part, { outcome: 'dead', errorCode: 'REJECTED' }));
      await say('waits');
      await hear('1', 0);
      expect(await past(await claim())).toEqual(['waits']);
    });

    it('tells the platform’s ids of what was sent', async () => {
      await say('sent');
      const [part] = await store().hot.claimDeliveries(claimAt(now));
      await store().hot.completeDelivery(
        receipt(part, { platformIds: '["test:1","test:2"]', platformId: 'test:1' }),
      );
      await hear('1', 0);
      const turn = await claim();
      expect(await store().history.before(turn.chatId, turn.firstSeq, 5)).toMatchObject([
        { direction: 'out', platformIds: ['test:1', 'test:2'] },
      ]);
    });

    it('does not read files that content holds', async () => {
      const data = 'A'.repeat(300_000);
      await store().hot.enqueue(
        request('a', outbound(['x'], { type: 'image', content: JSON.stringify({ type: 'image', data }) })),
      );
      await hear('1', 0);
      const turn = await claim();
      expect(await store().history.before(turn.chatId, turn.firstSeq, 5)).toMatchObject([
        { type: 'image', content: null },
      ]);
    });

    it('is another chat’s never', async () => {
      await store().hot.ingest(event('b', { receivedAt: now }));
      await store().hot.enqueue(request('b', outbound(['elsewhere'])));
      await hear('1', 0);
      const turns = await store().hot.claimTurns(claimAt(now + 1_000));
      for (const turn of turns) {
        const before = await store().history.before(turn.chatId, turn.firstSeq, 5);
        expect(before.length).toBe((await store().chats.get(turn.chatId))!.externalId === 'test:b' ? 1 : 0);
      }
    });
  });
}
