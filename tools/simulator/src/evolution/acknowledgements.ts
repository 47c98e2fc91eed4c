import { type Random, shuffled } from '../random';
import type { DeliveryStatus, SimulatedChat } from './chat';
import type { Fields } from './values';

/** What follows a message that was accepted. */
export interface Acknowledgements {
  /** In this order: `SERVER_ACK`, `DELIVERY_ACK`, `READ` unless told. None is silence. */
  statuses?: readonly DeliveryStatus[];
  /** Before the first, and between them. */
  delayMs?: number;
  /** In any order. */
  shuffled?: boolean;
  /** Each comes so many times more. */
  duplicates?: number;
  /** `messageStubParameters` of an `ERROR`. */
  stub?: readonly string[];
}

export interface Acknowledgement {
  /** Since the one before it, or the message. */
  afterMs: number;
  status: DeliveryStatus;
  /** The fields by which it is told. */
  told: Fields;
}

const usualStatuses = ['SERVER_ACK', 'DELIVERY_ACK', 'READ'] as const;
const usualDelayMs = 5;

/** What a message in this chat is going to meet. */
export function acknowledgementsFor(
  chat: SimulatedChat,
  asked: Acknowledgements,
  random: Random,
): Acknowledgement[] {
  const { restriction } = chat.instance;
  const { statuses = usualStatuses, delayMs = usualDelayMs, duplicates = 0, stub } = asked;
  if (restriction && chat.kind === 'direct' && !(restriction.warmStillWorks && chat.warm)) {
    const status = restriction.tells === 'number' ? 0 : 'ERROR';
    const told = { status, ...(restriction.tells !== 'bare' && { messageStubParameters: ['463'] }) };
    return [{ afterMs: delayMs, status: 'ERROR', told }];
  }
  const repeated = statuses.flatMap((status) => Array<DeliveryStatus>(duplicates + 1).fill(status));
  const ordered = asked.shuffled ? shuffled(repeated, random) : repeated;
  return ordered.map((status) => ({
    afterMs: delayMs,
    status,
    told: status === 'ERROR' && stub ? { status, messageStubParameters: stub } : { status },
  }));
}
