import { GatewayOpcodes } from 'discord-api-types/v10';
import type { SimulatedApplication } from '../application';
import type { GatewayEvent } from '../events';
import type { Connection } from './connection';

export interface SentEvent {
  sequence: number;
  type: string;
  chat: string | null;
  frame: string;
}

/** What a test can see of a session. */
export interface GatewaySession {
  id: string;
  application: string;
  shard: [id: number, count: number];
  connected: boolean;
  /** The number of the last event. */
  sequence: number;
  /** The number that the last heartbeat told; null before there was one. */
  acknowledged: number | null;
  identifiedAt: number;
  resumes: number;
}

/** One session of a bot: it outlives its connections, and keeps what happens while there is none. */
export class Session {
  sequence = 0;
  acknowledged: number | null = null;
  connection: Connection | null = null;
  /** When the last connection was lost, by the simulator's clock. */
  lostAt: number | null = null;
  resumes = 0;
  private events: SentEvent[] = [];

  constructor(
    readonly id: string,
    readonly application: SimulatedApplication,
    readonly shard: [id: number, count: number],
    readonly intents: number,
    readonly identifiedAt: number,
    private readonly seesContent: boolean,
    private readonly keptEvents: number,
  ) {}

  /** It asked for the event, and its shard is the one that hears it. */
  wants({ intents, guildId }: GatewayEvent): boolean {
    if (intents !== 0 && (this.intents & intents) === 0) return false;
    const [id, count] = this.shard;
    return (guildId === null ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count))) === id;
  }

  tell(event: GatewayEvent): void {
    this.send(event.type, event.data(this.seesContent), event.chat);
  }

  /** Numbers an event, keeps it, and sends it where there is a connection. */
  send(type: string, data: object, chat: string | null = null): void {
    const sequence = ++this.sequence;
    const frame = JSON.stringify({ t: type, s: sequence, op: GatewayOpcodes.Dispatch, d: data });
    const event = { sequence, type, chat, frame };
    this.events.push(event);
    if (this.events.length >= this.keptEvents * 2) this.events = this.events.slice(-this.keptEvents);
    this.connection?.dispatch(event, false);
  }

  /** What came after that number, in order; null where it is not known any more. */
  since(sequence: number): SentEvent[] | null {
    const first = this.events[0]?.sequence ?? this.sequence + 1;
    return sequence + 1 < first ? null : this.events.filter((event) => event.sequence > sequence);
  }

  shown(): GatewaySession {
    return {
      id: this.id,
      application: this.application.id,
      shard: this.shard,
      connected: this.connection !== null,
      sequence: this.sequence,
      acknowledged: this.acknowledged,
      identifiedAt: this.identifiedAt,
      resumes: this.resumes,
    };
  }
}
