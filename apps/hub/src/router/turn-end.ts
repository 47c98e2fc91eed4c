import type { AgentAnswer, Content } from '@omni-hub/contracts';
import type { AgentError } from '../flow/agent';
import { backoffMs } from '../flow/clock';
import type { AgentAttempt, Decision, SpeechNote } from '../flow/trace';
import type { LiveInstance } from '../instances/live-instance';
import type { ClaimedTurn, TurnStatus } from '../storage/store';
import type { CutReason } from './running-turns';

/** How often an agent is asked about one turn before it is given up. */
export const maxAttempts = 3;

/** What a turn ended in, before it is written down. */
export interface TurnEnd {
  status: TurnStatus;
  reason: string;
  attempt: AgentAttempt | null;
  content: Content[];
  deadLetter: { code: string; detail: string } | null;
  retryAt: number | null;
  /** Only where the answer was to be spoken. */
  speech?: SpeechNote;
}

/** Nothing may be answered: the gates' reasons say why. A message that waited too long is kept for the operator. */
export function endUnasked(decisions: Decision[]): TurnEnd {
  const stale = decisions.find(({ reason }) => reason === 'stale');
  const last = decisions[decisions.length - 1];
  return {
    status: stale ? 'failed' : 'silent',
    reason: last?.reason ?? 'empty',
    attempt: null,
    content: [],
    deadLetter: stale ? { code: 'STALE', detail: stale.detail } : null,
    retryAt: null,
  };
}

export function endAnswered(answer: AgentAnswer, at: number, ms: number): TurnEnd {
  const ended = { content: [] as Content[], deadLetter: null, retryAt: null };
  if (answer.kind === 'silent') {
    const attempt: AgentAttempt = { at, ms, outcome: 'silent', code: null, detail: answer.reason };
    return { ...ended, status: 'silent', reason: 'agent_silent', attempt };
  }
  const attempt: AgentAttempt = { at, ms, outcome: answer.kind, code: null, detail: null };
  if (answer.kind === 'deferred') return { ...ended, status: 'deferred', reason: 'agent_deferred', attempt };
  return { ...ended, status: 'answered', reason: 'answered', attempt, content: answer.content };
}

/** The instance was disabled while the agent worked: what it would have said is not waited for. */
function endDisabled(at: number, ms: number): TurnEnd {
  const detail = 'the instance was disabled while the agent worked; nothing is answered until it is enabled';
  return {
    status: 'silent',
    reason: 'instance_disabled',
    attempt: { at, ms, outcome: 'failed', code: 'AGENT_STOPPED', detail },
    content: [],
    deadLetter: null,
    retryAt: null,
  };
}

/** A turn that was cut short for a reason of which it ends; null for the others, which leave it to be claimed again. */
export function endCutShort(why: CutReason | null, at: number, ms: number): TurnEnd | null {
  if (why === 'instance_disabled') return endDisabled(at, ms);
  if (why === 'merged') return endMerged(at, ms);
  return why === 'interrupted' ? endInterrupted(at, ms) : null;
}

/** More came before the agent had answered, and the instance does not let it wait. Another turn is about all of it. */
function endMerged(at: number, ms: number): TurnEnd {
  const detail =
    'more came before the agent had answered: it was hung up on, to be asked anew about everything together';
  return hungUp('merged', 'merged', { at, ms, outcome: 'hung_up', code: 'merged', detail });
}

/** As above, but only what came is answered. */
function endInterrupted(at: number, ms: number): TurnEnd {
  const detail = 'more came before the agent had answered: it was hung up on, to be asked about that alone';
  return hungUp('silent', 'interrupted', { at, ms, outcome: 'hung_up', code: 'interrupted', detail });
}

const hungUp = (status: TurnStatus, reason: string, attempt: AgentAttempt): TurnEnd => ({
  status,
  reason,
  attempt,
  content: [],
  deadLetter: null,
  retryAt: null,
});

/**
 * True where what comes next takes over the preview: another attempt, or in a direct chat the turn for which this one was cut short.
 * In a group that turn answers another message, so that the preview would quote the wrong one.
 */
export const keepsPreview = (
  { status, reason }: TurnEnd,
  { chatKind }: Pick<ClaimedTurn, 'chatKind'>,
): boolean =>
  status === 'retrying' || (chatKind === 'direct' && (status === 'merged' || reason === 'interrupted'));

/** True where a shadow agent is asked as well: the agent was asked, and nothing more comes of it. */
export const isShadowed = ({ attempt, retryAt }: TurnEnd): boolean =>
  attempt !== null && retryAt === null && attempt.outcome !== 'hung_up';

/** An agent failed: again later, or, when the budget is spent, the fallback and a dead letter. */
export function endFailed(
  error: AgentError,
  at: number,
  ms: number,
  turn: ClaimedTurn,
  instance: LiveInstance,
): TurnEnd {
  const attempt: AgentAttempt = { at, ms, outcome: 'failed', code: error.code, detail: error.message };
  const attempts = turn.attempts + 1;
  if (attempts < maxAttempts) {
    const retryAt = at + ms + backoffMs(attempts, 1_000, 15_000);
    return { status: 'retrying', reason: error.code, attempt, content: [], deadLetter: null, retryAt };
  }
  const { fallback } = instance.settings;
  return {
    status: 'failed',
    reason: error.code,
    attempt,
    content: fallback ? [{ type: 'text', text: fallback }] : [],
    deadLetter: {
      code: error.code,
      detail: `the agent failed ${attempts} times, last: ${error.message}. ${fallback ? 'The fallback was sent.' : 'Nothing was sent.'} Mend the agent and replay.`,
    },
    retryAt: null,
  };
}

/** Something that the agent said cannot be sent: the operator sees it, and a turn of which nothing is left has failed. */
export function noteRefusal(end: TurnEnd, refused: { code: string; detail: string }, sendable: number): void {
  end.deadLetter ??= refused;
  if (end.attempt) end.attempt.detail = refused.detail;
  if (sendable > 0) return;
  if (end.attempt) end.attempt.code = refused.code;
  Object.assign(end, { status: 'failed', reason: refused.code });
}
