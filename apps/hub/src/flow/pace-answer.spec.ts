import type { Content, MessageId } from '@omni-hub/contracts';
import fc from 'fast-check';
import { sampleCapabilities } from '../testing/samples';
import { paceAnswer, type AnswerPace, type Pacing } from './pace-answer';
import { planOutbound, type OutboundPlan } from './plan-outbound';

const plan = (content: Content, inMessages = false): OutboundPlan =>
  planOutbound(
    {
      ...{ instanceId: 'i1', turnId: 't1', eventId: 'turn:t1:0', content, replyTo: null, answers: null },
      ...{ replaces: null, now: 100, expiresAt: 900_100, scheduled: false, inMessages },
    },
    { capabilities: sampleCapabilities },
  );
const text = (letters: number): Content => ({ type: 'text', text: 'x'.repeat(letters) });

const answering = 'sample:42:1' as MessageId;
const untouched: AnswerPace = { pacing: 'natural', workedMs: 0, hasPreviewed: false, answering };
const waitsOf = (plans: OutboundPlan[], pace: Partial<AnswerPace> = {}) =>
  paceAnswer(plans, { ...untouched, ...pace }).flatMap(({ message }) =>
    message.deliveries.map(({ waitMs }) => waitMs),
  );

describe('the pace of an answer', () => {
  it.each<[Pacing, (number | null)[]]>([
    ['off', [null, null, null]],
    ['fast', [300, 1_000, 1_500]],
    ['natural', [800, 3_000, 4_000]],
  ])('%s: each message waits as long as it takes to type it', (pacing, waits) => {
    expect(waitsOf([plan(text(5)), plan(text(100)), plan(text(4_000))], { pacing })).toEqual(waits);
  });

  it.each<[string, Partial<AnswerPace>, number[]]>([
    ['is typed while the agent works', { workedMs: 1_000 }, [2_000, 3_000]],
    ['is there at once where that took long enough', { workedMs: 9_000 }, [0, 3_000]],
    ['is there at once where it was seen to grow', { hasPreviewed: true }, [0, 3_000]],
  ])('the first message %s', (_, pace, waits) => {
    expect(waitsOf([plan(text(100)), plan(text(100))], pace)).toEqual(waits);
  });

  it('waits for files too, as long as for their captions, and never for what changes a message', () => {
    const file = { type: 'image', url: 'https://example.org/a.png' } as const;
    const gone = { type: 'delete', messageId: answering } as const;
    const waits = waitsOf([plan(gone), plan(file), plan({ ...file, caption: 'x'.repeat(100) })]);
    expect(waits).toEqual([null, 800, 3_000]);
  });

  it('names the message whose answer is typed, for what is typed only', () => {
    const plans = paceAnswer([plan({ type: 'delete', messageId: answering }), plan(text(5))], untouched);
    expect(plans.flatMap(({ message }) => message.deliveries.map(({ typingFor }) => typingFor))).toEqual([
      null,
      answering,
    ]);
  });

  it('takes no longer in all than a person would wait', () => {
    const answer = fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(answer, fc.constantFrom('fast' as const, 'natural' as const), (lengths, pacing) => {
        const waits = waitsOf(
          lengths.map((letters) => plan(text(letters))),
          { pacing },
        ).map(Number);
        const [whole, most] = pacing === 'fast' ? [5_000, 1_500] : [12_000, 4_000];
        expect(waits.reduce((sum, wait) => sum + wait)).toBeLessThanOrEqual(whole);
        for (const wait of waits) expect(wait).toBeLessThanOrEqual(most);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a text that is said in several messages', () => {
  const paragraphs = [1, 2, 3].map(
    (number) => `Paragraph ${number} says something at length, and ends here.`,
  );

  it('is one message of the hub, in a part for each, of which the first answers', () => {
    const { message, parts } = plan({ type: 'text', text: paragraphs.join('\n\n') }, true);
    expect(JSON.parse(message.content)).toEqual({ type: 'text', text: paragraphs.join('\n\n') });
    expect(message.deliveries.map(({ part }) => JSON.parse(part).body.text)).toEqual(paragraphs);
    expect(parts).toHaveLength(3);
  });

  it('stays whole where nothing is said of that', () => {
    expect(plan({ type: 'text', text: paragraphs.join('\n\n') }).parts).toHaveLength(1);
  });
});
