import type { RateScope, SendError } from '@omni-hub/channel-sdk';
import {
  AmbiguousError,
  ChatMovedError,
  RateLimitedError,
  RestrictedError,
  UnauthorizedError,
  UnreachableError,
  type Receipt,
} from '@omni-hub/channel-sdk';
import type { ChatId } from '@omni-hub/contracts';
import { backoffMs } from '../flow/clock';
import { newId } from '../flow/ids';
import type { FileError } from '../flow/outgoing-files';
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
  effect:
    | { pause: { code: string; reason: string } }
    | { restrict: { code: string; reason: string } }
    | { holdUntil: number; of: RateScope }
    | { movedTo: ChatId }
    | null;
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

/** Whether the part may be tried at all; null when it may. `restricted` says why the account may begin no conversations. Pure. */
export function beforeAttempt(
  delivery: ClaimedDelivery,
  instance: LiveInstance,
  restricted: string | null,
  now: number,
): Conclusion | null {
  if (delivery.confirmed) return { ...nothing, outcome: takenAs(instance), at: now };
  if (now > delivery.expiresAt) {
    const detail = `not sent within replyTtlMs (${instance.settings.replyTtlMs} ms); replay it if it is still worth saying`;
    return { ...nothing, outcome: 'dead', at: now, reason: { code: 'STALE', detail } };
  }
  if (restricted !== null && isCold(delivery)) {
    const detail = `the account may begin no conversations for now (${restricted}), and this ${delivery.scheduled ? 'was scheduled' : 'goes to somebody who never wrote'}; replay it when the restriction is over`;
    return { ...nothing, outcome: 'dead', at: now, reason: { code: 'RESTRICTED', detail } };
  }
  const { idempotentSend, tellsDeliveryId } = instance.handler.capabilities;
  if (!delivery.uncertain || idempotentSend) return null;
  if (instance.settings.onUnknown === 'hold')
    return { ...nothing, outcome: 'held', at: now, reason: heldReason };
  if (unknownAttempts(delivery) > 1) return { ...nothing, outcome: 'dead', at: now, reason: unknownReason };
  return tellsDeliveryId ? { ...nothing, outcome: 'postponed', at: now + clearedUpMs } : null;
}

/** What begins a conversation, or is said without being asked: on a restricted account it makes things worse. */
const isCold = ({ heardAt, scheduled }: ClaimedDelivery) => heardAt === null || scheduled;

/** Where the platform tells later what became of a send, its receipt says only that it was taken. */
const takenAs = ({ handler }: LiveInstance) =>
  handler.capabilities.acknowledgesWithinMs === null ? 'sent' : 'accepted';

export function afterReceipt(
  receipt: Receipt,
  instance: LiveInstance,
  startedAt: number,
  now: number,
): Conclusion {
  const entry: DeliveryAttempt = {
    at: startedAt,
    ms: now - startedAt,
    outcome: 'sent',
    code: null,
    detail: null,
  };
  return { ...nothing, outcome: takenAs(instance), at: now, receipt, entry };
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
    return retry(at, { holdUntil: at, of: error.scope });
  }
  if (error instanceof UnauthorizedError) {
    return retry(now + backoffMs(delivery.attempts, 5_000), {
      pause: { code: error.code, reason: error.message },
    });
  }
  if (error instanceof ChatMovedError) return retry(now, { movedTo: error.movedTo });
  if (error instanceof UnreachableError) return retry(now + backoffMs(delivery.attempts));
  const reason = { code: error.code, detail: error.message };
  const effect =
    error instanceof RestrictedError ? { restrict: { code: error.code, reason: error.message } } : null;
  return { ...nothing, outcome: 'dead', at: now, entry, reason, effect };
}

/** A file of the part cannot be had: nothing has left. */
export function afterFileFailure(
  error: FileError,
  delivery: ClaimedDelivery,
  startedAt: number,
  now: number,
): Conclusion {
  const { code, message: detail, retryable, waitMs } = error;
  const entry: DeliveryAttempt = { at: startedAt, ms: now - startedAt, outcome: 'failed', code, detail };
  if (!retryable) return { ...nothing, outcome: 'dead', at: now, entry, reason: { code, detail } };
  return { ...nothing, outcome: 'retry', at: now + Math.max(backoffMs(delivery.attempts), waitMs), entry };
}

/** The hub stops before anything has left: whoever takes the part up next begins anew. */
export const interrupted = (now: number): Conclusion => ({ ...nothing, outcome: 'postponed', at: now });

/** The platform may have shown it: again where it knows the delivery's id, else by `onUnknown`, and at most once. */
function afterUnknown(
  delivery: ClaimedDelivery,
  instance: LiveInstance,
  entry: DeliveryAttempt,
  now: number,
): Conclusion {
  const { idempotentSend, tellsDeliveryId } = instance.handler.capabilities;
  const hold = !idempotentSend && instance.settings.onUnknown === 'hold';
  if (hold) return { ...nothing, outcome: 'held', at: now, entry, reason: heldReason };
  if (idempotentSend || unknownAttempts(delivery) === 0) {
    const waitMs = tellsDeliveryId ? clearedUpMs : backoffMs(delivery.attempts);
    return { ...nothing, outcome: 'retry', at: now + waitMs, entry };
  }
  return { ...nothing, outcome: 'dead', at: now, entry, reason: unknownReason };
}

/** How long a platform that tells the delivery's id back has to clear up by a status what became of a send. */
const clearedUpMs = 15_000;

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
