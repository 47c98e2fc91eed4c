import type { Content } from '@omni-hub/contracts';
import type { ReplayRow } from '../storage/repositories/replays.repository';
import type { TurnStory } from '../storage/repositories/turns.repository';

/** Which turns of an instance are asked again together, and of whom. Times are epoch milliseconds. */
export interface ReplayOrder {
  instance: string;
  /** Null for the instance's own agent, as it is when each turn is asked. */
  agent: Record<string, unknown> | null;
  from: number | null;
  to: number | null;
  /** The chat's own id, or the platform's. */
  chatId: string | null;
  status: string | null;
  limit: number;
}

/** Asks agents about finished turns once more, without sending anything to anybody. The replay stage is it. */
export abstract class Replays {
  /**
   * Asks now, and answers the turn with what came of it; a failure of the agent is what came of it. `agent` as in an order. Throws a
   * Problem where the turn or the agent is not right, or too many are asked at once.
   */
  abstract replay(
    turnId: string,
    agent: ReplayOrder['agent'],
    signal: AbortSignal,
  ): Promise<{ story: TurnStory; replay: ReplayRow }>;
  /** Resolves once the batch is committed. Throws a Problem. */
  abstract start(order: ReplayOrder): Promise<{ id: string; total: number }>;
  /** Ends a batch and removes it with all of its replays; false where there is none. */
  abstract cancel(id: string): Promise<boolean>;
  /** Keeps what an agent answers later to a replay; false where the turn's id is none of a replay. */
  abstract hear(turnId: string, content: Content): Promise<boolean>;
}
