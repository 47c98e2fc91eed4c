import {
  DefaultWebSocketManagerOptions,
  WebSocketShard,
  WebSocketShardEvents,
  type FetchingStrategyOptions,
  type IContextFetchingStrategy,
  type SessionInfo,
  type WebSocketShardDestroyOptions,
} from '@discordjs/ws';
import { GatewayCloseCodes, GatewayDispatchEvents, GatewayOpcodes } from 'discord-api-types/v10';
import type { Dispatch, GatewayInfo, GatewaySession } from '../models/api.models';
import { isGatewayUrl, readFrame, readReady } from './gateway.frames';

/** What a connection needs, and whom it tells. */
export interface ConnectionOptions {
  token: string;
  intents: number;
  gateway: GatewayInfo;
  shard: number;
  shards: number;
  /** The session that goes on; null for a new one. */
  session: GatewaySession | null;
  /** The last event of the session that is committed; null where none is. Asked at every heartbeat. */
  committed(sessionId: string): number | null;
  /** Resolves when a session may be begun; may reject when the signal aborts. */
  mayIdentify(shard: number, signal: AbortSignal): Promise<void>;
  onDispatch(dispatch: Dispatch): void;
  /** A session has begun, or goes on and has been told what it missed. */
  onReady(): void;
}

/** Why a connection is over. */
export interface Ending {
  /** The code of Discord's close; null where this side ended it. */
  code: number | null;
  reason: string;
  /** True where Discord says that the session is over: the next one has to be begun anew. */
  isSessionOver: boolean;
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes: after these a session cannot go on. */
const sessionEnds: readonly number[] = [
  1000,
  1001,
  GatewayCloseCodes.NotAuthenticated,
  GatewayCloseCodes.InvalidSeq,
  GatewayCloseCodes.SessionTimedOut,
];

/** Any code but 1000 and 1001 lets the session go on. */
const resumableClose = 4200;
const farewellMs = 500;
const handshakeTimeoutMs = 20_000;

/** What of the library's shard is not public. Its version is exact, and gateway.connection.spec.ts tells when this does not hold any more. */
interface Internals {
  connection: {
    close(code: number): void;
    terminate(): void;
    on(event: 'error', listener: () => void): void;
  } | null;
  unpackMessage(data: unknown, isBinary: boolean): Promise<unknown>;
}

/**
 * One connection to the gateway, from hello to its end: a shard of @discordjs/ws, which identifies or resumes, keeps the heartbeat and
 * finds out when nobody is there any more. It ends where the library would connect again by itself, so that the listener decides
 * when, and with which session. Frames are looked at before the library reads them: one that is broken ends the connection,
 * and what it held comes again.
 */
export class GatewayConnection extends WebSocketShard {
  /** Resolves once, when the connection is over; never rejects. */
  readonly ended: Promise<Ending>;
  private readonly context: ConnectionContext;
  private resolveEnded!: (ending: Ending) => void;
  private isOver = false;
  private closeCode: number | null = null;
  private fault: string | null = null;
  private isSessionOver = false;
  /** Runs while Discord is to go on with the session, and as long as it tells nothing. */
  private resuming: NodeJS.Timeout | undefined;

  constructor(private readonly how: ConnectionOptions) {
    const context = new ConnectionContext(how);
    super(context, how.shard);
    this.context = context;
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    this.on(WebSocketShardEvents.Ready, () => how.onReady());
    this.on(WebSocketShardEvents.Resumed, () => {
      this.endWait();
      how.onReady();
    });
    this.on(WebSocketShardEvents.SocketError, (error) => (this.fault = error?.message || null));
    this.on(WebSocketShardEvents.Closed, (code) => {
      this.closeCode ??= code;
      // The library has its say first; a code that it thinks its own gets none.
      queueMicrotask(() => void this.destroy({ code }));
    });
    this.on(WebSocketShardEvents.Error, () => undefined);
    this.internals.unpackMessage = (data) => Promise.resolve(this.look(data));
  }

  /** Opens the connection. How it goes is told by `ended` and the options' functions. */
  open(): void {
    const url = this.how.session?.resumeUrl ?? this.how.gateway.url;
    if (!isGatewayUrl(url)) {
      this.finish({
        code: null,
        reason: 'Discord named no address of its gateway',
        isSessionOver: this.how.session !== null,
      });
      return;
    }
    void this.connect().catch(() => undefined);
  }

