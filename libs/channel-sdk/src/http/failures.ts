import {
  AmbiguousError,
  ConfigError,
  RateLimitedError,
  RejectedError,
  SendError,
  UnauthorizedError,
  UnreachableError,
} from '../errors/errors';

/**
 * What a failed request means, from the closed list. A SendError passes through, also as the cause. A request that is known not to have
 * left is UnreachableError; one that cannot be made at all is ConfigError; when in doubt it is AmbiguousError.
 * `secrets` never appear in the message.
 */
export function toSendError(error: unknown, secrets: string[] = []): SendError {
  if (error instanceof SendError) return error;
  const { cause } = Object(error) as { cause?: unknown };
  if (cause instanceof SendError) return cause;
  const { code, message, sent } = readFailure(error);
  const details = { platformCode: code };
  const reason = redact(message, secrets);
  if (misconfigured.has(code)) {
    return new ConfigError(`The request cannot be made: ${reason}. Correct the configuration`, details);
  }
  if (!sent) {
    return new UnreachableError(
      `The request did not reach the platform: ${reason}. Check its address and the network`,
      details,
    );
  }
  return new AmbiguousError(
    `The request left but no readable answer came: ${reason}. Look at the chat to see whether it arrived`,
    details,
  );
}

/**
 * What an answer's status means where the channel knows no better. `detail` is the platform's own description; it must
 * hold no secret. `retryAfterMs` is the platform's wish, a second where it names none.
 */
export function statusToSendError(
  status: number,
  detail: string,
  retryAfterMs: number | null = null,
): SendError {
  const details = { platformCode: String(status) };
  const answer = detail ? `${status} ${detail}` : String(status);
  if (status === 401)
    return new UnauthorizedError(`The platform refuses the credentials (${answer}): renew them`, details);
  if (status === 429) {
    return new RateLimitedError(
      `The platform asks to slow down (${answer})`,
      retryAfterMs ?? 1000,
      'instance',
      details,
    );
  }
  if (status === 502 || status === 503)
    return new UnreachableError(`The platform is down (${answer})`, details);
  if (status >= 500)
    return new AmbiguousError(`The platform failed while it handled the request (${answer})`, details);
  if (status >= 400) return new RejectedError(`The platform refused the request (${answer})`, details);
  return new AmbiguousError(`The platform's answer is not understood (${answer})`, details);
}

/** `text` with every secret, also in its URL-encoded form, replaced by `***`. */
export function redact(text: string, secrets: string[]): string {
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((secret) => secret !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** Codes of requests that no attempt can make right. */
const misconfigured = new Set(['ERR_INVALID_URL', 'ERR_BAD_OPTION_VALUE', 'ERR_BAD_OPTION']);

/** Codes of failures before a connection is open, for errors that do not say themselves whether the request left. */
const beforeTheRequest = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function readFailure(error: unknown): { code: string; message: string; sent: boolean } {
  const { code, message, requestSent } = Object(error) as Record<string, unknown>;
  const name = typeof code === 'string' ? code : 'UNKNOWN';
  return {
    code: name,
    message: typeof message === 'string' && message !== '' ? message : name,
    sent: typeof requestSent === 'boolean' ? requestSent : !beforeTheRequest.has(name),
  };
}
