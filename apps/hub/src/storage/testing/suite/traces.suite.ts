import fc from 'fast-check';
import { v7 } from 'uuid';
import { conclude, outcomes, type Conclusion } from '../../../flow/conclusion';
import { beyondEveryId, firstIdAt } from '../../../flow/ids';
import type { AgentAttempt, Decision } from '../../../flow/trace';
import type { TracesFilter } from '../../repositories/traces.repository';
import type { ClaimedTurn, NewDeadLetter, TurnStatus } from '../../store';
import { claimAt, completion, event, now, outbound, receipt } from '../samples';
import type { SuiteContext } from '../store.suite';

const everything = { from: firstIdAt(0), before: beyondEveryId };
const anyMessage: TracesFilter = { instanceId: null, chatId: null, direction: null };
const running = { paused: null };
const onTheirWay = ['waiting', 'sending'];

/** One thing that happens to all that waits for it. */
type Step =
  | { does: 'hear'; chat: string | null; type: string }
  | { does: 'claim' }
  | { does: 'answer'; status: TurnStatus; agent: AgentAttempt['outcome'] | null; parts: number }
  | { does: 'send'; outcome: 'sent' | 'accepted' | 'dead' | 'held' | 'retry'; code: string | null }
  | { does: 'tell'; status: 'failed' | 'delivered' }
  | { does: 'giveUp' }
  | { does: 'replay' };

const hear: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('hear'),
  chat: fc.constantFrom('a', 'a', 'a', 'b', null),
  type: fc.constantFrom('message', 'message', 'message', 'message', 'ignored'),
});
const answer: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('answer'),
  status: fc.constantFrom<TurnStatus>(
    ...(['answered', 'answered', 'answered', 'silent', 'deferred', 'failed', 'retrying', 'merged'] as const),
  ),
  agent: fc.constantFrom<AgentAttempt['outcome'] | null>(null, 'reply', 'silent', 'failed', 'hung_up'),
  parts: fc.integer({ min: 0, max: 3 }),
});
const send: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('send'),
  outcome: fc.constantFrom('sent', 'accepted', 'dead', 'held', 'retry'),
  code: fc.constantFrom(null, 'REJECTED', 'A_CODE'),
});
const tell: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('tell'),
  status: fc.constantFrom('failed', 'delivered'),
});
const maybe = (does: 'claim' | 'giveUp' | 'replay') => fc.constantFrom<Step[][]>([], [], [{ does }]);

/** What happens between two messages, most of it or nothing. */
const round: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(hear, { minLength: 1, maxLength: 2 }),
    maybe('claim'),
    fc.array(answer, { maxLength: 2 }),
    fc.array(send, { maxLength: 4 }),
    fc.array(tell, { maxLength: 1 }),
    maybe('giveUp'),
    maybe('replay'),
    fc.array(send, { maxLength: 2 }),
  )
  .map((pieces) => pieces.flat());
const history = fc.array(round, { minLength: 1, maxLength: 4 }).map((rounds) => rounds.flat());

