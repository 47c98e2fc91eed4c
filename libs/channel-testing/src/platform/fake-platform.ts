import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { PlatformAnswer, PlatformFault, ScriptedCall } from '../fixtures/fixtures';
import { recordRequest, requestDifferences, type RecordedRequest } from './recorded-request';

export interface FakePlatformScript {
  /** Expected in this order, each once. */
  calls?: readonly ScriptedCall[];
  /** The answer to every call beyond the script; without it such a call is a problem and answered 501. */
  otherwise?: PlatformAnswer | PlatformFault;
}

/** A platform on loopback that follows a script. */
export interface FakePlatform {
  readonly url: string;
  /** Requests that were read whole, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Requests read, and connections that were reset before reading. */
  readonly attempts: number;
  /** Begins another script: counts and records start anew. */
  follow(script: FakePlatformScript): void;
  /** What did not go by the script so far: mismatched and unexpected calls, and scripted calls that never came. */
  problems(): string[];
  /** Resolves once so many requests were read whole; never rejects. */
  received(count: number): Promise<void>;
  /** Breaks what is open and stops. */
  close(): Promise<void>;
}

/** Starts a scripted platform on a free port of 127.0.0.1. The caller closes it. */
export async function startFakePlatform(script: FakePlatformScript = {}): Promise<FakePlatform> {
  const platform = new ScriptedPlatform();
  await platform.start();
  platform.follow(script);
  return platform;
}

class ScriptedPlatform implements FakePlatform {
  requests: RecordedRequest[] = [];
  attempts = 0;
  url = '';
  private readonly server: Server;
  private script: FakePlatformScript = {};
  private mismatches: string[] = [];
  private waiting: { count: number; resolve: () => void }[] = [];
  private next = 0;

  constructor() {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy());
    });
    this.server.on('connection', (socket) => this.resetWhereScripted(socket));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  follow(script: FakePlatformScript): void {
    this.script = script;
    this.requests = [];
    this.mismatches = [];
    this.next = 0;
    this.attempts = 0;
  }

  private get calls(): readonly ScriptedCall[] {
    return this.script.calls ?? [];
  }

  problems(): string[] {
    const missing = this.calls
      .slice(this.next)
      .map(({ expect }) => `never called: ${expect.method ?? 'POST'} ${expect.path}`);
    return [...this.mismatches, ...missing];
  }

  received(count: number): Promise<void> {
    if (this.requests.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private resetWhereScripted(socket: Socket): void {
    const answer = this.calls[this.next]?.answer ?? this.script.otherwise;
    if (!answer || !('fault' in answer) || answer.fault !== 'reset-before') return;
    this.next += 1;
    this.attempts += 1;
    socket.resetAndDestroy();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const recorded = await recordRequest(request);
    const call = this.calls[this.next];
    this.next += 1;
    this.attempts += 1;
    if (call) this.mismatches.push(...(await requestDifferences(call.expect, recorded)));
    else if (!this.script.otherwise)
      this.mismatches.push(`unexpected call: ${recorded.method} ${recorded.path}`);
    this.requests.push(recorded);
    this.tellWaiting();
    answerWith(call?.answer ?? this.script.otherwise ?? { status: 501 }, response);
  }

  private tellWaiting(): void {
    const ready = this.waiting.filter(({ count }) => this.requests.length >= count);
    this.waiting = this.waiting.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve();
  }
}

/** Every answer closes its connection, so that the next call can be reset before it is read. */
function answerWith(answer: PlatformAnswer | PlatformFault, response: ServerResponse): void {
  if ('fault' in answer) return fail(answer.fault, response);
  const json = answer.body !== undefined && typeof answer.body !== 'string';
  const type = json ? { 'content-type': 'application/json' } : {};
  response.writeHead(answer.status, { connection: 'close', ...type, ...answer.headers });
  response.end(answer.base64 === undefined ? bodyText(answer.body) : Buffer.from(answer.base64, 'base64'));
}

function bodyText(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function fail(fault: PlatformFault['fault'], response: ServerResponse): void {
  const json = { connection: 'close', 'content-type': 'application/json' };
  switch (fault) {
    case 'timeout':
      return;
    case 'reset-before':
    case 'reset-after':
      response.socket?.resetAndDestroy();
      return;
    case 'garbage':
      response.writeHead(200, json).end('<html>not what you asked for</html>');
      return;
    case 'truncated':
      response.writeHead(200, { ...json, 'content-length': '4096' });
      response.write('{"ok":true,', () => response.destroy());
  }
}
