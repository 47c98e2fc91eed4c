import type { Content, MessageId } from '@omni-hub/contracts';
import type { TurnTrace } from '../flow/trace';
import { sampleInstance, sampleMessage, sampleTurn } from '../testing/samples';
import { ContactRates } from './contact-rates';
import type { TurnFacts } from './facts';
import { judge, planAnswer, toCompletion } from './turn';
import { endAnswered, endCutShort, endUnasked, noteRefusal, type TurnEnd } from './turn-end';

const instance = sampleInstance();
const noFacts: TurnFacts = { access: null, counted: () => [] };

const claimed = (id: string, event = sampleMessage(), receivedAt = 0) => ({
  id,
  seq: 1,
  type: event.type,
  event: JSON.stringify(event),
  receivedAt,
  personId: null,
});

const planned = (content: Content[], previewId: MessageId | null = null, turn = sampleTurn(), asked = []) =>
  planAnswer(
    { status: 'answered', reason: 'answered', attempt: null, content, deadLetter: null, retryAt: null },
    turn,
    instance,
    asked,
    previewId,
    100,
  );

describe('judging a turn', () => {
  it('asks about those messages only that pass every gate', () => {
    const own = sampleMessage({ fromMe: true });
    const turn = sampleTurn({ messages: [claimed('m1'), claimed('m2', own), claimed('m3')] });
    const { asked, decisions } = judge(turn, [sampleMessage(), own, sampleMessage()], instance, noFacts, 10);
    expect(asked.map(({ rowId }) => rowId)).toEqual(['m1', 'm3']);
    expect(decisions.filter(({ verdict }) => verdict === 'stop').map(({ messageId }) => messageId)).toEqual([
      'm2',
    ]);
  });

  it('ends in silence with the gate’s reason when nothing passes', () => {
    const own = sampleMessage({ fromMe: true });
    const { decisions } = judge(sampleTurn({ messages: [claimed('m1', own)] }), [own], instance, noFacts, 10);
    expect(endUnasked(decisions)).toMatchObject({
      status: 'silent',
      reason: 'own_message',
      deadLetter: null,
    });
  });

  it('keeps what waited too long as a dead letter', () => {
    const { decisions } = judge(
      sampleTurn({ messages: [claimed('m1')] }),
      [sampleMessage()],
      instance,
      noFacts,
      900_001,
    );
    expect(endUnasked(decisions)).toMatchObject({ status: 'failed', deadLetter: { code: 'STALE' } });
  });
});

describe('judging with a rate for each contact', () => {
  const rated = sampleInstance({ settings: { contactRate: { messages: 2, perSeconds: 10 } } });
  const turn = sampleTurn({ messages: ['m1', 'm2', 'm3'].map((id) => claimed(id, sampleMessage(), 1_000)) });
  const events = turn.messages.map(() => sampleMessage());
  const judged = (rates: ContactRates) => {
    const facts: TurnFacts = { access: null, counted: (contactId) => rates.of('i1', contactId) };
    const { asked, counted } = judge(turn, events, rated, facts, 1_000);
    rates.note('i1', counted, 10_000);
    return asked.map(({ rowId }) => rowId);
  };

  it('lets as many of a turn through as the rate allows, and the same ones when it is tried again', () => {
    const rates = new ContactRates();
    expect([judged(rates), judged(rates)]).toEqual([
      ['m1', 'm2'],
      ['m1', 'm2'],
    ]);
  });

  it('counts what was let through before, within the window, and each contact on its own', () => {
    const counts = (at: number, contactId = 'sample:7') => {
      const rates = new ContactRates();
      rates.note('i1', [{ contactId, messageId: 'm0', at }], 10_000);
      return judged(rates);
    };
    expect(counts(500)).toEqual(['m1']);
    expect(counts(-9_000)).toEqual(['m1', 'm2']);
    expect(counts(500, 'sample:8')).toEqual(['m1', 'm2']);
  });

  it('counts nothing where there is none', () => {
    const { asked, counted } = judge(turn, events, instance, noFacts, 1_000);
    expect([asked.length, counted]).toEqual([3, []]);
  });
});