  /** Ends the connection from this side; its session can go on. */
  end(reason: string): void {
    void this.destroy({ reason });
  }

  /** The library comes here at every end, and would connect again where `recover` is set. */
  override async destroy({ code, reason }: WebSocketShardDestroyOptions = {}): Promise<void> {
    if (this.isOver) return;
    const told = this.closeCode !== null;
    this.finish({
      code: told ? (code ?? this.closeCode) : null,
      reason: reason ?? this.fault ?? `the connection was closed (${code ?? this.closeCode ?? 'no code'})`,
      isSessionOver: this.isSessionOver || (told && sessionEnds.includes(this.closeCode ?? 0)),
    });
    this.hangUp();
    // Opened a moment ago, it is there only now.
    setImmediate(() => this.hangUp());
    await super.destroy({ code: resumableClose }).catch(() => undefined);
  }

  private hangUp(): void {
    const { connection } = this.internals;
    if (!connection) return;
    // One that is not open yet would report its failure to nobody, which Node takes for a crash.
    connection.on('error', () => undefined);
    connection.close(resumableClose);
    setTimeout(() => connection.terminate(), farewellMs).unref();
  }

  private get internals(): Internals {
    return this as unknown as Internals;
  }

  private finish(ending: Ending): void {
    this.isOver = true;
    this.endWait();
    this.resolveEnded(ending);
  }

  /** A frame for the library, or null where it has nothing to do with it. */
  private look(data: unknown): unknown {
    if (this.isOver) return null;
    const frame = readFrame(data);
    if (!frame) {
      this.end('Discord sent something that is no frame of its gateway');
      return null;
    }
    if (frame.op === GatewayOpcodes.Hello && this.how.session) this.awaitResume();
    if (frame.op === GatewayOpcodes.InvalidSession) this.isSessionOver = frame.d === false;
    if (frame.op === GatewayOpcodes.Dispatch) this.take(frame.t ?? '', frame.s ?? 0, frame.d, data as string);
    return frame;
  }

  /** The library waits for the answer to a resume without end, its heartbeats being answered. */
  private awaitResume(): void {
    this.endWait();
    this.resuming = setTimeout(
      () => this.end('Discord did not go on with the session in time'),
      handshakeTimeoutMs,
    );
  }

  private endWait(): void {
    clearTimeout(this.resuming);
    this.resuming = undefined;
  }

  private take(kind: string, sequence: number, data: unknown, raw: string): void {
    if (kind === GatewayDispatchEvents.Ready) this.context.begin(readReady(data));
    this.resuming?.refresh();
    const session = this.context.session;
    if (session) this.how.onDispatch({ ...session, session: session.sessionId, sequence, kind, data, raw });
  }
}

/** What the library asks of whoever keeps sessions. Its own idea of how far it has come is not kept: only what is committed counts. */
class ConnectionContext implements IContextFetchingStrategy {
  readonly options: FetchingStrategyOptions;
  session: Omit<GatewaySession, 'sequence'> | null;

  constructor(private readonly how: ConnectionOptions) {
    const { token, intents, gateway, shards, session } = how;
    const { identifyProperties, initialPresence, largeThreshold, version, encoding } =
      DefaultWebSocketManagerOptions;
    this.session = session;
    this.options = {
      token,
      intents,
      identifyProperties,
      initialPresence,
      largeThreshold,
      version,
      encoding,
      compression: null,
      useIdentifyCompression: false,
      handshakeTimeout: handshakeTimeoutMs,
      helloTimeout: handshakeTimeoutMs,
      readyTimeout: handshakeTimeoutMs,
      gatewayInformation: gateway,
      shardCount: shards,
    };
  }

  begin(session: Omit<GatewaySession, 'sequence'>): void {
    this.session = session;
  }

  retrieveSessionInfo(shardId: number): SessionInfo | null {
    if (!this.session) return null;
    const { sessionId, resumeUrl } = this.session;
    const sequence = this.how.committed(sessionId);
    if (sequence === null) return null;
    return { sessionId, resumeURL: resumeUrl, sequence, shardId, shardCount: this.options.shardCount };
  }

  updateSessionInfo(): void {
    // The sequence moves with the commit, and a session ends when Discord says so.
  }

  waitForIdentify(shardId: number, signal: AbortSignal): Promise<void> {
    return this.how.mayIdentify(shardId, signal);
  }
}
