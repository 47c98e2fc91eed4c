import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LivePlatform } from '../options';
import { recordRequest, type RecordedRequest } from './recorded-request';

/** What one long poll said and gets. */
export interface PollAnswer {
  /** How many of the delivered bodies, from the first, the request lets go of. */
  confirmed: number;
  /** The JSON answer that carries `pending`. Called when something is pending, or when the poll has been held long enough. */
  answer(pending: unknown[]): unknown;
}

export interface PollingPlatformOptions {
  /** Understands a request; null where it is no poll. `delivered` holds every body so far, in order. */
  poll(request: RecordedRequest, delivered: readonly unknown[]): PollAnswer | null;
  /** The JSON answer to a request that is no poll. */
  otherwise(request: RecordedRequest): unknown;
}

const holdMs = 1_000;

/** A platform for long polling: holds a poll until a body is delivered, and tells what the listener has confirmed. */
export async function startPollingPlatform(options: PollingPlatformOptions): Promise<LivePlatform> {
  const platform = new PollingPlatform(options);
  await platform.start();
  return platform;
}

class PollingPlatform implements LivePlatform {
  private readonly server: Server;
  private readonly delivered: unknown[] = [];
  private readonly held = new Set<() => void>();
  private confirmedCount = 0;
  private attemptCount = 0;
  private down = false;

  constructor(private readonly options: PollingPlatformOptions) {
    this.server = createServer((request, response) => {
      recordRequest(request)
        .then((recorded) => this.answer(recorded, response))
        .catch(() => response.destroy());
    });
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  deliver(body: unknown): void {
    this.delivered.push(body);
    for (const release of this.held) release();
  }

  confirmed(): number {
    return this.confirmedCount;
  }

  attempts(): number {
    return this.attemptCount;
  }

  drop(): void {
    this.down = true;
    this.server.closeAllConnections();
  }

  restore(): void {
    this.down = false;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: RecordedRequest, response: ServerResponse): Promise<void> {
    this.attemptCount += 1;
    if (this.down) {
      response.socket?.resetAndDestroy();
      return;
    }
    const poll = this.options.poll(request, this.delivered);
    if (poll === null) return sendJson(response, this.options.otherwise(request));
    this.confirmedCount = Math.max(this.confirmedCount, poll.confirmed);
    if (poll.confirmed >= this.delivered.length) await this.nextDelivery(response);
    sendJson(response, poll.answer(this.delivered.slice(poll.confirmed)));
  }

  /** Resolves at the next delivery, when the poll was held long enough, or when its connection ends. */
  private nextDelivery(response: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const release = (): void => {
        clearTimeout(timer);
        this.held.delete(release);
        resolve();
      };
      const timer = setTimeout(release, holdMs);
      this.held.add(release);
      response.on('close', release);
    });
  }
}

function sendJson(response: ServerResponse, body: unknown): void {
  response
    .writeHead(200, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify(body));
}
