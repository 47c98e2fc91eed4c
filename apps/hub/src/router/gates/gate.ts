import type { ChatEvent } from '@omni-hub/contracts';
import type { Decision } from '../../flow/trace';
import type { LiveInstance } from '../../instances/live-instance';

export interface GateContext {
  event: ChatEvent;
  instance: LiveInstance;
  receivedAt: number;
  now: number;
}

export type Verdict = Pick<Decision, 'verdict' | 'reason' | 'detail' | 'change'>;

/** One question that a message has to pass before an agent is asked about it. Pure. */
export interface Gate {
  readonly name: string;
  decide(context: GateContext): Verdict;
}

export const pass = (reason: string, detail: string): Verdict => ({
  verdict: 'pass',
  reason,
  detail,
  change: null,
});

export const stop = (reason: string, detail: string, change: string | null): Verdict => ({
  verdict: 'stop',
  reason,
  detail,
  change,
});
