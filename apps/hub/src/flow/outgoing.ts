import type { Content } from '@omni-hub/contracts';
import type { LiveInstance } from '../instances/live-instance';

export interface SendOrder {
  /** A chat or contact id, a phone number or a username. */
  to: string;
  content: Content;
  replyTo: string | null;
  /** Epoch milliseconds; null sends at once. */
  sendAt: number | null;
  /** The caller's own key: a second order with it makes no second message. */
  idempotencyKey: string | null;
  /** The turn that this answers later, or null. */
  turnId: string | null;
}

export interface SendOutcome {
  id: string;
  deliveries: string[];
  /** What the channel lacks and how it is shown instead, or null. */
  fallback: string | null;
  scheduledAt: number | null;
  duplicate: boolean;
}

/** The only way out for whatever is not an answer of a turn. The outbox is it. */
export abstract class Outgoing {
  /**
   * Resolves once the message is committed; nothing has left by then. Throws UnsupportedError for content that the
   * channel cannot carry, UnknownRecipientError, and a FileError for a file that the hub cannot have.
   */
  abstract send(instance: LiveInstance, order: SendOrder): Promise<SendOutcome>;
}

/** `to` names nobody that the instance knows, and is no chat id of the channel. */
export class UnknownRecipientError extends Error {}
