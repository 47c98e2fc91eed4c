import { createHmac } from 'node:crypto';
import { type HttpServer, readBody, serve } from '../http';
import type { Json } from '../spec-kit';
import type { BusinessNumber } from './number';
import type { CloudSimulator } from './simulator';

/** Helpers of the specs of the fake Cloud API. */

export interface GraphReply {
  status: number;
  headers: Headers;
  body: Json;
  /** The error as `[code, message or details]`; null when there is none. */
  error: [code: number, why: string] | null;
}

export interface GraphOptions {
  token?: string;
  signal?: AbortSignal;
}

export type Graph = (
  request: string,
  body?: object | FormData,
  options?: GraphOptions,
) => Promise<GraphReply>;

/** Calls the Graph API as the first number: `graph('POST /<id>/messages', {…})`. */
export const graphOf =
  (simulator: CloudSimulator): Graph =>
  async (request, body, { token, signal } = {}) => {
    const [method, path] = request.split(' ');
    const isForm = body instanceof FormData;
    const response = await fetch(`${simulator.url}/v26.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token ?? simulator.numbers[0].accessToken}`,
        ...(body && !isForm && { 'content-type': 'application/json' }),
      },
      body: isForm ? body : body && JSON.stringify(body),
      signal,
    });
    const answer: Json = await response.json();
    const error = answer.error;
    return {
      status: response.status,
      headers: response.headers,
      body: answer,
      error: error ? [error.code, error.error_data?.details ?? error.message] : null,
    };
  };

/** Sends a message as the first number. */
export const sender =
  (simulator: CloudSimulator) =>
  (message: object, options?: GraphOptions): Promise<GraphReply> =>
    graphOf(simulator)(
      `POST /${simulator.numbers[0].id}/messages`,
      { messaging_product: 'whatsapp', ...message },
      options,
    );

export interface CallbackRequest {
  raw: string;
  body: Json;
  /** It is signed with the app's secret. */
  isSigned: boolean;
}

export interface Callback extends HttpServer {
  /** Bodies of the POSTs, in order. */
  received: CallbackRequest[];
  /** Every message, status or other value that came, in order: those below `list` of each change. */
  all(list: string): Json[];
  /** Resolves when so many POSTs came. */
  saw(count: number): Promise<void>;
}

/** A hub's callback: answers the challenge for the right token, and each POST as `answer` says. */
export async function startCallback(
  { appSecret, verifyToken }: Pick<BusinessNumber, 'appSecret' | 'verifyToken'>,
  answer: (nth: number, body: Json) => number | Promise<number> = () => 200,
): Promise<Callback> {
  const received: CallbackRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = await serve((request, response) => {
    void readBody(request).then(async (bytes) => {
      const query = new URL(request.url ?? '', 'http://callback').searchParams;
      if (request.method === 'GET') {
        const isRight =
          query.get('hub.verify_token') === verifyToken && query.get('hub.mode') === 'subscribe';
        return response.writeHead(isRight ? 200 : 403).end(isRight ? query.get('hub.challenge') : '');
      }
      const signature = createHmac('sha256', appSecret).update(bytes).digest('hex');
      const isSigned = request.headers['x-hub-signature-256'] === `sha256=${signature}`;
      const body = JSON.parse(bytes.toString());
      received.push({ raw: bytes.toString('latin1'), body, isSigned });
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
      response.writeHead(await answer(received.length, body)).end();
    });
  });
  const all = (list: string) =>
    received.flatMap(({ body }) =>
      body.entry.flatMap(({ changes }: Json) => changes.flatMap(({ value }: Json) => value[list] ?? [])),
    );
  const saw = (count: number) =>
    received.length >= count
      ? Promise.resolve()
      : new Promise<void>((resolve) => waiting.push({ count, resolve }));
  return { ...server, received, all, saw };
}
