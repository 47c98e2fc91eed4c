import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayCloseCodes, GatewayOpcodes } from 'discord-api-types/v10';
import { WebSocketServer } from 'ws';
import type { SimulatedApplication } from '../application';
import type { GatewayEvent } from '../events';
import { Faults } from '../../faults';
import { count } from '../records';
import type { World } from '../world';
import { Connection } from './connection';
import type { GatewayFault, GatewayStep } from './faults';
import type { GatewaySession, SentEvent, Session } from './session';
import { type GatewayOptions, type Identify, Sessions } from './sessions';

const askEveryMs = 30;

/** The gateway: sessions of bots and their connections. https://docs.discord.com/developers/events/gateway */
export class Gateway {
  readonly faults: Faults<GatewayFault>;
  readonly heartbeatMs: number;
  readonly heartbeatTimeoutMs: number;
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly connections = new Set<Connection>();
  /** Who is connected, and can be. */
  readonly registry: Sessions;
  private readonly seen = new Set<() => void>();

  constructor(
    private readonly world: World,
    options: GatewayOptions,
  ) {
    this.heartbeatMs = options.heartbeatMs ?? 41_250;
    this.heartbeatTimeoutMs = options.heartbeatTimeoutMs ?? 100_000;
    this.faults = new Faults<GatewayFault>(world.random);
    this.registry = new Sessions(world, options);
  }

  get url(): string {
    return this.world.url.replace(/^http/, 'ws');
  }

  /** Sessions that are connected or can be resumed. */
  sessions(whose?: SimulatedApplication): GatewaySession[] {
    return this.registry.live(whose).map((session) => session.shown());
  }

  /** Identifies that were accepted, oldest first. */
  identifies = (whose?: SimulatedApplication): Identify[] => this.registry.identifies(whose);

  /** Cuts the sockets. Sessions stay, and can be resumed. Returns how many there were. */
  drop = (whose?: SimulatedApplication): number => this.each(whose, (connection) => connection.cut());

  /** Closes with a code. 4007 and 4009 end the session, as the platform says. */
  closes(code: number, whose?: SimulatedApplication): number {
    const endsSession = [GatewayCloseCodes.InvalidSeq, GatewayCloseCodes.SessionTimedOut].includes(code);
    return this.each(whose, (connection) => {
      if (endsSession && connection.session) this.registry.forget(connection.session);
      connection.close(code);
    });
  }

  /** Opcode 7: reconnect, and resume. */
  reconnect = (whose?: SimulatedApplication): number =>
    this.each(whose, (connection) => connection.op(GatewayOpcodes.Reconnect));

  /** Opcode 9. */
  invalidate = (resumable: boolean, whose?: SimulatedApplication): number =>
    this.each(whose, (connection) => connection.invalidate(resumable));

  /** A frame as it is, to every connection: text or bytes. */
  frame = (frame: string | Buffer, whose?: SimulatedApplication): number =>
    this.each(whose, (connection) => connection.text(frame));

  /** Any opcode. */
  op = (op: number, data?: unknown, whose?: SimulatedApplication): number =>
    this.each(whose, (connection) => connection.op(op, data));

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const fault = this.pick('connect', []);
    if (fault?.kind === 'refuse') {
      socket.end(`HTTP/1.1 ${fault.status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gateway');
    const isVersionKnown = ['9', '10'].includes(searchParams.get('v') ?? '10');
    this.server.handleUpgrade(request, socket, head, (upgraded) => {
      const viaResumeUrl = pathname === '/resume';
      this.connections.add(new Connection(this, upgraded, socket, viaResumeUrl, isVersionKnown, fault));
    });
  }

  pick(step: GatewayStep, names: string[]): GatewayFault | null {
    const fault = this.faults.pick(step, names);
    if (fault) count(this.world.counters.faults, fault.kind);
    return fault;
  }

  /** Sends an event to the sessions that want it, now, or when they are resumed. */
  dispatch(application: SimulatedApplication, event: GatewayEvent): void {
    const sessions = this.registry.live(application);
    if (sessions.length === 0) this.world.counters.untold++;
    for (const session of sessions) if (session.wants(event)) session.tell(event);
  }

  applicationWith(token: string): SimulatedApplication | null {
    return this.world.applicationWith(token);
  }

  delivered({ id, application }: Session, { type, sequence }: SentEvent, replayed: boolean): void {
    count(this.world.counters.events, type);
    const at = Date.now();
    this.world.deliveries.add({
      via: 'gateway',
      at,
      application: application.id,
      event: type,
      session: id,
      sequence,
      replayed,
    });
  }

  heartbeatSeen(): void {
    for (const seen of this.seen) seen();
  }

  closed(connection: Connection, code: number): void {
    this.connections.delete(connection);
    count(this.world.counters.closes, String(code === 1005 ? 1006 : code));
    const { session } = connection;
    this.world.tell({ kind: 'gateway', what: `closed with ${code}`, session: session?.id ?? null });
    if (!session || session.connection !== connection) return;
    session.connection = null;
    session.lostAt = this.world.clock.now();
    // A client that says goodbye ends its session.
    if (code === 1000 || code === 1001) this.registry.forget(session);
  }

  /** Resolves when the newest session of every bot and shard told by a heartbeat that it took every event. */
  async drained(): Promise<void> {
    for (;;) {
      const newest = new Map(
        this.registry.live().map((one) => [`${one.application.id} ${one.shard.join()}`, one]),
      );
      const behind = [...newest.values()].filter(({ sequence, acknowledged }) => sequence !== acknowledged);
      if (behind.length === 0) return;
      for (const { connection } of behind) connection?.asks();
      await this.nextHeartbeat();
    }
  }

  /** Cuts every connection; sessions stay. */
  cutAll(): void {
    for (const connection of this.connections) connection.cut();
  }

  clear(): void {
    this.faults.clear();
    this.registry.clear();
  }

  private nextHeartbeat(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.seen.delete(done);
        resolve();
      };
      const timer = setTimeout(done, askEveryMs);
      this.seen.add(done);
    });
  }

  private each(whose: SimulatedApplication | undefined, act: (connection: Connection) => void): number {
    const chosen = [...this.connections].filter(({ session }) => !whose || session?.application === whose);
    for (const connection of chosen) act(connection);
    return chosen.length;
  }
}
