import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ListenOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Loopback unless told otherwise. */
  host?: string;
}

/** A server of a fake platform. Requests that hang on purpose are cut by `offline` and `close`. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Refuses connections and cuts the open ones, until `online`. The port stays the same. */
  offline(): Promise<void>;
  online(): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** An idle connection lives longer than the pools of the clients under test keep it: a reset is always a fault that was asked for. */
const keepAliveMs = 120_000;

export async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  { port = 0, host = '127.0.0.1' }: ListenOptions = {},
  /** Takes over connections that ask for another protocol; whoever gives it cuts them too. */
  onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, listener);
  if (onUpgrade) server.on('upgrade', onUpgrade);
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(on, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(port);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    offline: stop,
    online: () => listen(bound),
    close: stop,
  };
}

const noBody = Buffer.alloc(0);

/** Resolves with the whole body; rejects when the client goes away before its end. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  if (request.method === 'GET' || request.headers['content-length'] === '0') return Promise.resolve(noBody);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client left before the end of its request.'));
    });
  });
}

/** Writes JSON, or a string or bytes as they are with the content type that `headers` gives. */
export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(bytes),
    ...headers,
  });
  response.end(bytes);
}

/** A page instead of an answer: what proxies and captive portals send. */
export const htmlPage: Answer = {
  status: 200,
  body: '<!doctype html><html><body><h1>It works!</h1></body></html>',
  headers: { 'content-type': 'text/html; charset=utf-8' },
};

/** Cuts the connection so that the client sees a reset. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
