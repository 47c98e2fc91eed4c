import type { ChatEvent } from '@omni-hub/contracts';
import type { RuleSet } from '../../access/rule-set';
import type { Decision } from '../../flow/trace';
import type { LiveInstance } from '../../instances/live-instance';

export interface GateContext {
  event: ChatEvent;
  instance: LiveInstance;
  receivedAt: number;
  now: number;
  /** The rules that concern the instance, and all that the sender and the chat are known by; null where there is no rule. */
  access: { rules: RuleSet; names: readonly string[] } | null;
  /** When the contact’s messages came that count towards its rate, oldest first. */
  counted: readonly number[];
  /** The last pause of the agent in this chat; null where there is none. */
  pause: ChatPause | null;
}

export interface ChatPause {
  /** The chat’s own id in the hub. */
  chatId: string;
  since: number;
  /** Null waits for somebody to end it. */
  until: number | null;
  reason: string | null;
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
