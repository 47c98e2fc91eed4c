import { v7 } from 'uuid';
import type { TurnsQuery } from '../../repositories/turns.repository';
import type { ClaimedTurn } from '../../store';
import { claimAt, completion, event, now, outbound } from '../samples';
import type { SuiteContext } from '../store.suite';

const everything: TurnsQuery = {
  instanceId: null,
  chatId: null,
  status: null,
  agentKind: null,
  from: null,
  to: null,
  limit: 10,
  cursor: null,
};

export function describeTurns({ store }: SuiteContext): void {
  const turns = () => store().turns;
  const claim = async (): Promise<ClaimedTurn> => (await store().hot.claimTurns(claimAt(now + 1_000)))[0];
  const turnOf = async (chat: string, changes: Parameters<typeof completion>[1] = {}, heard = {}) => {
    await store().hot.ingest(event(chat, heard));
    const claimed = await claim();
    await store().hot.completeTurn(completion(claimed, changes));
    return claimed;
  };
  const listed = async (changes: Partial<TurnsQuery> = {}) =>
    (await turns().list({ ...everything, ...changes })).items.map(({ id }) => id);

  describe('turns', () => {
    it('are listed newest first, page by page', async () => {
      const ids = [];
      for (let index = 0; index < 3; index++) ids.push((await turnOf('a')).turnId);
      const first = await turns().list({ ...everything, limit: 2 });
      expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
      const second = await turns().list({ ...everything, limit: 2, cursor: first.nextCursor });
      expect([second.items.map(({ id }) => id), second.nextCursor]).toEqual([[ids[0]], null]);
    });

    it('are found by instance, chat, status, kind of agent and time', async () => {
      const one = await turnOf('a');
      const failed = await turnOf('b', { turn: { status: 'failed', agentKind: 'http' } });
      const other = await turnOf('a', {}, { instanceId: 'i2' });
      expect(await listed({ instanceId: 'i2' })).toEqual([other.turnId]);
      expect(await listed({ chatId: one.chatId })).toEqual([one.turnId]);
      expect(await listed({ status: 'failed' })).toEqual([failed.turnId]);
      expect(await listed({ agentKind: 'http' })).toEqual([failed.turnId]);
      const began = Date.now();
      expect(await listed({ from: began - 60_000, to: began + 60_000 })).toHaveLength(3);
      expect(await listed({ from: began + 60_000 })).toEqual([]);
      expect(await listed({ to: began - 60_000 })).toEqual([]);
    });

    it('tell their story: the messages with their people, and what was said, in order', async () => {
      await store().hot.ingest(event('a', { eventId: 'before' }));
      await store().hot.completeTurn(completion(await claim()));
      const contact = {
        ...{ id: v7(), externalId: 'test:7', name: 'Ada' },
        ...{ username: null, phone: null, locale: null },
      };
      await store().hot.ingest(event('a', { eventId: '1', senderId: 'test:7', contact }));
      await store().hot.ingest(event('a', { eventId: '2' }));
      const claimed = await claim();
      const said = ['one', 'two'].map((text) => outbound([text], { turnId: claimed.turnId }));
      await store().hot.completeTurn(completion(claimed, { outbound: said }));
      const story = (await turns().story(claimed.turnId))!;
      expect(story.turn).toMatchObject({ id: claimed.turnId, status: 'answered' });
      expect(story.chat).toMatchObject({ id: claimed.chatId, address: 'test:a' });
      expect(story.messages.map(({ eventId, personId }) => [eventId, personId !== null])).toEqual([
        ['1', true],
        ['2', false],
      ]);
      expect(story.said.map(({ id }) => id)).toEqual(said.map(({ id }) => id));
      expect(
        (await turns().saidBy([claimed.turnId])).map(({ content }) => JSON.parse(content!).text),
      ).toEqual(['one', 'two']);
      expect([...(await turns().named([claimed.turnId, 'unknown'])).keys()]).toEqual([claimed.turnId]);
    });

    it('that nobody knows have no story', async () => {
      expect(await turns().story('unknown')).toBeNull();
      expect(await turns().saidBy([])).toEqual([]);
      expect((await turns().named([])).size).toBe(0);
    });

    it('that the agent was asked about and that are over can be asked again, oldest first', async () => {
      const [one, two] = [await turnOf('a'), await turnOf('b', { turn: { status: 'failed' } })];
      await turnOf('c', { turn: { status: 'silent', agentKind: null } });
      await turnOf('d', { retryAt: now + 60_000, turn: { status: 'retrying' } });
      const { limit: _limit, cursor: _cursor, ...filter } = everything;
      expect(await turns().finished(filter, 10)).toEqual([one.turnId, two.turnId]);
      expect(await turns().finished(filter, 1)).toEqual([two.turnId]);
      expect(await turns().finished({ ...filter, status: 'answered' }, 10)).toEqual([one.turnId]);
    });

    it('are found by a chat’s own id, and by the platform’s within an instance', async () => {
      const { chatId } = await turnOf('a');
      expect(await turns().chatId(null, chatId)).toBe(chatId);
      expect(await turns().chatId('i1', 'test:a')).toBe(chatId);
      expect(await turns().chatId('i2', 'test:a')).toBeNull();
      expect(await turns().chatId('i2', chatId)).toBeNull();
      expect(await turns().chatId(null, 'test:a')).toBeNull();
    });
  });

  describe('the past of a chat, as of a turn that is over', () => {
    it('ends where the turn began, and has nothing of what it said', async () => {
      const startedAt = now + 10;
      const say = (turnId: string | null, text: string, at: number) =>
        outbound([text], { turnId, at, content: JSON.stringify({ type: 'text', text }) });
      await store().hot.ingest(event('a', { eventId: '1' }));
      const first = await claim();
      await store().hot.completeTurn(completion(first, { outbound: [say(first.turnId, 'one', startedAt)] }));
      await store().hot.ingest(event('a', { eventId: '2', receivedAt: startedAt }));
      const turn = await claim();
      await store().hot.completeTurn(
        completion(turn, { outbound: [say(turn.turnId, 'two', startedAt)], turn: { startedAt } }),
      );
      await store().hot.ingest(event('a', { eventId: '3', receivedAt: startedAt + 1 }));
      const last = await claim();
      await store().hot.completeTurn(
        completion(last, { outbound: [say(last.turnId, 'three', startedAt + 2)] }),
      );

      const asOf = { at: startedAt, turnId: turn.turnId };
      const past = await store().history.before(turn.chatId, turn.firstSeq, 10, asOf);
      expect(past.map(({ content }) => JSON.parse(content!).text ?? JSON.parse(content!).eventId)).toEqual([
        '1',
        'one',
      ]);
    });
  });
}
