import type { ActionChosen, ChatEvent, Content, MessageId } from '@omni-hub/contracts';
import { UnsupportedError } from '@omni-hub/channel-sdk';
import { senderOf } from '../access/access-facts';
import { newId } from '../flow/ids';
import { planOutbound, type OutboundPlan } from '../flow/plan-outbound';
import type { Decision, TurnTrace } from '../flow/trace';
import type { LiveInstance } from '../instances/live-instance';
import type { ClaimedTurn, NewDeadLetter, TurnCompletion } from '../storage/store';
import type { AskedEvent } from '../flow/agent-request';
import { countedBefore, type Counted } from './contact-rates';
import type { TurnFacts } from './facts';
import type { ChatPause } from './gates/gate';
import { decide } from './gates/gates';
import { keepsPreview, type TurnEnd } from './turn-end';

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
  const sent = end.content.filter(isSent);
  const replyTo = quoted(turn, asked);
  const isPaced = instance.settings.pacing !== 'off' && end.status === 'answered';
  const contents: Content[] =
    previewId && !replaceable && !keepsPreview(end, turn) && handler.capabilities.abilities.delete
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
        replyTo: content === sent[0] || (handler.repliesInThread && isSent(content)) ? replyTo : null,
        answers: content === sent[0] ? answered(asked) : null,
        replaces: index === 0 && replaceable ? previewId : null,
        now,
        expiresAt: now + instance.settings.replyTtlMs,
        scheduled: false,
        inMessages: isPaced && end.content.length === 1,
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

/** The press or command that an answer is to, where the platform wants to be told. */
function answered(asked: AskedEvent[]): string | null {
  const last = asked[asked.length - 1]?.event;
  return last?.type === 'action' ? last.ackRef : null;
}

/** Whether content is a message of its own, and no change to one that is there. */
const isSent = ({ type }: Content) => type !== 'reaction' && type !== 'edit' && type !== 'delete';

/** In a group an answer quotes what it answers, so that it can be told apart. */
export function quoted(turn: ClaimedTurn, asked: AskedEvent[]): MessageId | null {
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
): Omit<TurnCompletion, 'shadow'> {
  const previous: TurnTrace | null = turn.trace ? JSON.parse(turn.trace) : null;
  const trace: TurnTrace = {
    decisions,
    agent: [...(previous?.agent ?? []), ...(end.attempt ? [end.attempt] : [])],
    ...(end.speech ? { speech: end.speech } : {}),
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
    keepsPreview: keepsPreview(end, turn),
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
