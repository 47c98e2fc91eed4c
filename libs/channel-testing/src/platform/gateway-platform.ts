import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { LivePlatform } from '../options';
import { recordRequest, type RecordedRequest } from './recorded-request';

/** What a frame of the listener asks for. `sequence` is the last event that it says it has; null where it has none. */
export type GatewayRequest =
  | { kind: 'identify' }
  | { kind: 'resume'; session: string; sequence: number }
  | { kind: 'heartbeat'; sequence: number | null };

/** A platform's gateway in its own words. Frames are JSON. */
export interface GatewayPlatformOptions {
  /** The JSON answer to a plain request; `gatewayUrl` is where the gateway is. */
  answer(request: RecordedRequest, gatewayUrl: string): unknown;
  /** What a connection begins with. Heartbeats should be asked for every 100 ms or so: they tell how far the listener has come. */
  hello(): unknown;
  /** Understands a frame of the listener; null where it needs no answer. */
  read(frame: unknown): GatewayRequest | null;
  /** The event by which a session begins. */
  ready(session: string, sequence: number, gatewayUrl: string): unknown;
  /** What tells that a session goes on, after what was missed. */
  resumed(session: string, sequence: number): unknown;
  /** The answer to `resume` where the session is not known. */
  sessionOver(): unknown;
  acknowledged(): unknown;
  /** A delivered body as an event. */
  dispatch(body: unknown, sequence: number): unknown;
}

export interface GatewayPlatform extends LivePlatform {
  /** What the listener has sent, over all connections, in order. */
  readonly frames: readonly unknown[];
  /** Sessions that were begun. */
  readonly sessions: number;
  /** Sends a frame, or text that is none, into every connection. */
  send(frame: unknown): void;
  /** Closes every connection with the platform's own code. New ones are taken. */
  closeWith(code: number): void;
  /** Answers no heartbeat any more, as a platform that is not there does. */
  fallSilent(): void;
  /** Knows none of its sessions any more. */
  forget(): void;
  /** The code by which the listener closed its last connection; null where it closed none. */
  closedBy(): number | null;
}

/**
 * A platform whose events come over a WebSocket with numbers (Discord, QQ, Kook): it begins and resumes sessions, tells again what
 * was missed, and knows by heartbeats and resumes how far the listener has come. The caller closes it.
 */
export async function startGatewayPlatform(options: GatewayPlatformOptions): Promise<GatewayPlatform> {
  const platform = new ScriptedGateway(options);
  await platform.start();
  return platform;
}

class ScriptedGateway implements GatewayPlatform {
  readonly frames: unknown[] = [];
  sessions = 0;
  private readonly server: Server;
  private readonly gateway = new WebSocketServer({ noServer: true });
  /** Every event of the running session, the beginning first: its number is its place, from 1. */
  private events: { body: unknown; isDelivery: boolean }[] = [];
  /** Connections that have begun or resumed a session. */
  private readonly live = new Set<WebSocket>();
  private readonly delivered: unknown[] = [];
  private confirmedBodies = 0;
  private attemptCount = 0;
  private session: string | null = null;
  private isDown = false;
  private isSilent = false;
  private lastClose: number | null = null;

  constructor(private readonly options: GatewayPlatformOptions) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
    this.gateway.on('connection', (connection) => this.serve(connection));
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private get gatewayUrl(): string {
    return this.url.replace('http', 'ws');
  }

  deliver(body: unknown): void {
    this.delivered.push(body);
    if (this.session !== null) this.tell({ body, isDelivery: true });
  }

  confirmed(): number {
    return this.confirmedBodies;
  }

  attempts(): number {
    return this.attemptCount;
  }

  drop(): void {
    this.isDown = true;
    for (const connection of this.gateway.clients) connection.terminate();
    this.server.closeAllConnections();
  }

  restore(): void {
    this.isDown = false;
  }

  send(frame: unknown): void {
    for (const connection of this.gateway.clients) sendFrame(connection, frame);
  }

  closeWith(code: number): void {
    for (const connection of this.gateway.clients) connection.close(code);
  }

  fallSilent(): void {
    this.isSilent = true;
  }

  forget(): void {
    this.session = null;
  }

  closedBy(): number | null {
    return this.lastClose;
  }

  close(): Promise<void> {
    for (const connection of this.gateway.clients) connection.terminate();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.attemptCount += 1;
    if (this.isDown) {
      response.socket?.resetAndDestroy();
      return;
    }
    const body = this.options.answer(await recordRequest(request), this.gatewayUrl);
    response
      .writeHead(200, { 'content-type': 'application/json', connection: 'close' })
      .end(JSON.stringify(body));
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.attemptCount += 1;
    if (this.isDown) socket.destroy();
    else
      this.gateway.handleUpgrade(request, socket, head, (connection) =>
        this.gateway.emit('connection', connection, request),
      );
  }

  private serve(connection: WebSocket): void {
    this.isSilent = false;
    connection.on('error', () => undefined);
    connection.on('close', (code) => {
      this.live.delete(connection);
      this.lastClose = code;
    });
    connection.on('message', (data) => this.take(connection, JSON.parse(String(data))));
    sendFrame(connection, this.options.hello());
  }

  private take(connection: WebSocket, frame: unknown): void {
    this.frames.push(frame);
    const request = this.options.read(frame);
    if (request?.kind === 'identify') this.begin(connection);
    else if (request?.kind === 'resume') this.resume(connection, request.session, request.sequence);
    else if (request?.kind === 'heartbeat') {
      this.confirm(request.sequence ?? 0);
      if (!this.isSilent) sendFrame(connection, this.options.acknowledged());
    }
  }

  /** What was delivered and never confirmed comes in the new session too. */
  private begin(connection: WebSocket): void {
    this.sessions += 1;
    this.session = `session-${this.sessions}`;
    this.events = [];
    this.live.clear();
    this.live.add(connection);
    this.tell({ body: null, isDelivery: false });
    for (const body of this.delivered.slice(this.confirmedBodies)) this.tell({ body, isDelivery: true });
  }

  private resume(connection: WebSocket, session: string, sequence: number): void {
    if (session !== this.session) return sendFrame(connection, this.options.sessionOver());
    this.confirm(sequence);
    this.events
      .slice(sequence)
      .forEach((event, index) => this.dispatch(connection, event, sequence + index + 1));
    this.live.add(connection);
    sendFrame(connection, this.options.resumed(session, this.events.length));
  }

  private tell(event: ScriptedGateway['events'][number]): void {
    this.events.push(event);
    for (const connection of this.live) this.dispatch(connection, event, this.events.length);
  }

  private dispatch(connection: WebSocket, event: ScriptedGateway['events'][number], sequence: number): void {
    const { ready, dispatch } = this.options;
    const frame = event.isDelivery
      ? dispatch(event.body, sequence)
      : ready(this.session ?? '', sequence, this.gatewayUrl);
    sendFrame(connection, frame);
  }

  /** A number says that everything up to it has arrived. */
  private confirm(sequence: number): void {
    const unknown = this.events.slice(sequence).filter(({ isDelivery }) => isDelivery).length;
    this.confirmedBodies = Math.max(this.confirmedBodies, this.delivered.length - unknown);
  }
}

function sendFrame(connection: WebSocket, frame: unknown): void {
  connection.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
}