describe('what a turn says', () => {
  const parts = (content: Content[], previewId: MessageId | null = null) =>
    planned(content, previewId).plans.flatMap(({ message }) =>
      message.deliveries.map(({ part, replaces }) => ({
        ...(JSON.parse(part) as { type: string }),
        replaces,
      })),
    );

  it('lives as long as the instance says', () => {
    const { plans } = planned([{ type: 'text', text: 'a' }]);
    expect(plans[0].message.deliveries[0].expiresAt).toBe(900_100);
  });

  it('has one event id for each message, so that it is stored once', () => {
    const { plans } = planned([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]);
    expect(plans.map(({ message }) => message.eventId)).toEqual(['turn:t1:0', 'turn:t1:1']);
  });

  it('takes the place of its preview', () => {
    expect(parts([{ type: 'text', text: 'a' }], 'p1' as MessageId)).toMatchObject([
      { type: 'text', replaces: 'p1' },
    ]);
  });

  it('removes a preview that no text replaces', () => {
    expect(parts([{ type: 'location', latitude: 1, longitude: 2 }], 'p1' as MessageId)).toMatchObject([
      { type: 'delete', messageId: 'p1' },
      { type: 'location', replaces: null },
    ]);
  });

  it('leaves a preview where what comes next takes it over, and removes it where nothing does', () => {
    const said = (end: TurnEnd, chatKind = 'direct') =>
      planAnswer(end, sampleTurn({ chatKind }), instance, [], 'p1' as MessageId, 100).plans.flatMap(
        ({ message }) => message.deliveries.map(({ part }) => JSON.parse(part) as { type: string }),
      );
    expect([said(endCutShort('merged', 0, 0)!), said(endCutShort('interrupted', 0, 0)!)]).toEqual([[], []]);
    const removed = [{ type: 'delete', messageId: 'p1' }];
    expect(said(endUnasked([]))).toMatchObject(removed);
    expect(said(endCutShort('merged', 0, 0)!, 'group')).toMatchObject(removed);
  });

  it('goes on without what the channel cannot carry, and says so', () => {
    const { plans, refused } = planned([
      { type: 'template', name: 't', language: 'en' },
      { type: 'text', text: 'b' },
    ]);
    expect(plans).toHaveLength(1);
    expect(refused).toMatchObject({
      code: 'UNSUPPORTED',
      detail: expect.stringContaining('content.template'),
    });
  });

  it('has failed when nothing of it can be sent', () => {
    const end = endAnswered(
      { kind: 'reply', content: [{ type: 'template', name: 't', language: 'en' }] },
      0,
      0,
    );
    const { plans, refused } = planned(end.content);
    noteRefusal(end, refused!, plans.length);
    expect(end).toMatchObject({
      status: 'failed',
      reason: 'UNSUPPORTED',
      deadLetter: { code: 'UNSUPPORTED' },
      attempt: { code: 'UNSUPPORTED' },
    });
  });

  it('replaces a long action id by a token, the same each time', () => {
    const id = 'x'.repeat(65);
    const content: Content = {
      type: 'buttons',
      text: 'Which?',
      buttons: [
        { id, label: 'A' },
        { id: 'short', label: 'B' },
      ],
    };
    const [first, second] = [planned([content]), planned([content])].map(({ plans }) => plans[0]);
    expect(first.actionTokens).toEqual([{ token: expect.stringMatching(/^omni:.{27}$/), value: id }]);
    expect(second.actionTokens).toEqual(first.actionTokens);
    expect(JSON.parse(first.message.deliveries[0].part)).toMatchObject({
      buttons: [{ id: first.actionTokens[0].token }, { id: 'short' }],
    });
  });

  describe('quotes what it answers', () => {
    const asked = [{ rowId: 'm1', personId: null, receivedAt: 0, event: sampleMessage() }];
    const text: Content = { type: 'text', text: 'a' };
    const replies = (
      content: Content[],
      { chatKind = 'group', previewId = null as MessageId | null, of = instance } = {},
    ) =>
      planAnswer(
        endAnswered({ kind: 'reply', content }, 0, 0),
        sampleTurn({ chatKind }),
        of,
        asked,
        previewId,
        0,
      ).plans.flatMap(({ message }) => message.deliveries.map(({ replyTo }) => replyTo));

    it('in a group, and in a direct chat does not', () => {
      expect(replies([text])).toEqual(['sample:42:1']);
      expect(replies([text], { chatKind: 'direct' })).toEqual([null]);
    });

    it('with the first message of its own, whatever it does before', () => {
      const reaction: Content = { type: 'reaction', messageId: 'sample:42:1' as MessageId, emoji: '👍' };
      expect(replies([reaction, text, { ...text }])).toEqual([null, 'sample:42:1', null]);
      const place: Content = { type: 'location', latitude: 1, longitude: 2 };
      expect(replies([place], { previewId: 'p1' as MessageId })).toEqual([null, 'sample:42:1']);
    });

    it('with each of its parts where a reply is a place', () => {
      const { handler } = instance;
      const of = sampleInstance({ handler: { ...handler, repliesInThread: true } });
      const long: Content = { type: 'text', text: 'word '.repeat(1_000) };
      const parts = replies([long, text], { of });
      expect(parts.length).toBeGreaterThan(2);
      expect(new Set(parts)).toEqual(new Set(['sample:42:1']));
    });
  });
});

describe('what is written down of a turn', () => {
  it('keeps the attempts before', () => {
    const earlier: TurnTrace = {
      decisions: [],
      agent: [{ at: 1, ms: 1, outcome: 'failed', code: 'AGENT_STATUS', detail: null }],
    };
    const turn = sampleTurn({ attempts: 1, trace: JSON.stringify(earlier) });
    const end: TurnEnd = endAnswered({ kind: 'silent', reason: 'x' }, 5, 6);
    const completion = toCompletion(turn, end, 'http', [], [], 4, 11);
    expect((JSON.parse(completion.turn.trace) as TurnTrace).agent.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'silent',
    ]);
    expect(completion.turn).toMatchObject({ status: 'silent', attempts: 2, finishedAt: 11 });
    expect(completion.retryAt).toBeNull();
    expect(completion.keepsPreview).toBe(false);
  });
});
