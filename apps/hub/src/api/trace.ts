import type { Ignored } from '@omni-hub/channel-sdk';
import type { DeliveryAttempt, KnownStatus } from '../flow/trace';
import type { LiveInstance } from '../instances/live-instance';
import type { MessageStory } from '../storage/repositories/messages.repository';
import { unacknowledged } from '../storage/repositories/delivery-status.repository';
import { info, type TraceStep } from './trace-step';
import { turnSteps } from './turn-steps';
import { iso } from './views';

type Delivery = MessageStory['deliveries'][number];

export interface Trace {
  messageId: string;
  /** `answered`, `silent`, `failed`, `waiting`, `sent`, … */
  outcome: string;
  /** The step that decided it, in one sentence. */
  because: string;
  steps: TraceStep[];
}

/** Puts what each stage stored about a message into one order. Pure. */
export function assembleTrace(story: MessageStory, instance: LiveInstance | undefined): Trace {
  const { message, turn } = story;
  const steps = [...inboxSteps(story), ...routerSteps(story), ...outboxSteps(story)];
  const { outcome, because } = conclude(story, steps, instance);
  return {
    messageId: message.id,
    outcome,
    because,
    steps: turn ? steps : [...steps, ...waitingSteps(story, because)],
  };
}

function inboxSteps({ message }: MessageStory): TraceStep[] {
  const at = iso(message.receivedAt);
  if (message.direction === 'out')
    return [info(at, 'inbox', 'accepted', 'committed', 'the message was committed for sending')];
  const stored = info(at, 'inbox', 'duplicate', 'first_seen', 'seen for the first time and committed');
  const steps: TraceStep[] = [{ ...stored, verdict: 'pass' }];
  if (message.redeliveries > 0) {
    const detail = `the platform delivered it ${message.redeliveries} more times; each was recognised and changed nothing`;
    steps.push(info(at, 'inbox', 'duplicate', 'redelivered', detail));
  }
  if (message.type === 'ignored') {
    const { reason, rawKind } = JSON.parse(message.content) as Ignored;
    steps.push({ ...info(at, 'inbox', 'ignored', `ignored_${rawKind}`, reason), verdict: 'stop' });
  }
  return steps;
}

function routerSteps({ message, merged, turn }: MessageStory): TraceStep[] {
  if (message.direction === 'out') return [];
  return [...merged, ...(turn ? [turn] : [])].flatMap((one) => turnSteps(message, one));
}

function outboxSteps({ deliveries }: MessageStory): TraceStep[] {
  return deliveries.flatMap((delivery, part) => {
    const named = `part ${part + 1}`;
    const log = JSON.parse(delivery.log) as DeliveryAttempt[];
    const committed = info(
      iso(delivery.createdAt),
      'outbox',
      named,
      'committed',
      delivery.fallback ? `shown as ${delivery.fallback}` : 'waits for its turn',
    );
    return [
      committed,
      ...log.map(
        ({ at, ms, outcome, code, detail }, index): TraceStep => ({
          at: iso(at),
          stage: 'outbox',
          step: `${named}, attempt ${index + 1}`,
          verdict: outcome === 'sent' ? 'pass' : 'stop',
          reason: code ?? outcome,
          detail: detail ?? `the platform took it as ${delivery.platformIds ?? ''}`,
          change: null,
          ms,
        }),
      ),
      ...statusSteps(delivery, named),
      ...(['dead', 'held'].includes(delivery.status)
        ? [
            {
              ...info(
                iso(delivery.finishedAt!),
                'outbox',
                named,
                delivery.errorCode ?? delivery.status,
                `${whyNotSent(delivery)}; kept as a dead letter`,
              ),
              verdict: 'stop' as const,
              change: 'replay the dead letter',
            },
          ]
        : []),
    ];
  });
}

