import type { DefaultRestOptions, REST, ResponseLike } from '@discordjs/rest';
import {
  AmbiguousError,
  RateLimitedError,
  redact,
  RejectedError,
  SendError,
  toSendError,
  UnauthorizedError,
  UnreachableError,
} from '@omni-hub/channel-sdk';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Call, GatewayInfo } from '../models/api.models';
import type { DiscordConfig } from '../models/config.models';
import { FileClient } from './file.client';
import { toFailure, unreadable } from './failures';
import { told } from './traffic';
import { encoded, readFiles } from './uploads';

/** For one attempt, from the wait for its bucket to the end of the answer. */
const timeoutMs = 30_000;
/** Buckets that are kept in mind; those that are not in use are forgotten beyond this. */
const maxBuckets = 1_000;
const refusedMs = 60_000;

/** Megabytes, which come with the first bot; a constructor cannot wait for an `import`. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
const library = () => require('@discordjs/rest') as typeof import('@discordjs/rest');

/**
 * Discord's REST API by @discordjs/rest, which knows its buckets: one request a call, and one that a limit would refuse is not made
 * (https://docs.discord.com/developers/topics/rate-limits). Every failure is one of the closed list. The token is in a header, an
 * interaction's token in its address: neither a request nor an error of the library ever leaves this class.
 */
export class DiscordClient {
  readonly files: FileClient;
  private readonly rest: REST;
  private readonly token: string;
  /** Discord bans addresses that go on with a token that it has refused: for a while nothing is sent with it. */
  private refused: { error: UnauthorizedError; until: number } | null = null;

  constructor({ token, apiUrl }: Pick<DiscordConfig, 'token' | 'apiUrl'>) {
    this.token = token;
    this.files = new FileClient(apiUrl);
    const { REST: Rest } = library();
    this.rest = new Rest({
      version: '10',
      api: apiUrl.replace(/\/+$/, ''),
      retries: 0,
      timeout: timeoutMs,
      offset: 0,
      rejectOnRateLimit: () => true,
      hashSweepInterval: 0,
      handlerSweepInterval: 0,
      makeRequest: request,
    }).setToken(token);
  }

  /** One attempt. Resolves with the answer's JSON, whose shape is not checked; undefined where Discord answers with nothing. */
  async call(call: Call, signal: AbortSignal): Promise<unknown> {
    const { method, path, body, authorized = true } = call;
    const name = nameOf(call);
    if (signal.aborted) throw new UnreachableError(`${name} was given up before it was sent`);
    if (authorized) this.checkToken();
    if (this.rest.handlers.size > maxBuckets) this.rest.handlers.sweep(({ inactive }) => inactive);
    const whole = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const files = call.files && (await readFiles(call.files, whole));
      if (whole.aborted) throw new UnreachableError(`${name} was given up before it was sent`);
      const response = await sent(whole, () =>
        this.rest.queueRequest({
          fullRoute: path,
          method: method as never,
          body,
          auth: authorized,
          signal: whole,
          files,
        }),
      );
      return await readBody(response, name);
    } catch (error) {
      const failure = this.toSendError(error, name);
      if (authorized && failure instanceof UnauthorizedError)
        this.refused = { error: failure, until: Date.now() + refusedMs };
      throw failure;
    }
  }

  private checkToken(): void {
    if (this.refused === null) return;
    if (Date.now() < this.refused.until) throw this.refused.error;
    this.refused = null;
    this.rest.setToken(this.token);
  }

  /** Where the gateway is, how many connections it wants, and how many sessions may still be begun today. */
  async gateway(signal: AbortSignal): Promise<GatewayInfo> {
    return (await this.call({ method: 'GET', path: '/gateway/bot' }, signal)) as GatewayInfo;
  }

  private toSendError(error: unknown, call: string): SendError {
    if (error instanceof SendError) return error;
    const { DiscordAPIError, HTTPError, RateLimitError } = library();
    const message = (text: unknown) => redact(typeof text === 'string' ? text : '', [this.token]);
    if (error instanceof RateLimitError) {
      const waitMs = Math.max(1, Math.ceil(error.retryAfter || error.timeToReset || 1_000));
      const scope = error.global ? 'instance' : 'chat';
      return new RateLimitedError(`Discord allows ${call} again in ${waitMs} ms`, waitMs, scope, {
        platformCode: '429',
      });
    }
    if (error instanceof DiscordAPIError) {
      const code = typeof error.code === 'number' ? error.code : null;
      return toFailure({ call, status: error.status, code, message: message(error.message) });
    }
    if (error instanceof HTTPError) return toFailure({ call, status: error.status, code: null, message: '' });
    if (error instanceof Failed) return toSendError(error, [this.token]);
    // All that is left ends the wait for the bucket's turn.
    return new UnreachableError(
      `${call} was given up before it was sent: ${message((error as Error).message)}`,
    );
  }
}

