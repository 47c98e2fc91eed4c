/** One step of a message's way through the hub. */
export interface TraceStep {
  at: string;
  stage: 'inbox' | 'router' | 'agent' | 'outbox';
  step: string;
  verdict: 'pass' | 'stop' | 'info';
  /** A stable code. */
  reason: string;
  detail: string;
  /** What would change it; null where nothing would. */
  change: string | null;
  ms?: number;
}

/** A step that decided nothing. */
export const info = (
  at: string,
  stage: TraceStep['stage'],
  step: string,
  reason: string,
  detail: string,
): TraceStep => ({
  at,
  stage,
  step,
  verdict: 'info',
  reason,
  detail,
  change: null,
});