/** What the platform told after it took the part, in the order in which that came. */
function statusSteps(delivery: Delivery, named: string): TraceStep[] {
  const told = (JSON.parse(delivery.statuses) as KnownStatus[]).map(
    ({ status, at, code, detail }): TraceStep => ({
      at: iso(at || delivery.finishedAt || delivery.createdAt),
      stage: 'outbox',
      step: `${named}, the platform's word`,
      verdict: status === 'failed' ? 'stop' : 'pass',
      reason: code ?? status,
      detail: detail ?? `the platform says that it is ${status}`,
      change: status === 'failed' ? 'replay the dead letter' : null,
    }),
  );
  if (delivery.errorCode !== unacknowledged) return told;
  const late = info(
    iso(delivery.finishedAt ?? delivery.createdAt),
    'outbox',
    named,
    unacknowledged,
    stoppedBecause[unacknowledged],
  );
  return [...told, { ...late, verdict: 'stop', change: 'look at the chat, and replay the dead letter' }];
}

/** What the hub itself stopped, without an attempt that says why. */
const stoppedBecause: Record<string, string> = {
  STALE: 'it could not be sent within replyTtlMs',
  RESTRICTED: 'the account may begin no conversations for now',
  [unacknowledged]: 'the platform accepted it and has not said since that it left',
};

function whyNotSent({ errorCode, log, status, statuses }: Delivery): string {
  const told = (JSON.parse(statuses) as KnownStatus[]).findLast((one) => one.status === 'failed');
  if (status === 'failed') return told?.detail ?? 'the platform could not deliver it';
  const last = (JSON.parse(log) as DeliveryAttempt[]).at(-1);
  if (last?.detail && last.code === errorCode) return last.detail;
  return stoppedBecause[errorCode ?? ''] ?? last?.detail ?? errorCode ?? status;
}

function conclude(
  { message, chat, turn, deliveries }: MessageStory,
  steps: TraceStep[],
  instance: LiveInstance | undefined,
) {
  const stopped = [...steps].reverse().find(({ verdict }) => verdict === 'stop');
  if (message.type === 'ignored') return { outcome: 'ignored', because: stopped!.detail };
  if (message.direction === 'out' || turn?.status === 'answered') {
    const parts = lastOfEachPart(deliveries);
    const bad = parts.find(({ status }) => ['dead', 'held', 'failed'].includes(status));
    const silent = parts.find(({ errorCode }) => errorCode === unacknowledged);
    if (!bad && silent) return { outcome: 'unacknowledged', because: whyNotSent(silent) };
    if (bad) return { outcome: bad.status, because: whyNotSent(bad) };
    const open = parts.find(({ status }) => ['pending', 'sending'].includes(status));
    if (!open)
      return {
        outcome: message.direction === 'out' ? 'sent' : 'answered',
        because: 'the platform took every part',
      };
    return { outcome: 'sending', because: instanceWaits(instance) ?? 'parts wait for the platform' };
  }
  if (turn && turn.status !== 'retrying') {
    const own = [...steps].reverse().find(({ stage, verdict }) => verdict === 'stop' || stage === 'agent');
    return { outcome: turn.status, because: own?.detail ?? turn.status };
  }
  if (!chat) return { outcome: 'stored', because: 'it has no chat, so nothing answers it' };
  if (turn)
    return {
      outcome: 'waiting',
      because: `the agent failed and is asked again at ${iso(chat.readyAt ?? 0)}`,
    };
  return { outcome: 'waiting', because: instanceWaits(instance) ?? laneWaits(chat) };
}

/** A part that was replayed is sent anew: what became of it before is history. */
function lastOfEachPart(deliveries: Delivery[]): Delivery[] {
  return [...new Map(deliveries.map((one) => [`${one.messageId} ${one.partIndex}`, one])).values()];
}

function instanceWaits(instance: LiveInstance | undefined): string | null {
  if (!instance) return 'the instance is not loaded';
  if (instance.paused) return `the instance is paused: ${instance.paused.reason}`;
  return null;
}

function laneWaits(chat: NonNullable<MessageStory['chat']>): string {
  if (chat.leased === 1) return 'the chat’s turn is running';
  if (chat.attempts > 0) return 'an earlier turn of the chat is being tried again';
  return 'the chat’s turn has not begun';
}

function waitingSteps({ message }: MessageStory, because: string): TraceStep[] {
  if (message.direction === 'out' || message.type === 'ignored') return [];
  return [info(iso(message.receivedAt), 'router', 'turn', 'waiting', because)];
}
