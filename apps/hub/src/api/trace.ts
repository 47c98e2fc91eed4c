import type { Ignored } from '@omni-hub/channel-sdk';
import { conclude, stoppedBecause, whyNotSent, type Outcome } from '../flow/conclusion';
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
  outcome: Outcome;
  /** What decided it, in one sentence. */
  because: string;
  /** Its stable code; null where nothing stood in the way. */
  reason: string | null;
  steps: TraceStep[];
}

/** Puts what each stage stored about a message into one order. Pure. */
export function assembleTrace(story: MessageStory, instance: LiveInstance | undefined): Trace {
  const { message, turn } = story;
  const steps = [...inboxSteps(story), ...routerSteps(story), ...outboxSteps(story)];
  const conclusion = conclude(story, instance);
  return {
    messageId: message.id,
    ...conclusion,
    steps: turn ? steps : [...steps, ...waitingSteps(story, conclusion.because)],
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

function waitingSteps({ message }: MessageStory, because: string): TraceStep[] {
  if (message.direction === 'out' || message.type === 'ignored') return [];
  return [info(iso(message.receivedAt), 'router', 'turn', 'waiting', because)];
}
