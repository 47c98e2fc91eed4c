import type { SendError } from '@omni-hub/channel-sdk';
import {
  AmbiguousError,
  ChatMovedError,
  RateLimitedError,
  UnauthorizedError,
  UnreachableError,
  type Receipt,
} from '@omni-hub/channel-sdk';
import type { ChatId } from '@omni-hub/contracts';
import { backoffMs } from '../flow/clock';
import { newId } from '../flow/ids';
import type { DeliveryAttempt } from '../flow/trace';
import type { LiveInstance } from '../instances/live-instance';
import type { ClaimedDelivery, DeliveryCompletion } from '../storage/store';

/** What an attempt leads to, before it is written down. */
export interface Conclusion {
  outcome: DeliveryCompletion['outcome'];
  /** When the lane is to be looked at again; for `retry` and `postponed`. */
  at: number;
  receipt: Receipt | null;
  entry: DeliveryAttempt | null;
  /** Why it is dead or held. */
  reason: { code: string; detail: string } | null;
  effect: { pause: { code: string; reason: string } } | { holdUntil: number } | { movedTo: ChatId } | null;
}

const nothing = { at: 0, receipt: null, entry: null, reason: null, effect: null };

/**
 * Attempts that the hub did not live to see the end of are part of the delivery's history: the claim has counted them,
 * and nothing has told how they ended.
 */
export function withLostAttempts(delivery: ClaimedDelivery, now: number): ClaimedDelivery {
  if (!delivery.uncertain) return delivery;
  const log = readLog(delivery);
  const lost: DeliveryAttempt = {
    at: now,
    ms: 0,
    outcome: 'lost',
    code: 'AMBIGUOUS',
    detail: 'the hub ended during the attempt',
  };
  const times = Math.max(1, delivery.attempts - 1 - log.length);
  return { ...delivery, log: JSON.stringify([...log, ...Array<DeliveryAttempt>(times).fill(lost)]) };
}

/** Whether the part may be tried at all; null when it may. Pure. */
export function beforeAttempt(
  delivery: ClaimedDelivery,
  instance: LiveInstance,
  now: number,
): Conclusion | null {
  if (now > delivery.expiresAt) {
    const detail = `not sent within replyTtlMs (${instance.settings.replyTtlMs} ms); replay it if it is still worth saying`;
    return { ...nothing, outcome: 'dead', at: now, reason: { code: 'STALE', detail } };
  }
  if (!delivery.uncertain || instance.channel.capabilities.idempotentSend) return null;
  if (instance.settings.onUnknown === 'hold')
    return { ...nothing, outcome: 'held', at: now, reason: heldReason };
  return unknownAttempts(delivery) > 1
    ? { ...nothing, outcome: 'dead', at: now, reason: unknownReason }
    : null;
}

export function afterReceipt(receipt: Receipt, startedAt: number, now: number): Conclusion {
  const entry: DeliveryAttempt = {
    at: startedAt,
    ms: now - startedAt,
    outcome: 'sent',
    code: null,
    detail: null,
  };
  return { ...nothing, outcome: 'sent', at: now, receipt, entry };
}

/** What a failed attempt leads to, by its class alone. Pure but for the jitter. */
export function afterFailure(
  error: SendError,
  delivery: ClaimedDelivery,
  instance: LiveInstance,
  startedAt: number,
  now: number,
): Conclusion {
  const outcome = error instanceof AmbiguousError ? 'unknown' : 'failed';
  const entry: DeliveryAttempt = {
    at: startedAt,
    ms: now - startedAt,
    outcome,
    code: error.code,
    detail: error.message,
  };
  const retry = (at: number, effect: Conclusion['effect'] = null): Conclusion => ({
    ...nothing,
    outcome: 'retry',
    at,
    entry,
    effect,
  });

  if (error instanceof AmbiguousError) return afterUnknown(delivery, instance, entry, now);
  if (error instanceof RateLimitedError) {
    const at = now + error.retryAfterMs;
    return retry(at, error.scope === 'instance' ? { holdUntil: at } : null);
  }
  if (error instanceof UnauthorizedError) {
    return retry(now + backoffMs(delivery.attempts, 5_000), {
      pause: { code: error.code, reason: error.message },
    });
  }
  if (error instanceof ChatMovedError) return retry(now, { movedTo: error.movedTo });
  if (error instanceof UnreachableError) return retry(now + backoffMs(delivery.attempts));
  return { ...nothing, outcome: 'dead', at: now, entry, reason: { code: error.code, detail: error.message } };
}

/** The platform may have shown it: again where it knows the delivery's id, else by `onUnknown`, and at most once. */
function afterUnknown(
  delivery: ClaimedDelivery,
  instance: LiveInstance,
  entry: DeliveryAttempt,
  now: number,
): Conclusion {
  const { idempotentSend } = instance.channel.capabilities;
  const hold = !idempotentSend && instance.settings.onUnknown === 'hold';
  if (hold) return { ...nothing, outcome: 'held', at: now, entry, reason: heldReason };
  if (idempotentSend || unknownAttempts(delivery) === 0) {
    return { ...nothing, outcome: 'retry', at: now + backoffMs(delivery.attempts), entry };
  }
  return { ...nothing, outcome: 'dead', at: now, entry, reason: unknownReason };
}

const heldReason = {
  code: 'AMBIGUOUS',
  detail: 'no answer came, so it may have been shown; onUnknown is "hold": replay it if it was not',
};
const unknownReason = {
  code: 'AMBIGUOUS',
  detail: 'sent again once, and again no answer came; it may have been shown, twice at most',
};

const readLog = (delivery: ClaimedDelivery) => JSON.parse(delivery.log) as DeliveryAttempt[];

const unknownAttempts = (delivery: ClaimedDelivery) =>
  readLog(delivery).filter(({ outcome }) => outcome === 'unknown' || outcome === 'lost').length;

export function toDeliveryCompletion(
  delivery: ClaimedDelivery,
  conclusion: Conclusion,
  now: number,
): DeliveryCompletion {
  const { outcome, at, receipt, entry, reason } = conclusion;

  return {
    lease: { chatId: delivery.chatId, epoch: delivery.epoch },
    instanceId: delivery.instanceId,
    deliveryId: delivery.id,
    seq: delivery.seq,
    outcome,
    at,
    platformIds: receipt && JSON.stringify(receipt.platformIds),
    platformId: receipt?.platformIds[0] ?? null,
    errorCode: reason?.code ?? null,
    log: entry ? JSON.stringify([...readLog(delivery), entry]) : delivery.log,
    deadLetter: reason && {
      id: newId(),
      kind: 'delivery',
      instanceId: delivery.instanceId,
      chatId: delivery.chatId,
      refId: delivery.id,
      code: reason.code,
      detail: reason.detail,
      raw: null,
      createdAt: now,
    },
  };
}
