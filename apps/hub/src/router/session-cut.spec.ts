import type { ContactId } from '@omni-hub/contracts';
import fc from 'fast-check';
import { sessionIdOf } from '../flow/session';
import type { SessionPolicy } from '../instances/live-instance';
import type { ClaimedTurn } from '../storage/store';
import { sampleInstance, sampleMessage, sampleTurn } from '../testing/samples';
import { cutToSession } from './session-cut';
import { judge } from './turn';

const noFacts = { access: null, counted: () => [] };

/** Who writes, in order; one in capitals says what nobody has to answer. */
function turnOf(writers: readonly string[], firstSeq = 1): ClaimedTurn {
  const messages = writers.map((writer, index) => {
    const id = `sample:${writer.toLowerCase()}` as ContactId;
    const event = sampleMessage(
      { fromMe: writer !== writer.toLowerCase() },
      { sender: { ...sampleMessage().sender, id } },
    );
    const seq = firstSeq + index;
    return { id: `m${seq}`, seq, type: 'message', event: JSON.stringify(event), receivedAt: 0, personId: id };
  });
  return sampleTurn({ firstSeq, lastSeq: firstSeq + writers.length - 1, messages });
}

function cut(turn: ClaimedTurn, session: SessionPolicy) {
  const instance = sampleInstance({ settings: { session, contactRate: { messages: 1_000, perSeconds: 1 } } });
  const events = turn.messages.map(({ event }) => JSON.parse(event) as ReturnType<typeof sampleMessage>);
  return { instance, ...cutToSession(turn, judge(turn, events, instance, noFacts, 0), instance) };
}

describe('a turn with messages of several sessions', () => {
  it('is whole where a chat is a session', () => {
    const { turn, judged, isCut } = cut(turnOf(['a', 'b', 'a']), 'chat');
    expect([turn.lastSeq, judged.asked.length, isCut]).toEqual([3, 3, false]);
  });

  it('ends before the first message of another, with what nobody asks about before it', () => {
    const { turn, judged, isCut } = cut(turnOf(['a', 'B', 'a', 'B', 'b', 'a']), 'contact');
    expect([turn.lastSeq, isCut, turn.messages.map(({ id }) => id)]).toEqual([
      4,
      true,
      ['m1', 'm2', 'm3', 'm4'],
    ]);
    expect(judged.asked.map(({ rowId }) => rowId)).toEqual(['m1', 'm3']);
    expect(judged.counted.map(({ messageId }) => messageId)).toEqual(['m1', 'm3']);
    expect(new Set(judged.decisions.map(({ messageId }) => messageId)).size).toBe(4);
  });

  it('is whole where nothing of the others is asked about', () => {
    expect(cut(turnOf(['B', 'a', 'B']), 'person').isCut).toBe(false);
    expect(cut(turnOf(['B', 'B']), 'person')).toMatchObject({ isCut: false, judged: { asked: [] } });
  });

  it('is read turn by turn: each asks about one session, none skips or repeats a message', () => {
    const writers = fc.array(fc.constantFrom('a', 'b', 'c', 'A'), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(writers, fc.constantFrom<SessionPolicy>('chat', 'contact', 'person'), (all, session) => {
        const read: string[] = [];
        for (let done = 0; done < all.length; ) {
          const { turn, judged, instance } = cut(turnOf(all.slice(done), done + 1), session);
          expect(new Set(judged.asked.map((one) => sessionIdOf(instance, turn, one))).size).toBeLessThan(2);
          expect(turn.lastSeq).toBe(turn.messages.at(-1)!.seq);
          read.push(...turn.messages.map(({ id }) => id));
          done = turn.lastSeq;
        }
        expect(read).toEqual(all.map((_, index) => `m${index + 1}`));
      }),
    );
  });
});
