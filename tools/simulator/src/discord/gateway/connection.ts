import type { Duplex } from 'node:stream';
import { GatewayCloseCodes, GatewayOpcodes } from 'discord-api-types/v10';
import type { RawData, WebSocket } from 'ws';
import type { Gateway } from './gateway';
import type { GatewayFault, GatewayStep } from './faults';
import { readIdentify, readResume } from './payloads';
import type { SentEvent, Session } from './session';

const maxPayload = 4096;
const maxPerMinute = 120;
const minuteMs = 60_000;

/** One socket of a client: what it says, and what it is told. */
export class Connection {
  session: Session | null = null;
  private sent: number[] = [];
  private overdue: NodeJS.Timeout | null = null;
  private asked = false;

  constructor(
    private readonly gateway: Gateway,
    private readonly socket: WebSocket,
    private readonly raw: Duplex,
    private readonly viaResumeUrl: boolean,
    isVersionKnown: boolean,
    fault: GatewayFault | null,
  ) {
    socket.on('message', (data, isBinary) => this.heard(data, isBinary));
    socket.on('close', (code) => this.closed(code));
    socket.on('error', () => this.cut());
    if (isVersionKnown) this.greet(fault);
    else this.close(GatewayCloseCodes.InvalidAPIVersion);
  }

  /** Sends an event, as far as no fault comes between. */
  dispatch(event: SentEvent, replayed: boolean): void {
    const { session } = this;
    if (!session || !this.isOpen) return;
    const names = [event.type, session.application.id, ...(event.chat === null ? [] : [event.chat])];
    this.step('dispatch', names, event.frame, () => {
      this.text(event.frame);
      this.gateway.delivered(session, event, replayed);
    });
  }

  /** An opcode that the server says. */
  op(op: number, d: unknown = null): void {
    this.text(frameOf(op, d));
  }

  /** Any frame, as it is. */
  text(frame: string | Buffer): void {
    if (this.isOpen) this.socket.send(frame);
  }

  close(code: number, reason = ''): void {
    this.socket.close(code, reason);
  }

  cut(): void {
    this.socket.terminate();
  }

  /** Asks for a heartbeat: the answer tells what was taken. */
  asks(): void {
    this.asked = true;
    this.op(GatewayOpcodes.Heartbeat);
  }

  private greet(fault: GatewayFault | null): void {
    const hello = { heartbeat_interval: this.gateway.heartbeatMs, _trace: ['simulator'] };
    const act = () => this.op(GatewayOpcodes.Hello, hello);
    if (fault) this.fails(fault, frameOf(GatewayOpcodes.Hello, hello), act);
    else act();
    this.expectHeartbeat();
  }

  /** Does the step, or what a fault puts in its place. */
  private step(step: GatewayStep, names: string[], frame: string, act: () => void): void {
    const fault = this.gateway.pick(step, names);
    if (!fault) return act();
    this.fails(fault, frame, act);
  }

  private fails(fault: GatewayFault, frame: string, act: () => void): void {
    switch (fault.kind) {
      case 'drop':
        return this.cut();
      case 'drop-after':
        act();
        return this.cut();
      case 'close':
        return this.close(fault.code, fault.reason);
      case 'reconnect':
        return this.op(GatewayOpcodes.Reconnect);
      case 'invalid-session':
        return this.invalidate(fault.resumable ?? false);
      case 'silence':
      case 'refuse':
        return;
      case 'torn':
        return this.text(frame.slice(0, Math.floor(frame.length / 2)));
      case 'garbage':
        return this.text('<html>upstream connect error</html>');
      case 'oversized':
        return this.text(frameOf(GatewayOpcodes.Dispatch, 'x'.repeat(fault.bytes)));
      case 'broken-frame':
        return void this.raw.write(Buffer.from([0xf3, 0x7f, 0xff, 0xff]));
      case 'duplicate':
        act();
        act();
    }
  }

