import type { ChatId } from '@omni-hub/contracts';

/** How far a rate limit reaches: one chat, or everything that the instance sends. */
export type RateScope = 'chat' | 'instance';

interface Details {
  /** The platform's own code, for the operator. */
  platformCode?: string;
}

/**
 * The closed list of what can go wrong between the hub and a platform. Each answers one question: try again?
 * Messages say what to do and hold no secret: no token, no URL with a token in it, no request or response object.
 */
export abstract class ChannelError extends Error {
  abstract readonly code: string;
  readonly platformCode: string | null;

  constructor(message: string, details: Details = {}) {
    super(message);
    this.name = new.target.name;
    this.platformCode = details.platformCode ?? null;
  }
}

/** Not signed by the platform. The hub answers 401 and stores nothing. */
export class SignatureError extends ChannelError {
  readonly code = 'SIGNATURE';
}

/** Signed, but not of the documented shape. The hub answers 400 and keeps the body for the operator. */
export class PayloadError extends ChannelError {
  readonly code = 'PAYLOAD';
}

/** A failed send. `retryable` decides between another attempt and the dead letters. */
export abstract class SendError extends ChannelError {
  abstract readonly retryable: boolean;
}

/** The configuration is missing something, or the platform refuses it. */
export class ConfigError extends SendError {
  readonly code = 'CONFIG';
  readonly retryable = false;
}

/** The request is known not to have reached the platform, or the platform says that it is down. */
export class UnreachableError extends SendError {
  readonly code = 'UNREACHABLE';
  readonly retryable = true;
}

/** The request left and no readable answer came: the platform may or may not have acted. */
export class AmbiguousError extends SendError {
  readonly code = 'AMBIGUOUS';
  readonly retryable = true;
}

/** Too fast. */
export class RateLimitedError extends SendError {
  readonly code = 'RATE_LIMITED';
  readonly retryable = true;

  constructor(
    message: string,
    /** How long the platform asks to wait, milliseconds. */
    readonly retryAfterMs: number,
    readonly scope: RateScope,
    details: Details = {},
  ) {
    super(message, details);
  }
}

/** The credentials are refused: the instance is paused until an operator changes them. */
export class UnauthorizedError extends SendError {
  readonly code = 'UNAUTHORIZED';
  readonly retryable = false;
}

/** The recipient blocked the account, left, or does not exist any more. */
export class RecipientGoneError extends SendError {
  readonly code = 'RECIPIENT_GONE';
  readonly retryable = false;
}

/** Outside the platform's window for free-form messages. */
export class WindowClosedError extends SendError {
  readonly code = 'WINDOW_CLOSED';
  readonly retryable = false;
}

/**
 * The platform lets the account begin no conversations for now. The hub stops those (first contacts, scheduled messages) and
 * goes on answering the others.
 */
export class RestrictedError extends SendError {
  readonly code = 'RESTRICTED';
  readonly retryable = false;
}

/** The platform refused for a stated reason. */
export class RejectedError extends SendError {
  readonly code = 'REJECTED';
  readonly retryable = false;
}

/** The chat has moved: the hub re-keys it and sends the same part to the new address. */
export class ChatMovedError extends SendError {
  readonly code = 'CHAT_MOVED';
  readonly retryable = true;

  constructor(
    message: string,
    readonly movedTo: ChatId,
    details: Details = {},
  ) {
    super(message, details);
  }
}

/** Content that the channel cannot carry. */
export class UnsupportedError extends SendError {
  readonly code = 'UNSUPPORTED';
  readonly retryable = false;

  constructor(
    message: string,
    /** The capability that is missing, for example `content.poll`. */
    readonly capability: string,
    details: Details = {},
  ) {
    super(message, details);
  }
}
