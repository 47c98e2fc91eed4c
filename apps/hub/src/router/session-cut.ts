import { sessionIdOf } from '../flow/session';
import type { LiveInstance } from '../instances/live-instance';
import type { ClaimedTurn } from '../storage/store';
import type { JudgedTurn } from './turn';

export interface CutTurn {
  turn: ClaimedTurn;
  judged: JudgedTurn;
  /** True where messages of another session wait for the next turn. */
  isCut: boolean;
}

/**
 * An agent is asked about one session at a time: a turn whose messages are of several ends before the first that is of another,
 * with which the next turn begins. Messages that nobody asks about go with those before them. Pure.
 */
export function cutToSession(turn: ClaimedTurn, judged: JudgedTurn, instance: LiveInstance): CutTurn {
  const [first] = judged.asked;
  const session = first && sessionIdOf(instance, turn, first);
  const other = judged.asked.find((one) => sessionIdOf(instance, turn, one) !== session);
  if (!other) return { turn, judged, isCut: false };
  const messages = turn.messages.slice(
    0,
    turn.messages.findIndex(({ id }) => id === other.rowId),
  );
  const kept = new Set(messages.map(({ id }) => id));
  return {
    turn: { ...turn, messages, lastSeq: messages[messages.length - 1].seq },
    judged: {
      decisions: judged.decisions.filter(({ messageId }) => kept.has(messageId)),
      asked: judged.asked.filter(({ rowId }) => kept.has(rowId)),
      counted: judged.counted.filter(({ messageId }) => kept.has(messageId)),
    },
    isCut: true,
  };
}
