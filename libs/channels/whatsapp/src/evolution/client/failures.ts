import {
  AmbiguousError,
  ConfigError,
  RateLimitedError,
  RecipientGoneError,
  RejectedError,
  statusToSendError,
  UnauthorizedError,
  UnreachableError,
  type SendError,
} from '@omni-hub/channel-sdk';
import { asObject, asText } from '../models/inbound.models';

/** An answer that is not a success. `body` is parsed JSON, or the text that came instead, without any secret. */
export interface Refusal {
  /** What was asked for: `message/sendText`. */
  path: string;
  status: number;
  body: unknown;
  /** The header `Retry-After`, seconds. */
  retryAfter: string | undefined;
}

/** Baileys' words for a socket that is not there: nothing has left. */
const notConnected =
  /connection closed|is not connected|not connected to|connection terminated|socket is closed|client is not ready/i;
const noInstance = /instance does not exist|instance not found/i;
const noMessage = /message not found/i;
const noRoute = /^cannot (get|post|delete)/i;

/**
 * Turns what Evolution answered into one of the closed list. It has no codes: `response.message` holds words, which differ between versions
 * (https://github.com/evolution-foundation/evolution-api, `src/main.ts` and `src/exceptions`). What is not known here is still told.
 */
export function toFailure(refusal: Refusal): SendError {
  const { path, status, retryAfter } = refusal;
  const words = wordsOf(refusal.body);
  const details = { platformCode: String(status) };
  if (/LICENSE_REQUIRED/.test(words)) return licenceRequired(details);
  if (status === 401) {
    return new UnauthorizedError(
      'Evolution refuses the key: apiKey must be the key of the server (AUTHENTICATION_API_KEY) or the token of the instance',
      details,
    );
  }
  if (status === 429) {
    const waitMs = Number(retryAfter) * 1000 || 1000;
    return new RateLimitedError(
      `Evolution allows ${path} again in ${waitMs / 1000} s`,
      waitMs,
      'instance',
      details,
    );
  }
  if (status === 400 && isUnknownNumber(refusal.body)) {
    return new RecipientGoneError(
      'The number is not on WhatsApp, or the hidden id is no longer known: check it, or wait for the person to write',
      details,
    );
  }
  if (notConnected.test(words)) {
    return new UnreachableError(
      'The number is not connected to WhatsApp at the Evolution server: it is tried again; where it lasts, look at the state of the instance and link it anew',
      details,
    );
  }
  if (noInstance.test(words)) {
    return new ConfigError(
      'The Evolution server has no such instance: check instanceName, or connect the instance to make it',
      details,
    );
  }
  if (noMessage.test(words)) {
    return new RejectedError(
      `Evolution refuses ${path}: message not found; it was deleted, or never stored there`,
      details,
    );
  }
  if (status === 404 || noRoute.test(words)) return notEvolution(status);
  return byStatus(refusal, words);
}

/** What the answer says in words, for those who look for some; an empty text where it says nothing. */
export function wordsOf(body: unknown): string {
  if (typeof body === 'string') return body.slice(0, 2_000);
  const object = asObject(body);
  if (!object) return '';
  const response = asObject(object.response);
  const said = [
    ...textsIn(response?.message ?? response),
    ...textsIn(object.message),
    ...textsIn(object.code),
  ];
  const error = asText(object.error);
  return [...new Set(said.length > 0 ? [...said, ...(isCode(error) ? [error] : [])] : [error ?? ''])].join(
    ', ',
  );
}

function isCode(text: string | null): text is string {
  return text !== null && /^[A-Z_]+$/.test(text);
}

/** Version 2.4 answers nothing before somebody has activated it: https://github.com/evolution-foundation/evolution-api/pull/2530. */
function licenceRequired(details: { platformCode: string }): ConfigError {
  return new ConfigError(
    'This Evolution server wants its licence activated before it does anything (LICENSE_REQUIRED): open its /manager page and activate it, or run version 2.3.7, which needs none',
    details,
  );
}

function notEvolution(status: number): ConfigError {
  return new ConfigError(
    `What answers at apiUrl (status ${status}) does not know the call: apiUrl must be the address of an Evolution API server of version 2`,
    { platformCode: String(status) },
  );
}

function byStatus({ path, status, retryAfter }: Refusal, words: string): SendError {
  const said = words.replace(/\s+/g, ' ').slice(0, 300);
  const reason = said ? `: ${said}` : '';
  if (status === 413) {
    return new RejectedError(
      `Evolution refuses ${path}${reason}: the file is too large; send a link to it instead`,
      {
        platformCode: '413',
      },
    );
  }
  if (status < 300) {
    return new AmbiguousError(`Evolution's answer to ${path} is not readable: it may or may not have acted`);
  }
  if (status < 400) {
    return new ConfigError(
      `What answers at apiUrl sends elsewhere (${status}): give the address that it sends to`,
    );
  }
  if (status === 403) {
    return new ConfigError(
      `Evolution forbids ${path}${reason}: apiKey must be the key of the server (AUTHENTICATION_API_KEY)`,
      { platformCode: '403' },
    );
  }
  if (status < 500) {
    return new RejectedError(`Evolution refuses ${path}${reason || ' and gives no reason'}`, {
      platformCode: String(status),
    });
  }
  return statusToSendError(status, `Evolution at ${path}${reason}`, Number(retryAfter) * 1000 || null);
}

/** `[{ "jid": "…", "exists": false, "number": "…" }]` */
function isUnknownNumber(body: unknown): boolean {
  const told = asObject(asObject(body)?.response)?.message;
  return Array.isArray(told) && told.flat(2).some((item) => asObject(item)?.exists === false);
}

/** Messages come as a text, a list, or lists in lists. */
function textsIn(value: unknown): string[] {
  const texts = Array.isArray(value) ? value.flat(3) : [value];
  return texts.map((text) => asText(text)).filter((text) => text !== null);
}
