import type { Ignored } from '@omni-hub/channel-sdk';
import type { LiveInstance } from '../instances/live-instance';
import { unacknowledged } from '../storage/repositories/delivery-status.repository';
import type { MessageStory } from '../storage/repositories/messages.repository';
import type { AgentAttempt, DeliveryAttempt, KnownStatus } from './trace';
import { readTrace } from './turn-story';

/** What a message can have ended in, or is at. */
export const outcomes = [
  'answered',
  'silent',
  'deferred',
  'failed',
  'waiting',
  'stored',
  'ignored',
  'sending',
  'sent',
  'dead',
  'held',
  'unacknowledged',
] as const;
export type Outcome = (typeof outcomes)[number];

/** What became of a message, and why. */
export interface Conclusion {
  outcome: Outcome;
  /** What decided it, in one sentence. */
  because: string;
  /** Its stable code; null where nothing stood in the way. */
  reason: string | null;
}

type Message = MessageStory['message'];
type Turn = NonNullable<MessageStory['turn']>;
type PartOfStory = Pick<
  MessageStory['deliveries'][number],
  'messageId' | 'partIndex' | 'status' | 'errorCode' | 'log' | 'statuses'
>;

/** As much of a message's story as decides what became of it. */
export interface ConcludedStory {
  /** `content` is read only of what was ignored. */
  message: Pick<Message, 'id' | 'direction' | 'type' | 'content'>;
  chat: Pick<NonNullable<MessageStory['chat']>, 'leased' | 'attempts' | 'readyAt'> | null;
  turn: Pick<Turn, 'status' | 'agentKind' | 'trace'> | null;
  /** In the order of the lane. */
  deliveries: PartOfStory[];
}

const neverLeft = ['dead', 'held', 'failed'];
const notGone = ['pending', 'sending'];

/**
 * What became of a message. Pure. The store finds messages by the same rule in SQL (`trace-outcome.ts`); its suite holds one
 * against the other.
 */
export function conclude(
  { message, chat, turn, deliveries }: ConcludedStory,
  instance: Pick<LiveInstance, 'paused'> | undefined,
): Conclusion {
  if (message.type === 'ignored') {
    const { reason, rawKind } = JSON.parse(message.content) as Ignored;
    return { outcome: 'ignored', because: reason, reason: `ignored_${rawKind}` };
  }
  if (message.direction === 'out' || turn?.status === 'answered')
    return concludeParts(message.direction === 'out' ? 'sent' : 'answered', deliveries, instance);
  if (turn && turn.status !== 'retrying')
    return { outcome: turn.status as Outcome, ...whyTurnEnded(turn, message.id) };
  if (!chat)
    return { outcome: 'stored', because: 'it has no chat, so nothing answers it', reason: 'no_chat' };
  if (turn) {
    const at = new Date(chat.readyAt ?? 0).toISOString();
    return {
      outcome: 'waiting',
      because: `the agent failed and is asked again at ${at}`,
      reason: 'agent_retried',
    };
  }
  return { outcome: 'waiting', ...(instanceWaits(instance) ?? laneWaits(chat)) };
}

function concludeParts(
  taken: Outcome,
  deliveries: PartOfStory[],
  instance: Pick<LiveInstance, 'paused'> | undefined,
): Conclusion {
  const parts = lastOfEachPart(deliveries);
  const bad = parts.find(({ status }) => neverLeft.includes(status));
  if (bad)
    return {
      outcome: bad.status as Outcome,
      because: whyNotSent(bad),
      reason: bad.errorCode ?? bad.status,
    };
  const silent = parts.find(({ errorCode }) => errorCode === unacknowledged);
  if (silent) return { outcome: 'unacknowledged', because: whyNotSent(silent), reason: unacknowledged };
  if (!parts.some(({ status }) => notGone.includes(status)))
    return { outcome: taken, because: 'the platform took every part', reason: null };
  const waits = { because: 'parts wait for the platform', reason: 'parts_wait' };
  return { outcome: 'sending', ...(instanceWaits(instance) ?? waits) };
}

/** A part that was replayed is sent anew: what became of it before is history. */
function lastOfEachPart(deliveries: PartOfStory[]): PartOfStory[] {
  return [...new Map(deliveries.map((one) => [`${one.messageId} ${one.partIndex}`, one])).values()];
}

/** The last attempt at the agent; where it was not asked, the gate that kept this message from it. */
function whyTurnEnded({ status, agentKind, trace }: NonNullable<ConcludedStory['turn']>, messageId: string) {
  const { agent, decisions } = readTrace(trace);
  const attempt = agent.at(-1);
  if (attempt)
    return { because: saysOf(attempt, agentKind), reason: attempt.code ?? (attempt.outcome as string) };
  const stop = decisions.findLast((one) => one.messageId === messageId && one.verdict === 'stop');
  return { because: stop?.detail ?? status, reason: stop?.reason ?? status };
}

/** What an attempt at the agent came to, in a sentence. */
export function saysOf({ outcome, detail }: AgentAttempt, agentKind: string | null): string {
  if (detail) return detail;
  const does = outcome === 'silent' ? 'chose to say nothing' : 'answered';
  return `the agent (${agentKind ?? 'none'}) ${does}`;
}

/** What the hub itself stopped, without an attempt that says why. */
export const stoppedBecause: Record<string, string> = {
  STALE: 'it could not be sent within replyTtlMs',
  RESTRICTED: 'the account may begin no conversations for now',
  [unacknowledged]: 'the platform accepted it and has not said since that it left',
};

/** Why a part never left, or may not have, in a sentence. */
export function whyNotSent({ errorCode, log, status, statuses }: PartOfStory): string {
  const told = (JSON.parse(statuses) as KnownStatus[]).findLast((one) => one.status === 'failed');
  if (status === 'failed') return told?.detail ?? 'the platform could not deliver it';
  const last = (JSON.parse(log) as DeliveryAttempt[]).at(-1);
  if (last?.detail && last.code === errorCode) return last.detail;
  return stoppedBecause[errorCode ?? ''] ?? last?.detail ?? errorCode ?? status;
}

function instanceWaits(instance: Pick<LiveInstance, 'paused'> | undefined) {
  if (!instance) return { because: 'the instance is not loaded', reason: 'instance_not_loaded' };
  if (!instance.paused) return null;
  return { because: `the instance is paused: ${instance.paused.reason}`, reason: 'instance_paused' };
}

function laneWaits({ leased, attempts }: NonNullable<ConcludedStory['chat']>) {
  if (leased === 1) return { because: 'the chat’s turn is running', reason: 'turn_running' };
  if (attempts > 0)
    return { because: 'an earlier turn of the chat is being tried again', reason: 'earlier_turn_retried' };
  return { because: 'the chat’s turn has not begun', reason: 'turn_not_begun' };
}
