import { newId } from '../../flow/ids';
import type {
  ClaimedDelivery,
  ClaimedTurn,
  ClaimQuery,
  DeliveryCompletion,
  EnqueueRequest,
  NewDelivery,
  NewEvent,
  NewOutbound,
  TurnCompletion,
} from '../store';

/** Rows for specs, complete, and changed where a spec says so. */

export const now = Date.UTC(2027, 0, 1);
export const expiresAt = now + 900_000;

let events = 0;

export function event(chat: string | null, changes: Partial<NewEvent> = {}): NewEvent {
  const id = newId();
  const eventId = changes.eventId ?? String(++events);
  return {
    id,
    instanceId: 'i1',
    eventId,
    type: 'message',
    at: now,
    receivedAt: now,
    chat:
      chat === null
        ? null
        : { id: newId(), externalId: `test:${chat}`, seenAddress: null, kind: 'direct', title: null },
    contact: null,
    senderId: null,
    event: JSON.stringify({ eventId }),
    raw: null,
    rawId: id,
    heardAt: null,
    settleMs: 0,
    ...changes,
  };
}

export const claimAt = (at: number, changes: Partial<ClaimQuery> = {}): ClaimQuery => ({
  now: at,
  leaseMs: 45_000,
  limit: 100,
  excludeInstances: [],
  ...changes,
});

export const eventIds = (turn: ClaimedTurn) =>
  turn.messages.map(({ event: json }) => (JSON.parse(json) as { eventId: string }).eventId);

export function delivery(part: string, changes: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id: newId(),
    part,
    replyTo: null,
    answers: null,
    replaces: null,
    expiresAt,
    fallback: null,
    scheduled: false,
    waitMs: null,
    typingFor: null,
    ...changes,
  };
}

export function outbound(parts: string[], changes: Partial<NewOutbound> = {}): NewOutbound {
  const id = newId();
  return {
    id,
    instanceId: 'i1',
    turnId: null,
    eventId: `send:${id}`,
    type: 'text',
    at: now,
    content: JSON.stringify({ type: 'text', text: parts.join(' ') }),
    deliveries: parts.map((part) => delivery(part)),
    ...changes,
  };
}

export function request(chat: string, message: NewOutbound): EnqueueRequest {
  const externalId = `test:${chat}`;
  return { chat: { id: newId(), externalId, seenAddress: null, kind: 'direct', title: null }, message };
}

export function completion(
  claimed: ClaimedTurn,
  changes: Partial<Omit<TurnCompletion, 'turn'>> & { turn?: Partial<TurnCompletion['turn']> } = {},
): TurnCompletion {
  const { turn, ...others } = changes;
  return {
    lease: { chatId: claimed.chatId, epoch: claimed.epoch },
    turn: {
      id: claimed.turnId,
      instanceId: claimed.instanceId,
      firstSeq: claimed.firstSeq,
      lastSeq: claimed.lastSeq,
      status: 'answered',
      agentKind: 'echo',
      attempts: claimed.attempts + 1,
      startedAt: now,
      finishedAt: now,
      trace: '{}',
      ...turn,
    },
    retryAt: null,
    keepsPreview: false,
    outbound: [],
    deadLetter: null,
    shadow: null,
    ...others,
  };
}

export function receipt(
  claimed: ClaimedDelivery,
  changes: Partial<DeliveryCompletion> = {},
): DeliveryCompletion {
  return {
    lease: { chatId: claimed.chatId, epoch: claimed.epoch },
    instanceId: claimed.instanceId,
    deliveryId: claimed.id,
    seq: claimed.seq,
    outcome: 'sent',
    at: now,
    platformIds: null,
    platformId: null,
    errorCode: null,
    log: '[]',
    deadLetter: null,
    ...changes,
  };
}
