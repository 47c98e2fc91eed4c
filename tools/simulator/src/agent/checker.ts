import type { AskedTurn } from './behaviour';

/** A promise of the hub that was broken, as the agent sees it. */
export interface Violation {
  kind: 'overlap' | 'disorder';
  sessionId: string;
  turnId: string;
  /** What it collides with: the turn that is still open, or the message that came before. */
  with: string;
}

const remembered = 100_000;

/**
 * Watches two promises over each chat: turns run one at a time, and messages come once, in the order in which they were written
 * (by the number that ends their id, where it has one). A turn that was not answered may be followed by one that asks about the same. Bounded: it forgets the chats that were quiet for longest.
 */
export class Checker {
  readonly violations: Violation[] = [];
  private readonly open = new Map<string, { turnId: string; isOver: () => boolean }>();
  private readonly last = new Map<string, { turnId: string; messageId: string }>();

  /**
   * Call when a request has been read. `isOver` tells that it was answered, however late its end is noticed here. The
   * returned function ends the turn.
   */
  begin(turn: AskedTurn, isOver: () => boolean): () => void {
    const { turnId, sessionId } = turn;
    const other = this.open.get(sessionId);
    if (other && !other.isOver()) {
      this.violations.push({ kind: 'overlap', sessionId, turnId, with: other.turnId });
    }
    const mine = { turnId, isOver };
    this.open.set(sessionId, mine);
    const before = this.last.get(sessionId);
    this.checkOrder(turn);
    return () => {
      if (this.open.get(sessionId) === mine) this.open.delete(sessionId);
      if (isOver() || this.last.get(sessionId)?.turnId !== turnId) return;
      if (before) this.last.set(sessionId, before);
      else this.last.delete(sessionId);
    };
  }

  clear(): void {
    this.violations.length = 0;
    this.last.clear();
  }

  /** A turn that is asked again is no disorder. A press of a button is named after the message that it is on, so it is passed over. */
  private checkOrder({ turnId, sessionId, messages }: AskedTurn): void {
    let before = this.last.get(sessionId);
    if (before?.turnId === turnId || messages.length === 0) return;
    for (const { id, type } of messages) {
      if (type === 'action') continue;
      if (before && comesBefore(id, before.messageId)) {
        this.violations.push({ kind: 'disorder', sessionId, turnId, with: before.messageId });
      }
      before = { turnId, messageId: id };
    }
    if (!before) return;
    this.last.delete(sessionId);
    this.last.set(sessionId, before);
    if (this.last.size > remembered) this.last.delete(this.last.keys().next().value as string);
  }
}

/** True when both ids end in a number and the first is not above the second. Works beyond 2^53. */
function comesBefore(id: string, other: string): boolean {
  const [a, b] = [id, other].map((one) => /(\d+)$/.exec(one)?.[1].replace(/^0+/, ''));
  if (a === undefined || b === undefined) return false;
  return a.length === b.length ? a <= b : a.length < b.length;
}