export function describeTraces({ store }: SuiteContext): void {
  const facts = (filter: Partial<TracesFilter> = {}) =>
    store().traces.facts(everything, { ...anyMessage, ...filter });
  const letter = (
    kind: NewDeadLetter['kind'],
    refId: string,
    instanceId: string,
    chatId: string,
  ): NewDeadLetter => ({
    ...{ id: v7(), kind, instanceId, chatId, refId },
    ...{ code: 'CODE', detail: 'why', raw: null, createdAt: now },
  });

  /** Lives through the steps as an instance of its own. */
  async function live(instanceId: string, steps: readonly Step[]): Promise<void> {
    let at = now;
    const taken: string[] = [];
    const ended = (turn: ClaimedTurn, { status, agent, parts }: Step & { does: 'answer' }) => {
      const decisions = turn.messages.flatMap(({ id }, index): Decision[] => [
        {
          messageId: id,
          gate: 'kind',
          verdict: 'pass',
          reason: 'kind_message',
          detail: 'it is',
          change: null,
        },
        ...(index % 2 === 0
          ? [
              {
                ...{ messageId: id, gate: 'groups', verdict: 'stop' as const, reason: `stopped_${index}` },
                ...{ detail: 'no "mention"\0\ud800', change: null },
              },
            ]
          : []),
      ]);
      const attempts = agent
        ? [{ at, ms: 7, outcome: agent, code: agent === 'failed' ? 'AGENT_TIMEOUT' : null, detail: null }]
        : [];
      const texts = Array.from({ length: parts }, (_, index) => `part ${index}`);
      const said = status === 'answered' || status === 'failed' ? [texts.slice(0, 2), texts.slice(2)] : [];
      return completion(turn, {
        turn: {
          status,
          trace: JSON.stringify({ decisions, agent: attempts }),
          startedAt: at,
          finishedAt: at,
        },
        retryAt: status === 'retrying' ? at : null,
        outbound: said
          .filter((some) => some.length > 0)
          .map((some) => outbound(some, { instanceId, turnId: turn.turnId })),
        deadLetter: status === 'failed' ? letter('turn', turn.turnId, instanceId, turn.chatId) : null,
      });
    };
    for (const one of steps) {
      at += 60_000;
      if (one.does === 'hear') {
        const content = JSON.stringify({
          type: 'ignored',
          rawKind: 'odd',
          reason: 'nobody knows it\0\ud800',
        });
        const { chat, type } = one;
        await store().hot.ingest(
          event(chat, { instanceId, type, ...(type === 'ignored' ? { event: content } : {}) }),
        );
      }
      if (one.does === 'claim' || one.does === 'answer') {
        const turns = await store().hot.claimTurns(claimAt(at));
        for (const turn of turns)
          if (turn.instanceId === instanceId && one.does === 'answer')
            await store().hot.completeTurn(ended(turn, one));
      }
      if (one.does === 'send') {
        for (const part of await store().hot.claimDeliveries(claimAt(at))) {
          if (part.instanceId !== instanceId) continue;
          const { outcome, code: errorCode } = one;
          const gone = outcome === 'sent' || outcome === 'accepted';
          const platformId = gone ? part.id : null;
          if (gone) taken.push(part.id);
          await store().hot.completeDelivery(
            receipt(part, {
              ...{ outcome, at, platformId, platformIds: platformId && JSON.stringify([platformId]) },
              errorCode: gone ? null : errorCode,
              deadLetter:
                outcome === 'dead' || outcome === 'held'
                  ? letter('delivery', part.id, instanceId, part.chatId)
                  : null,
            }),
          );
        }
      }
      if (one.does === 'tell' && taken.length > 0)
        await store().deliveryStatus.record(
          instanceId,
          taken.map((platformId) => ({
            ...{ platformId, deliveryId: null, status: one.status, at },
            ...(one.status === 'failed'
              ? { code: '131047', detail: 'too late' }
              : { code: null, detail: null }),
          })),
        );
      if (one.does === 'giveUp') await store().deliveryStatus.giveUpWaiting(instanceId, at + 1, at);
      if (one.does === 'replay') {
        const query = { instanceId, kind: null, code: null, limit: 100, cursor: null, replayable: true };
        for (const { id } of (await store().deadLetters.list(query)).items)
          await store().deadLetters.replay(id, at + 900_000);
      }
    }
  }

  /** What became of every message of an instance by its own trace, newest first. */
  async function concluded(instanceId: string): Promise<[string, Conclusion][]> {
    const { items } = await store().messages.list({ instanceId, eventId: null, limit: 500, cursor: null });
    return Promise.all(
      items.map(async ({ id }) => [id, conclude((await store().messages.story(id))!, running)] as const),
    ) as Promise<[string, Conclusion][]>;
  }

  describe('traces', () => {
    it('say of many messages what the trace of each says, whatever happened', async () => {
      let instances = 0;
      await fc.assert(
        fc.asyncProperty(history, async (steps) => {
          const instanceId = `t${++instances}`;
          await live(instanceId, steps);
          const each = await concluded(instanceId);
          const listed = await store().listedStories.read(each.map(([id]) => id));
          expect(listed.map((story) => [story.message.id, conclude(story, running)])).toEqual(each);
          expect(
            (await facts({ instanceId })).map(({ id, outcome, reason }) => [id, outcome, reason]),
          ).toEqual(
            each.map(([id, { outcome, reason }]) => [
              id,
              outcome,
              onTheirWay.includes(outcome) ? null : reason,
            ]),
          );
        }),
        { numRuns: 40 },
      );
    });

    it('are found by what messages ended in and why, newest first', async () => {
      await live('i1', [
        ...(['answered', 'silent', 'failed', 'retrying'] as const).flatMap((status): Step[] => [
          { does: 'hear', chat: status, type: 'message' },
          { does: 'answer', status, agent: status === 'silent' ? null : 'reply', parts: 1 },
          { does: 'send', outcome: 'dead', code: 'REJECTED' },
        ]),
        { does: 'hear', chat: 'a', type: 'message' },
        { does: 'hear', chat: null, type: 'message' },
        { does: 'hear', chat: 'b', type: 'ignored' },
      ]);
      const each = await concluded('i1');
      expect(new Set(each.map(([, { outcome }]) => outcome))).toEqual(
        new Set(['dead', 'silent', 'failed', 'waiting', 'stored', 'ignored']),
      );
      for (const outcome of outcomes)
        expect(await store().traces.find(everything, anyMessage, { outcome, reason: null }, 100)).toEqual(
          each.filter(([, one]) => one.outcome === outcome).map(([id]) => id),
        );
      for (const reason of ['REJECTED', 'stopped_0', 'no_chat', 'reply'])
        expect(await store().traces.find(everything, anyMessage, { outcome: null, reason }, 100)).toEqual(
          each
            .filter(([, one]) => one.reason === reason || onTheirWay.includes(one.outcome))
            .map(([id]) => id),
        );
    });

    it('are found by instance, chat, direction and time, and at most as many as asked for', async () => {
      const hear = (changes = {}, chat = 'a') => store().hot.ingest(event(chat, changes));
      const [one, two, other] = [await hear(), await hear({}, 'b'), await hear({ instanceId: 'i2' })];
      const find = (filter: Partial<TracesFilter>, outcome: string | null, limit = 10, range = everything) =>
        store().traces.find(range, { ...anyMessage, ...filter }, { outcome, reason: null }, limit);
      for (const outcome of [null, 'waiting']) {
        expect(await find({}, outcome)).toEqual([other.id, two.id, one.id]);
        expect(await find({}, outcome, 2)).toEqual([other.id, two.id]);
        expect(await find({ instanceId: 'i2' }, outcome)).toEqual([other.id]);
        expect(await find({ direction: 'out' }, outcome)).toEqual([]);
        expect(await find({}, outcome, 10, { from: one.id, before: other.id })).toEqual([two.id, one.id]);
      }
      const [chat] = (await store().chats.list({ instanceId: 'i2', limit: 1, cursor: null })).items;
      expect(await find({ chatId: chat.id }, 'waiting')).toEqual([other.id]);
    });

    it('are gone through piece by piece: each edge begins a piece, and there is none where one is all', async () => {
      const ids: string[] = [];
      for (let index = 0; index < 5; index++) ids.unshift((await store().hot.ingest(event('a'))).id);
      const edge = (before: string, rows: number) =>
        store().traces.edge({ ...everything, before }, null, rows);
      expect(await edge(beyondEveryId, 2)).toBe(ids[1]);
      expect(await edge(ids[1], 2)).toBe(ids[3]);
      expect(await edge(ids[3], 2)).toBeNull();
      expect(await edge(beyondEveryId, 5)).toBeNull();
      expect(await edge(beyondEveryId, 4)).toBe(ids[3]);
    });

    it('tell how long each stage took, of a turn on its last message', async () => {
      await store().hot.ingest(event('a', { receivedAt: now }));
      await store().hot.ingest(event('a', { receivedAt: now + 30 }));
      const [turn] = await store().hot.claimTurns(claimAt(now + 100));
      const attempt = { at: now, outcome: 'failed', code: null, detail: null };
      const agent = [
        { ...attempt, ms: 40 },
        { ...attempt, ms: 2 },
      ];
      await store().hot.completeTurn(
        completion(turn, {
          turn: { startedAt: now + 100, trace: JSON.stringify({ decisions: [], agent }) },
          outbound: [outbound(['one', 'two'], { turnId: turn.turnId })],
        }),
      );
      const onTheWay = await facts();
      expect(onTheWay.every(({ outboxMs, totalMs }) => outboxMs === null && totalMs === null)).toBe(true);
      for (const after of [200, 300]) {
        const [part] = await store().hot.claimDeliveries(claimAt(now + 1_000));
        await store().hot.completeDelivery(receipt(part, { at: now + after }));
      }
      const [said, second, first] = await facts();
      const none = { agentKind: null, turnStatus: null, agentMs: null, waitedMs: null, outboxMs: null };
      expect(said).toMatchObject({
        ...none,
        direction: 'out',
        outcome: 'sent',
        outboxMs: 300,
        totalMs: null,
      });
      expect(second).toMatchObject({
        ...{ outcome: 'answered', agentKind: 'echo', turnStatus: 'answered', agentMs: 42, waitedMs: 70 },
        ...{ outboxMs: null, totalMs: 270 },
      });
      expect(first).toMatchObject({ ...none, outcome: 'answered', waitedMs: 100, totalMs: 300 });
    });
  });
}