/** Whether the request of the call that is under way has left. */
const underWay = new AsyncLocalStorage<{ hasLeft: boolean }>();

/** Resolves and rejects as `ask` does; an abort ends the wait for the bucket's turn, which the library leaves going on. */
async function sent<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const call = { hasLeft: false };
  const asked = underWay.run(call, ask);
  const abandoned = new Promise<never>((_, reject) => {
    const abandon = () => call.hasLeft || reject(new Error('there was no time left'));
    signal.addEventListener('abort', abandon, { once: true });
    asked.then(undefined, () => undefined).finally(() => signal.removeEventListener('abort', abandon));
  });
  return Promise.race([asked, abandoned]);
}

/** A request that failed on its way, not in the wait for its turn. */
class Failed extends Error {
  constructor(
    readonly code: string,
    readonly requestSent: boolean | undefined,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The library's own way to make a request, with what it leaves open settled: a refusal is read whole, so that its connection is free
 * again and a body that is no JSON cannot hide its status; and a 429 that is not Discord's own, a ban of the address
 * by what stands before it, holds everything.
 */
async function request(
  ...[url, init]: Parameters<typeof DefaultRestOptions.makeRequest>
): Promise<ResponseLike> {
  const call = underWay.getStore();
  if (call) call.hasLeft = true;
  let response: ResponseLike;
  try {
    response = await library().DefaultRestOptions.makeRequest(url, await encoded(init));
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string };
    throw new Failed(
      String(code ?? name),
      name === 'AbortError' ? true : undefined,
      name === 'AbortError' ? 'no answer came in time' : message,
    );
  }
  return told(url, init, response.ok ? response : await refusalOf(response));
}

async function refusalOf(response: ResponseLike): Promise<ResponseLike> {
  const text = await response.text().catch(() => '');
  const told = parse(text);
  const body =
    typeof told === 'object' && told !== null && 'code' in told
      ? told
      : { code: null, message: text.slice(0, 200), ...Object(told) };
  const headers = new Headers([...response.headers] as [string, string][]);
  if (response.status === 429 && told === undefined) headers.set('x-ratelimit-global', 'true');
  if (response.status === 429 && !headers.has('retry-after'))
    headers.set('retry-after', String(retryAfterOf(told)));
  headers.set('content-type', 'application/json');
  const read = async () => body as never;
  return {
    body: null,
    bodyUsed: true,
    ok: false,
    status: response.status,
    statusText: response.statusText,
    headers: headers as ResponseLike['headers'],
    json: read,
    text: async () => text,
    arrayBuffer: async () => new ArrayBuffer(0),
  };
}

function retryAfterOf(body: unknown): number {
  const { retry_after: seconds } = Object(body) as { retry_after?: unknown };
  return typeof seconds === 'number' && seconds > 0 ? seconds : 1;
}

async function readBody(response: ResponseLike, call: string): Promise<unknown> {
  if (response.status === 204) {
    await response.text().catch(() => '');
    return undefined;
  }
  const body = parse(await response.text().catch(() => ''));
  if (body === undefined) throw unreadable(call);
  return body;
}

/** `POST /channels/:id/messages`: for people, without ids, emoji and tokens. */
function nameOf({ method, path }: Call): string {
  const words = path.split('/').map((word) => (/^[a-z@-]*$/.test(word) ? word : ':id'));
  return `${method} ${words.join('/')}`;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The message that the call made. Throws AmbiguousError where the answer names none. */
export function madeMessage(answer: unknown): { id: string; channel: string } {
  const { id, channel_id: channel } = Object(answer) as { id?: unknown; channel_id?: unknown };
  if (isId(id) && isId(channel)) return { id, channel };
  throw new AmbiguousError("Discord's answer names no message: it may or may not have been sent");
}

/** The channel that the call opened. */
export function madeChannel(answer: unknown): string {
  const { id } = Object(answer) as { id?: unknown };
  if (isId(id)) return id;
  throw new RejectedError(
    "Discord's answer names no channel of direct messages: it is tried again with the next message",
  );
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}
