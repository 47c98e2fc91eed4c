import type { Exchanged, Received, SendError, WebhookRequest } from '@omni-hub/channel-sdk';
import type { Redactor } from './redactor';
import type { End } from './watched-handler';

/** A fixture of the conformance kit, as far as a recording can tell it: what events it becomes, and what a probe finds, the import asks the channel. */
export type Fixture = Record<string, unknown>;

const withReceipt = new Set(['send', 'edit', 'delete', 'react']);
const withResult = new Set(['preview']);

/** A webhook's request, unsigned: the kit signs it. Null where its body is no JSON. */
export function webhookFixture(
  redactor: Redactor,
  { method, path, query, body }: WebhookRequest,
): Fixture | null {
  const request = parsed(body.toString('utf8'));
  if (method !== 'POST' || request === undefined) return null;
  const kept = { path: redactor.webhookPath(path), query: redactor.query(query) };
  return {
    ...(kept.path === '' ? {} : { path: kept.path }),
    ...(Object.keys(kept.query).length === 0 ? {} : { query: kept.query }),
    request: redactor.json(request),
  };
}

/** What a listener got. Null where it is no JSON. */
export function batchFixture(redactor: Redactor, raw: Buffer): Fixture | null {
  const request = parsed(raw.toString('utf8'));
  return request === undefined ? null : { via: 'listen', request: redactor.json(request) };
}

/** One use of an ability. Null where a request or an answer is a file or a form, or went elsewhere than to `apiUrl`. */
export function useFixture(
  redactor: Redactor,
  apiUrl: string,
  ability: string,
  input: object,
  exchanged: readonly Exchanged[],
  end: End,
): Fixture | null {
  const calls = exchanged.map((one) => callOf(redactor, apiUrl, one));
  if (calls.includes(null)) return null;
  const { files, ...told } = input as { files?: readonly unknown[] };
  if (files && files.length > 0) return null;
  return { ability, input: redactor.json(told), calls, ...endOf(redactor, ability, end) };
}

/** The kinds of what came, for the recording's file name. */
export function nameOf({ events, ignored = [] }: Received): string {
  const kinds = [...events.map(({ type }) => type), ...(ignored.length > 0 ? ['ignored'] : [])];
  return [...new Set(kinds)].join('-') || 'nothing';
}

function callOf(
  redactor: Redactor,
  apiUrl: string,
  { method, url, requestBody, answer }: Exchanged,
): Fixture | null {
  const below = belowOf(url, apiUrl);
  if (below === null || requestBody === undefined || (answer && answer.body === undefined)) return null;
  const { pathname, searchParams } = new URL(below, 'http://platform');
  const query = Object.fromEntries(searchParams);
  const expect = {
    method,
    path: redactor.path(decodeURIComponent(pathname)),
    ...(Object.keys(query).length === 0 ? {} : { query: redactor.query(query) }),
    ...(requestBody === null || requestBody === ''
      ? {}
      : { body: redactor.json(parsed(requestBody) ?? requestBody) }),
  };
  return { expect, answer: answer ? answerOf(redactor, answer) : { fault: 'reset-after' } };
}

function answerOf(redactor: Redactor, { status, headers, body }: NonNullable<Exchanged['answer']>): Fixture {
  const { ok, error } = Object(body) as { ok?: unknown; error?: unknown };
  const refused = status >= 400 || ok === false || Boolean(error);
  const retryAfter = headers['retry-after'];
  return {
    status,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    ...(body === '' ? {} : { body: redactor.json(body, refused) }),
  };
}

function endOf(redactor: Redactor, ability: string, end: End): Fixture {
  if ('threw' in end) return { error: errorOf(end.threw as SendError) };
  if (withReceipt.has(ability)) return { receipt: redactor.json(end.returned) };
  return withResult.has(ability) ? { result: redactor.json(end.returned) } : {};
}

/** What a retry depends on. The message is for people and may name them. */
function errorOf(error: SendError): Fixture {
  const { code, retryable, retryAfterMs, scope, platformCode } = Object(error) as Record<string, unknown>;
  const told = { code, retryable, retryAfterMs, scope, platformCode };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

function belowOf(url: string, apiUrl: string): string | null {
  const base = apiUrl.replace(/\/+$/, '');
  return url.startsWith(`${base}/`) ? url.slice(base.length) : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
