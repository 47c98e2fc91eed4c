import { verify, type KeyObject } from 'node:crypto';
import { WebSocket } from 'ws';
import { type HttpServer, readBody, serve } from '../http';
import type { Json } from '../spec-kit';
import type { SimulatedApplication } from './application';
import type { DiscordSimulator } from './simulator';

/** Helpers of this folder's specs. */

export interface ApiReply {
  status: number;
  headers: Headers;
  body: Json;
  /** `[code, message]` of a refusal; null where there is none. */
  error: [code: number, message: string] | null;
}

export interface ApiOptions {
  token?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Calls the API as the first application: `POST channels/<id>/messages`. */
export type Api = (request: string, body?: object | FormData, options?: ApiOptions) => Promise<ApiReply>;

export const apiOf =
  (simulator: DiscordSimulator): Api =>
  async (request, body, { token, headers, signal } = {}) => {
    const [method, path] = request.split(' ');
    const isForm = body instanceof FormData;
    const response = await fetch(`${simulator.apiUrl}/v10/${path}`, {
      method,
      headers: {
        authorization: `Bot ${token ?? simulator.applications[0].token}`,
        'user-agent': 'DiscordBot (https://example.org, 1.0.0)',
        ...(body && !isForm && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: isForm ? body : body && JSON.stringify(body),
      signal,
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
    const answer: Json = isJson ? JSON.parse(text) : text;
    const error: ApiReply['error'] = response.ok ? null : [answer.code, answer.message];
    return { status: response.status, headers: response.headers, body: answer, error };
  };

/** A client of the gateway that does no more than it is told. */
export interface Client {
  /** Every frame that came, parsed; null for what is no JSON. */
  frames: Json[];
  /** Frames as they came. */
  raw: string[];
  /** `d` of every event of a type. */
  events(type: string): Json[];
  /** Resolves with the first frame that fits, there already or to come. */
  saw(fits: (frame: Json) => boolean): Promise<Json>;
  /** Resolves with the `d` of the nth event of a type. */
  event(type: string, nth?: number): Promise<Json>;
  /** Resolves with the code of the close. */
  closed: Promise<number>;
  says(op: number, d?: unknown): void;
  sends(text: string): void;
  close(code: number): void;
  /** Gone without a word. */
  vanish(): void;
}

export const usualIntents = 46_593;

/** Connects and, where asked, answers every heartbeat that is asked for with the last number. */
export function connect(url: string, { answers = true } = {}): Client {
  const socket = new WebSocket(url);
  const frames: Json[] = [];
  const raw: string[] = [];
  const checks = new Set<() => void>();
  let last: number | null = null;
  const says = (op: number, d: unknown = null) => socket.send(JSON.stringify({ op, d }));
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const text = String(data);
    raw.push(text);
    frames.push(parse(text));
    const frame = frames[frames.length - 1];
    if (typeof frame?.s === 'number') last = frame.s;
    if (frame?.op === 1 && answers) says(1, last);
    for (const check of checks) check();
  });
  const saw = (fits: (frame: Json) => boolean) =>
    new Promise<Json>((resolve) => {
      const check = () => {
        const found = frames.find((frame) => frame && fits(frame));
        if (!found) return;
        checks.delete(check);
        resolve(found);
      };
      checks.add(check);
      check();
    });
  const events = (type: string) => frames.filter((frame) => frame?.t === type).map(({ d }) => d);
  return {
    frames,
    raw,
    events,
    saw,
    event: async (type, nth = 1) => {
      let count = 0;
      const seen = new Set<Json>();
      const frame = await saw((one) => {
        if (one.t !== type || seen.has(one)) return false;
        seen.add(one);
        return ++count === nth;
      });
      return frame.d;
    },
    closed: new Promise((resolve) => socket.on('close', resolve)),
    says,
    sends: (text) => socket.send(text),
    close: (code) => socket.close(code),
    vanish: () => socket.terminate(),
  };
}

/** Connects and identifies; resolves when READY is there. */
export async function identify(
  simulator: DiscordSimulator,
  { intents = usualIntents, application = simulator.applications[0], shard }: IdentifyOptions = {},
): Promise<Client & { session: string; resumeUrl: string }> {
  const client = connect(`${simulator.gateway.url}/?v=10&encoding=json`);
  await client.saw(({ op }) => op === 10);
  client.says(2, identifyWith(application.token, intents, shard));
  const ready = await client.event('READY');
  return {
    ...client,
    session: ready.session_id,
    resumeUrl: `${ready.resume_gateway_url}?v=10&encoding=json`,
  };
}

interface IdentifyOptions {
  intents?: number;
  application?: SimulatedApplication;
  shard?: [number, number];
}

export const identifyWith = (token: string | null, intents = usualIntents, shard?: [number, number]) => ({
  token,
  intents,
  properties: { os: 'linux', browser: 'spec', device: 'spec' },
  ...(shard && { shard }),
});

/** Connects and resumes after this number. */
export async function resume(
  simulator: DiscordSimulator,
  { session, resumeUrl }: { session: string; resumeUrl: string },
  seq: number,
  token = simulator.applications[0].token,
): Promise<Client> {
  const client = connect(resumeUrl);
  await client.saw(({ op }) => op === 10);
  client.says(6, { token, session_id: session, seq });
  return client;
}

export interface Hook extends HttpServer {
  /** Bodies of what came and was signed rightly, in order. */
  received: Json[];
  /** How many signatures were wrong. */
  forged: number;
}

type HookReply = { status?: number; body?: object; type?: string } | null;

/** A hub's url for interactions: answers pings, refuses wrong signatures, and the rest as `answer` says; null hangs. */
export async function startHook(
  keyOf: () => KeyObject,
  answer: (interaction: Json) => HookReply = () => ({ body: { type: 5 } }),
  { checks = true, pongs = true } = {},
): Promise<Hook> {
  const hook = { received: [] as Json[], forged: 0 };
  const server = await serve((request, response) => {
    void readBody(request).then((bytes) => {
      const signature = Buffer.from(String(request.headers['x-signature-ed25519']), 'hex');
      const signed = Buffer.concat([Buffer.from(String(request.headers['x-signature-timestamp'])), bytes]);
      if (checks && !verify(null, signed, keyOf(), signature)) {
        hook.forged++;
        return response.writeHead(401).end();
      }
      const interaction = JSON.parse(bytes.toString());
      const isPing = interaction.type === 1;
      if (!isPing) hook.received.push(interaction);
      const reply = isPing ? { body: { type: pongs ? 1 : 4 } } : answer(interaction);
      if (!reply) return undefined;
      const {
        status = 200,
        body,
        type = 'application/json',
      } = reply as { status?: number; body?: object; type?: string };
      return response.writeHead(status, { 'content-type': type }).end(body ? JSON.stringify(body) : '');
    });
  });
  return Object.assign(hook, server);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
