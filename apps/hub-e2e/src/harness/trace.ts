/** One step of a message's way through the hub, as its API tells it. */
export interface TraceStep {
  at: string;
  stage: 'inbox' | 'router' | 'agent' | 'outbox';
  step: string;
  verdict: 'pass' | 'stop' | 'info';
  reason: string;
  detail: string;
  change: string | null;
  ms?: number;
}

/** What stopped a message: the reason of the last step that did, or null. */
export const stoppedBy = ({ steps }: { steps: TraceStep[] }): string | null =>
  steps.findLast(({ verdict }) => verdict === 'stop')?.reason ?? null;

/** The reasons of every step of one stage, in order. */
export const reasonsOf = ({ steps }: { steps: TraceStep[] }, stage: TraceStep['stage']): string[] =>
  steps.filter((step) => step.stage === stage).map(({ reason }) => reason);
