import type { ChatEvent } from '@omni-hub/contracts';
import type { AskedEvent } from '../flow/agent-request';
import type { Log } from '../flow/log';
import { sessionIdOf } from '../flow/session';
import type { LiveInstance } from '../instances/live-instance';
import { maxMessagesOfTurn } from '../storage/hot-store';
import { settleCeiling } from '../storage/ingest-plan';
import type { Store } from '../storage/open-store';
import type { LaneState } from '../storage/repositories/waiting.repository';
import type { ClaimedTurn } from '../storage/store';
import type { Gatekeeper } from './gatekeeper';

/** The safety net under lost wake-ups. */
const pollMs = 1_000;

/** A turn that an agent is asked about, and who it answers. */
export interface Asking {
  /** As it was claimed. */
  turn: ClaimedTurn;
  instance: LiveInstance;
  asked: AskedEvent[];
  /** True where claimed messages of another session wait behind it. */
  isCut: boolean;
}

type Cut = (why: 'merged' | 'interrupted') => void;

interface Watched extends Asking {
  cut: Cut;
  /** The last message that was looked at. */
  seenSeq: number;
}

/**
 * Looks at what comes in while agents work, on whichever process: where the instance does not let it wait and it concerns the
 * turn, the turn is cut short. Reads nothing while no such turn runs. A failure here leaves the message to the next turn.
 */
export class Overlaps {
  private readonly watched = new Set<Watched>();
  private looking: Promise<void> | null = null;
  private again = false;
  private poll: NodeJS.Timeout | null = null;

  constructor(
    private readonly store: Pick<Store, 'waiting'>,
    private readonly gatekeeper: Gatekeeper,
    private readonly log: Log,
  ) {}

  /** Works, and calls `cut` when something comes meanwhile that cuts the turn short; once at most. */
  async during<Result>(asking: Asking, cut: Cut, work: () => Promise<Result>): Promise<Result> {
    if (!mayBeCut(asking)) return work();
    const watched: Watched = { ...asking, cut, seenSeq: asking.turn.lastSeq };
    this.watched.add(watched);
    this.poll ??= setInterval(() => void this.look(), pollMs);
    // Nobody has heeded what came since the claim.
    void this.look();
    try {
      return await work();
    } finally {
      this.forget(watched);
    }
  }

  /** Call when messages may have come in. Never fails; resolves when what is here by now has been looked at. */
  async look(): Promise<void> {
    if (this.watched.size === 0) return;
    this.again = true;
    this.looking ??= this.lookWhileAsked();
    await this.looking;
  }

  private async lookWhileAsked(): Promise<void> {
    do {
      this.again = false;
      await this.lookAtAll().catch((error: Error) =>
        this.log.warn({ error: error.message }, 'what came while agents work cannot be looked at'),
      );
    } while (this.again);
    this.looking = null;
  }

  private async lookAtAll(): Promise<void> {
    const all = [...this.watched];
    const lanes = await this.store.waiting.lanes(all.map(({ turn }) => turn.chatId));
    for (const one of all) {
      const lane = lanes.get(one.turn.chatId);
      if (lane && lane.tailSeq > one.seenSeq && this.watched.has(one)) await this.lookAt(one, lane);
    }
  }

  private async lookAt(watched: Watched, lane: LaneState): Promise<void> {
    const { instance, cut } = watched;
    const { onOverlap } = instance.settings;
    const now = Date.now();
    if (onOverlap === 'merge' && now > mergedUntil(watched)) return this.forget(watched);
    const waiting = await this.answerable(watched, lane, now);
    watched.seenSeq = lane.tailSeq;
    if (!this.watched.has(watched) || !concerns(watched, waiting)) return;
    this.forget(watched);
    cut(onOverlap === 'merge' ? 'merged' : 'interrupted');
  }

  /** The messages behind the turn, as many as the next could take, that may be answered. */
  private async answerable({ turn, instance }: Watched, lane: LaneState, now: number): Promise<AskedEvent[]> {
    const from = turn.lastSeq + 1;
    const room =
      instance.settings.onOverlap === 'merge' ? maxMessagesOfTurn - sizeOf(turn) : maxMessagesOfTurn;
    const messages = await this.store.waiting.messages(turn.chatId, from, from + room - 1);
    const events = messages.map(({ event }) => JSON.parse(event) as ChatEvent);
    const { pausedAt, pausedUntil, pausedReason } = lane;
    const behind: ClaimedTurn = { ...turn, pausedAt, pausedUntil, pausedReason, messages };
    return (await this.gatekeeper.judge(behind, events, instance, now)).asked;
  }

  private forget(watched: Watched): void {
    this.watched.delete(watched);
    if (this.watched.size > 0 || !this.poll) return;
    clearInterval(this.poll);
    this.poll = null;
  }
}

const sizeOf = ({ firstSeq, lastSeq }: ClaimedTurn) => lastSeq - firstSeq + 1;

/**
 * A full turn is finished: what waits behind it came with it. One that was cut to a session has nothing to be merged with, and one
 * whose process was lost may have been answered: asked with another key, the agent would do the same once more.
 */
function mayBeCut({ turn, instance, isCut }: Asking): boolean {
  const { onOverlap } = instance.settings;
  if (onOverlap === 'queue' || sizeOf(turn) >= maxMessagesOfTurn) return false;
  if (onOverlap === 'interrupt') return true;
  return !isCut && (!turn.claimedBefore || turn.attempts > 0);
}

/** A chat that never stops writing gets an answer all the same: the oldest message waits for so long, quiet times aside. */
function mergedUntil({ instance, asked }: Asking): number {
  const { agent, settings } = instance;
  return asked[0].receivedAt + agent.timeoutMs + settleCeiling * settings.settleMs;
}

/**
 * True where something of what waits is by somebody whom the turn answers: in a group one person does not cut short what another
 * asked. What would be merged has to be of the same session, and so does everything before it. Pure.
 */
export function concerns({ turn, instance, asked }: Asking, waiting: AskedEvent[]): boolean {
  const session = sessionIdOf(instance, turn, asked[0]);
  const end = waiting.findIndex((one) => sessionIdOf(instance, turn, one) !== session);
  const reached = instance.settings.onOverlap === 'merge' && end >= 0 ? waiting.slice(0, end) : waiting;
  const answered = new Set(asked.map(({ event }) => event.sender.id));
  return reached.some(({ event }) => turn.chatKind === 'direct' || answered.has(event.sender.id));
}
