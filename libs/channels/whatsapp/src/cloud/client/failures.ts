import {
  AmbiguousError,
  ConfigError,
  RateLimitedError,
  RecipientGoneError,
  RejectedError,
  RestrictedError,
  statusToSendError,
  UnauthorizedError,
  UnreachableError,
  WindowClosedError,
  type SendError,
} from '@omni-hub/channel-sdk';
import { asCode, asObject, firstText, type Unchecked } from '../models/inbound.models';
import { meaningOf, type Meaning } from './error-codes';

/** An answer that is not a success. `body` is parsed JSON, or the text that came instead, without any secret. */
export interface Refusal {
  status: number;
  body: unknown;
  /** The header `Retry-After`, seconds. */
  retryAfter: string | undefined;
  /** From 1: which attempt met it. */
  attempt: number;
}

/** Why a message failed after it was accepted, as a `DeliveryUpdated` tells it. */
export interface FailedDelivery {
  errorCode: string;
  detail: string;
  restricted: boolean;
}

/**
 * Turns what Graph API answered into one of the closed list. The code in the body decides, the status only where there is none:
 * the same code comes with 400, 403, 429 and 500 (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes).
 */
export function toFailure(refusal: Refusal): SendError {
  const { status, body } = refusal;
  if (status === 200) {
    return new AmbiguousError(
      'The answer of Graph API names no message: it may or may not have been sent; its status will tell',
    );
  }
  const error = asObject(asObject(body)?.error);
  if (!error) return notGraph(refusal);
  const code = asCode(error.code);
  const meaning = code === null ? null : meaningOf(code, asCode(error.error_subcode));
  if (!meaning) return unknown(refusal, error, code);
  const sentence = `WhatsApp: ${reasonOf(error)} (${code}); ${meaning.advice}`;
  return toError(meaning, sentence, String(code), refusal);
}

/** What the errors of a status with `failed` mean, by the same codes. */
export function toFailedDelivery(errors: readonly Unchecked[]): FailedDelivery {
  const [error] = errors;
  if (!error) {
    return {
      errorCode: 'REJECTED',
      detail: 'WhatsApp did not deliver the message and gives no reason',
      restricted: false,
    };
  }
  const code = asCode(error.code);
  const meaning = code === null ? null : meaningOf(code, null);
  const reason = `${reasonOf(error)}${code === null ? '' : ` (${code})`}`;
  return {
    errorCode: meaning ? codes[meaning.as] : 'REJECTED',
    detail: meaning ? `${reason}; ${meaning.advice}` : reason,
    restricted: meaning?.as === 'restricted',
  };
}

/** What Meta says of an error, as much as there is. */
export function reasonOf(error: Unchecked): string {
  const title = firstText(error.title, error.message)?.replace(/^\(#\d+\)\s*/, '') ?? null;
  const details =
    firstText(asObject(error.error_data)?.details, error.error_user_msg)?.replace(/\.$/, '') ?? null;
  if (title === null) return details ?? 'no reason given';
  return details === null || details === title ? title : `${title}: ${details}`;
}

const codes: Record<Meaning['as'], string> = {
  again: 'UNREACHABLE',
  'rate-instance': 'RATE_LIMITED',
  'rate-chat': 'RATE_LIMITED',
  unauthorized: 'UNAUTHORIZED',
  config: 'CONFIG',
  gone: 'RECIPIENT_GONE',
  window: 'WINDOW_CLOSED',
  restricted: 'RESTRICTED',
  rejected: 'REJECTED',
};

function toError(
  { as, waitMs }: Meaning,
  sentence: string,
  platformCode: string,
  refusal: Refusal,
): SendError {
  const details = { platformCode };
  const wished = Number(refusal.retryAfter) * 1000 || null;
  switch (as) {
    case 'again':
      return new UnreachableError(sentence, details);
    case 'rate-instance':
      return new RateLimitedError(sentence, wished ?? waitMs ?? 1_000, 'instance', details);
    case 'rate-chat':
      return new RateLimitedError(sentence, wished ?? pairWaitMs(refusal.attempt), 'chat', details);
    case 'unauthorized':
      return new UnauthorizedError(sentence, details);
    case 'config':
      return new ConfigError(sentence, details);
    case 'gone':
      return new RecipientGoneError(sentence, details);
    case 'window':
      return new WindowClosedError(sentence, details);
    case 'restricted':
      return new RestrictedError(sentence, details);
    case 'rejected':
      return new RejectedError(sentence, details);
  }
}

/** 4^X seconds with X from 0, as Meta asks, an hour at most: …/whatsapp/throughput#pair-rate-limits. */
function pairWaitMs(attempt: number): number {
  return Math.min(4 ** (Math.max(attempt, 1) - 1) * 1_000, 3_600_000);
}

/** A code that Meta added later, or that says nothing by itself (1, "unknown error"): the status has to do. */
function unknown({ status, retryAfter }: Refusal, error: Unchecked, code: number | null): SendError {
  const reason = `WhatsApp: ${reasonOf(error)}${code === null ? '' : ` (${code})`}`;
  const details = { platformCode: String(code ?? status) };
  if (status === 401) return new UnauthorizedError(`${reason}; renew accessToken`, details);
  if (status === 429 || status >= 500)
    return statusToSendError(status, reason, Number(retryAfter) * 1000 || null);
  return new RejectedError(`${reason}; see Meta's list of error codes`, details);
}

/** A status without Graph's words comes from something between: a proxy, or a wrong address. */
function notGraph({ status, retryAfter }: Refusal): SendError {
  if (status < 400 || status === 404) {
    return new ConfigError(
      `What answers at apiUrl (status ${status}) is not Graph API: check apiUrl and apiVersion`,
    );
  }
  return statusToSendError(
    status,
    "the answer is not Graph API's: is there a proxy between?",
    Number(retryAfter) * 1000 || null,
  );
}
