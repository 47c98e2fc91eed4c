import type { Instances } from '../instances/instances';
import type { ClaimedTurn } from '../storage/store';

/** `merged` and `interrupted`: more came that does not let the turn go on. */
export type CutReason = 'stopping' | 'instance_disabled' | 'instance_gone' | 'merged' | 'interrupted';

/** The reason of a turn's signal. */
export class CutShort extends Error {
  constructor(readonly why: CutReason) {
    super(`the turn was cut short: ${why}`);
  }
}

/** Why a turn was cut short; null where it was not. */
export const cutReason = ({ reason }: AbortSignal): CutReason | null =>
  reason instanceof CutShort ? reason.why : null;

/** The turns that this process works on. One whose instance is disabled or deleted meanwhile is cut short. */
export class RunningTurns {
  private readonly running = new Map<ClaimedTurn, AbortController>();

  constructor(private readonly instances: Pick<Instances, 'byId'>) {}

  /** `work` gets a signal that aborts with `stop`, and when the turn is cut short, by `cut` too. */
  async run(
    turn: ClaimedTurn,
    stop: AbortSignal,
    work: (signal: AbortSignal, cut: (why: CutReason) => void) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    const onStop = () => controller.abort(new CutShort('stopping'));
    if (stop.aborted) onStop();
    else stop.addEventListener('abort', onStop, { once: true });
    this.running.set(turn, controller);
    try {
      await work(controller.signal, (why) => controller.abort(new CutShort(why)));
    } finally {
      this.running.delete(turn);
      stop.removeEventListener('abort', onStop);
    }
  }

  /** Call when instances have changed. */
  cutShort(): void {
    for (const [turn, controller] of this.running) {
      const instance = this.instances.byId(turn.instanceId);
      if (!instance) controller.abort(new CutShort('instance_gone'));
      else if (!instance.enabled) controller.abort(new CutShort('instance_disabled'));
    }
  }
}
