import type { Instances } from '../instances/instances';
import type { ClaimedTurn } from '../storage/store';

/** The reason of a turn's signal. */
export class CutShort extends Error {
  constructor(readonly why: 'stopping' | 'instance_disabled' | 'instance_gone') {
    super(`the turn was cut short: ${why}`);
  }
}

/** True where a turn was cut short because its instance is disabled. */
export const cutByDisabling = ({ reason }: AbortSignal): boolean =>
  reason instanceof CutShort && reason.why === 'instance_disabled';

/** The turns that this process works on. One whose instance is disabled or deleted meanwhile is cut short. */
export class RunningTurns {
  private readonly running = new Map<ClaimedTurn, AbortController>();

  constructor(private readonly instances: Pick<Instances, 'byId'>) {}

  /** `work` gets a signal that aborts with `stop`, and when the turn is cut short. */
  async run(
    turn: ClaimedTurn,
    stop: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    const onStop = () => controller.abort(new CutShort('stopping'));
    if (stop.aborted) onStop();
    else stop.addEventListener('abort', onStop, { once: true });
    this.running.set(turn, controller);
    try {
      await work(controller.signal);
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
