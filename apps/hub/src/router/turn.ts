import type { ActionChosen, AgentAnswer, ChatEvent, Content, MessageId } from '@omni-hub/contracts';
import { UnsupportedError } from '@omni-hub/channel-sdk';
import type { AgentError } from '../flow/agent';
import { backoffMs } from '../flow/clock';
import { newId } from '../flow/ids';
import { planOutbound, type OutboundPlan } from '../flow/plan-outbound';
import type { AgentAttempt, Decision, TurnTrace } from '../flow/trace';
import type { LiveInstance } from '../instances/live-instance';
import type { ClaimedTurn, NewDeadLetter, TurnCompletion, TurnStatus } from '../storage/store';
import type { AskedEvent } from './agent-request';
import { countedBefore, type Counted } from './contact-rates';
import { senderOf, type TurnFacts } from './facts';
import type { ChatPause } from './gates/gate';
import { decide } from './gates/gates';

/** How often an agent is asked about one turn before it is given up. */
export const maxAttempts = 3;

export interface JudgedTurn {
  decisions: Decision[];
  asked: AskedEvent[];
  /** The messages that count towards their contacts' rates, where the instance has one. */
  counted: Counted[];
}

/** Runs every message of a turn through the gates. Pure. */
export function judge(
  turn: ClaimedTurn,
  events: ChatEvent[],
  instance: LiveInstance,
  facts: TurnFacts,
  now: number,
): JudgedTurn {
  const decisions: Decision[] = [];
  const asked: AskedEvent[] = [];
  const counted: Counted[] = [];
  const windowMs = (instance.settings.contactRate?.perSeconds ?? 0) * 1_000;
  const pause = pauseOf(turn);
  turn.messages.forEach(({ id, receivedAt, personId }, index) => {
    const event = events[index];
    const contactId = senderOf(event)?.id ?? event.chat.id;
    const message: Counted = { contactId, messageId: id, at: receivedAt };
    const earlier = windowMs > 0 ? [...facts.counted(contactId), ...counted] : [];
    const verdicts = decide(id, {
      event,
      instance,
      receivedAt,
      now,
      access: facts.access && { rules: facts.access.rules, names: facts.access.names(event) },
      counted: countedBefore(message, earlier, windowMs),
      pause,
    });
    decisions.push(...verdicts);
    if (verdicts.some(({ reason }) => reason === 'rate_within')) counted.push(message);
    if (verdicts[verdicts.length - 1].verdict === 'pass')
      asked.push({ rowId: id, personId, receivedAt, event: event as AskedEvent['event'] });
  });
  return { decisions, asked, counted };
}

function pauseOf({ chatId, pausedAt, pausedUntil, pausedReason }: ClaimedTurn): ChatPause | null {
  if (pausedAt === null) return null;
  return { chatId, since: pausedAt, until: pausedUntil, reason: pausedReason };
}

/** What a turn ended in, before it is written down. */
export interface TurnEnd {
  status: TurnStatus;
  reason: string;
  attempt: AgentAttempt | null;
  content: Content[];
  deadLetter: { code: string; detail: string } | null;
  retryAt: number | null;
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
export function endDisabled(at: number, ms: number): TurnEnd {
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

/**
 * The messages that a turn says, planned for the channel. The first part takes a preview's place; a preview that no
 * text replaces is deleted. Content that the channel cannot carry becomes a dead letter and does not cost the others.
 */
export function planAnswer(
  end: TurnEnd,
  turn: ClaimedTurn,
  instance: LiveInstance,
  asked: AskedEvent[],
  previewId: MessageId | null,
  now: number,
): { plans: OutboundPlan[]; refused: { code: string; detail: string } | null } {
  const { handler } = instance;
  const first = end.content[0];
  const replaceable = first?.type === 'text';
  const contents: Content[] =
    previewId && !replaceable && end.status !== 'retrying' && handler.capabilities.abilities.delete
      ? [{ type: 'delete', messageId: previewId }, ...end.content]
      : end.content;
  const plans: OutboundPlan[] = [];
  let refused: { code: string; detail: string } | null = null;
  contents.forEach((content, index) => {
    try {
      const order = {
        instanceId: turn.instanceId,
        turnId: turn.turnId,
        eventId: `turn:${turn.turnId}:${index}`,
        content,
        replyTo: index === 0 ? quoted(turn, asked) : null,
        answers: content === first ? answered(asked) : null,
        replaces: index === 0 && replaceable ? previewId : null,
        now,
        expiresAt: now + instance.settings.replyTtlMs,
        scheduled: false,
      };
      plans.push(planOutbound(order, handler));
    } catch (error) {
      refused = toRefusal(error);
    }
  });
  return { plans, refused };
}

/** Whatever it is, it will be the same at the next attempt. */
function toRefusal(error: unknown): { code: string; detail: string } {
  if (error instanceof UnsupportedError)
    return { code: error.code, detail: `${error.message} (${error.capability})` };
  return { code: 'REJECTED', detail: `the answer cannot be cut into parts: ${(error as Error).message}` };
}

/** Something that the agent said cannot be sent: the operator sees it, and a turn of which nothing is left has failed. */
export function noteRefusal(end: TurnEnd, refused: { code: string; detail: string }, sendable: number): void {
  end.deadLetter ??= refused;
  if (end.attempt) end.attempt.detail = refused.detail;
  if (sendable === 0) Object.assign(end, { status: 'failed', reason: refused.code });
}

/** The press or command that an answer is to, where the platform wants to be told. */
function answered(asked: AskedEvent[]): string | null {
  const last = asked[asked.length - 1]?.event;
  return last?.type === 'action' ? last.ackRef : null;
}

/** In a group an answer quotes what it answers, so that it can be told apart. */
function quoted(turn: ClaimedTurn, asked: AskedEvent[]): MessageId | null {
  if (turn.chatKind === 'direct') return null;
  return asked[asked.length - 1]?.event.type === 'message'
    ? (asked[asked.length - 1].event as { message: { id: MessageId } }).message.id
    : ((asked[asked.length - 1]?.event as ActionChosen | undefined)?.messageId ?? null);
}

export function toCompletion(
  turn: ClaimedTurn,
  end: TurnEnd,
  agentKind: string | null,
  decisions: Decision[],
  plans: OutboundPlan[],
  startedAt: number,
  now: number,
): TurnCompletion {
  const previous: TurnTrace | null = turn.trace ? JSON.parse(turn.trace) : null;
  const trace: TurnTrace = {
    decisions,
    agent: [...(previous?.agent ?? []), ...(end.attempt ? [end.attempt] : [])],
  };
  return {
    lease: { chatId: turn.chatId, epoch: turn.epoch },
    turn: {
      id: turn.turnId,
      instanceId: turn.instanceId,
      firstSeq: turn.firstSeq,
      lastSeq: turn.lastSeq,
      status: end.status,
      agentKind,
      attempts: turn.attempts + (end.attempt ? 1 : 0),
      startedAt,
      finishedAt: now,
      trace: JSON.stringify(trace),
    },
    retryAt: end.retryAt,
    outbound: plans.map(({ message }) => message),
    deadLetter: end.deadLetter && toDeadLetter(turn, end.deadLetter, now),
  };
}

function toDeadLetter(
  turn: ClaimedTurn,
  { code, detail }: { code: string; detail: string },
  now: number,
): NewDeadLetter {
  return {
    id: newId(),
    kind: 'turn',
    instanceId: turn.instanceId,
    chatId: turn.chatId,
    refId: turn.turnId,
    code,
    detail,
    raw: null,
    createdAt: now,
  };
}