  invalidate(resumable: boolean): void {
    if (!resumable && this.session) this.gateway.registry.forget(this.session);
    this.op(GatewayOpcodes.InvalidSession, resumable);
  }

  private get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  private heard(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer;
    if (bytes.length > maxPayload) return this.close(GatewayCloseCodes.DecodeError);
    const payload = isBinary ? null : parse(bytes);
    if (!payload) return this.close(GatewayCloseCodes.DecodeError);
    if (this.isTooFast(payload.op)) return this.close(GatewayCloseCodes.RateLimited);
    switch (payload.op) {
      case GatewayOpcodes.Heartbeat:
        return this.heartbeat(payload.d);
      case GatewayOpcodes.Identify:
        return this.identify(payload.d);
      case GatewayOpcodes.Resume:
        return this.resume(payload.d);
      case GatewayOpcodes.PresenceUpdate:
      case GatewayOpcodes.VoiceStateUpdate:
      case GatewayOpcodes.RequestGuildMembers:
        return this.session ? undefined : this.close(GatewayCloseCodes.NotAuthenticated);
      default:
        this.close(GatewayCloseCodes.UnknownOpcode);
    }
  }

  private heartbeat(sequence: unknown): void {
    if (this.session && typeof sequence === 'number') this.session.acknowledged = sequence;
    this.expectHeartbeat();
    const names = this.session ? [this.session.application.id] : [];
    this.step('heartbeat', names, frameOf(GatewayOpcodes.HeartbeatAck), () =>
      this.op(GatewayOpcodes.HeartbeatAck),
    );
    this.gateway.heartbeatSeen();
  }

  private identify(data: unknown): void {
    if (this.session) return this.close(GatewayCloseCodes.AlreadyAuthenticated);
    const asked = readIdentify(data);
    if (!asked) return this.close(GatewayCloseCodes.DecodeError);
    const application = this.gateway.applicationWith(asked.token);
    this.step('identify', application ? [application.id] : [], '', () => {
      const refused = this.gateway.registry.identify(this, application, asked);
      if (refused === 'too-many') this.op(GatewayOpcodes.InvalidSession, false);
      else if (refused !== null) this.close(refused);
    });
  }

  private resume(data: unknown): void {
    if (this.session) return this.close(GatewayCloseCodes.AlreadyAuthenticated);
    const asked = readResume(data);
    if (!asked) return this.close(GatewayCloseCodes.DecodeError);
    const application = this.gateway.applicationWith(asked.token);
    this.step('resume', application ? [application.id] : [], '', () => {
      const refused = this.gateway.registry.resume(this, application, asked, this.viaResumeUrl);
      if (refused === 'unknown') this.op(GatewayOpcodes.InvalidSession, false);
      else if (refused !== null) this.close(refused);
    });
  }

  /** Heartbeats that the server asked for are not counted. */
  private isTooFast(op: number): boolean {
    if (op === GatewayOpcodes.Heartbeat && this.asked) {
      this.asked = false;
      return false;
    }
    const now = Date.now();
    this.sent = [...this.sent.filter((at) => at > now - minuteMs), now];
    return this.sent.length > maxPerMinute;
  }

  private expectHeartbeat(): void {
    if (this.overdue) clearTimeout(this.overdue);
    const late = () => {
      if (this.session) this.gateway.registry.forget(this.session);
      this.close(GatewayCloseCodes.SessionTimedOut);
    };
    this.overdue = setTimeout(late, this.gateway.heartbeatTimeoutMs);
    this.overdue.unref();
  }

  private closed(code: number): void {
    if (this.overdue) clearTimeout(this.overdue);
    this.gateway.closed(this, code);
  }
}

interface Payload {
  op: number;
  d: unknown;
}

function parse(bytes: Buffer): Payload | null {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    const { op, d } = (value ?? {}) as Payload;
    return typeof op === 'number' ? { op, d } : null;
  } catch {
    return null;
  }
}

const frameOf = (op: number, d: unknown = null): string => JSON.stringify({ t: null, s: null, op, d });
