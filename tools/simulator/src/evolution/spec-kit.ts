import { type HttpServer, readBody, serve } from '../http';
import type { Json } from '../spec-kit';
import type { EvolutionSimulator } from './simulator';

/** Helpers of this folder's specs. */

export interface ApiReply {
  status: number;
  headers: Headers;
  body: Json;
}

/** Calls the API: `POST message/sendText/support`. */
export type Api = (request: string, body?: object) => Promise<ApiReply>;

export const apiOf =
  (simulator: EvolutionSimulator, apikey = simulator.apiKey, signal?: AbortSignal): Api =>
  async (request, body) => {
    const [method, path] = request.split(' ');
    const response = await fetch(`${simulator.url}/${path}`, {
      method,
      headers: { apikey, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      signal,
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
  };

export interface Received {
  url: string;
  headers: Record<string, unknown>;
  body: Json;
  at: number;
}

export interface Hook extends HttpServer {
  /** What came, in order. */
  received: Received[];
  /** The data of one event, in order. */
  data(event: string): Json[];
  /** Resolves when so many requests came. */
  saw(count: number): Promise<void>;
}

/** A hub's webhook, that answers each request as `answer` says; a promise holds the answer back. */
export async function startHook(
  answer: (body: Json, nth: number) => number | Promise<number> = () => 200,
): Promise<Hook> {
  const received: Received[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = await serve((request, response) => {
    void readBody(request).then(async (bytes) => {
      const body = JSON.parse(bytes.toString()) as Json;
      received.push({ url: request.url ?? '', headers: request.headers, body, at: Date.now() });
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
      response.writeHead(await answer(body, received.length)).end();
    });
  });
  const data = (event: string) =>
    received.filter(({ body }) => body.event === event).map(({ body }) => body.data);
  const saw = (count: number) =>
    received.length >= count
      ? Promise.resolve()
      : new Promise<void>((resolve) => waiting.push({ count, resolve }));
  return { ...server, received, data, saw };
}

/** Tells an instance of a webhook that hears of everything, or of these events. */
export async function listen(
  simulator: EvolutionSimulator,
  hook: Hook,
  settings: object = {},
  name = 'support',
) {
  const webhook = { enabled: true, url: `${hook.url}/hook`, events: [], ...settings };
  await apiOf(simulator)(`POST webhook/set/${name}`, { webhook });
}
