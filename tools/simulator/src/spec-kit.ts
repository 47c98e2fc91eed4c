import { type HttpServer, readBody, serve } from './http';
import type { TelegramSimulator } from './telegram/simulator';

/** Helpers of the simulator's own specs. */

/** What came over the wire: the specs say what they expect of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface ApiReply {
  status: number;
  headers: Headers;
  ok: boolean;
  result: Json;
  description: string;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number };
}

export type Api = (method: string, params?: object) => Promise<ApiReply>;

/** Calls the Bot API with JSON, as the first bot. */
export const apiOf =
  (simulator: TelegramSimulator, signal?: AbortSignal): Api =>
  async (method, params = {}) => {
    const response = await fetch(`${simulator.url}/bot${simulator.bots[0].token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
      signal,
    });
    return { status: response.status, headers: response.headers, ...((await response.json()) as Json) };
  };

export async function control(url: string, request: string, body?: object): Promise<Json> {
  const [method, path] = request.split(' ');
  const response = await fetch(url + path, { method, body: body && JSON.stringify(body) });
  return response.json();
}

export interface Hook extends HttpServer {
  /** What came, in order. */
  received: { update: Json; secret: unknown; at: number }[];
  /** Resolves when so many requests came. */
  saw(count: number): Promise<void>;
}

type HookAnswer = number | { status: number; retryAfter: string };

/** A hub's webhook, that answers each request as `answer` says; a promise holds the answer back. */
export async function startHook(
  answer: (update: Json, nth: number) => HookAnswer | Promise<HookAnswer> = () => 200,
) {
  const received: Hook['received'] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = await serve((request, response) => {
    void readBody(request).then(async (body) => {
      const update = JSON.parse(body.toString());
      received.push({ update, secret: request.headers['x-telegram-bot-api-secret-token'], at: Date.now() });
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
      const reply = await answer(update, received.length);
      const { status, retryAfter } = typeof reply === 'number' ? { status: reply, retryAfter: null } : reply;
      response.writeHead(status, retryAfter === null ? {} : { 'retry-after': retryAfter }).end();
    });
  });
  const saw = (count: number) =>
    received.length >= count
      ? Promise.resolve()
      : new Promise<void>((resolve) => waiting.push({ count, resolve }));
  return { ...server, received, saw } satisfies Hook;
}
