import { GatewayCloseCodes, GatewayIntentBits as Intent } from 'discord-api-types/v10';
import type { SimulatedApplication } from '../application';
import type { World } from '../world';
import type { Connection } from './connection';
import type { IdentifyRequest, ResumeRequest } from './payloads';
import { Session } from './session';

export interface GatewayOptions {
  /** The interval that hello tells; 41250 by default, as the platform's. */
  heartbeatMs?: number;
  /** How long a connection without a heartbeat is suffered, before it is closed with 4009 and its session ends; 100000 by default. */
  heartbeatTimeoutMs?: number;
  /** How long a session without a connection can be resumed, by the simulator's clock; 180000 by default. */
  resumeWindowMs?: number;
  /** How many of the last events a session keeps for a resume; 10000 by default. */
  keptEvents?: number;
  /** Identifies in 24 hours; after that the platform resets the token. 1000 by default. */
  identifyLimit?: number;
  /** True: more than one identify in five seconds is answered with an invalid session. */
  identifyRate?: boolean;
}

/** One identify that was accepted. */
export interface Identify {
  at: number;
  application: string;
  session: string;
  shard: [id: number, count: number];
  /** Sessions of the same bot and shard that were connected at that moment: it ought to be none. */
  besides: string[];
}

const dayMs = 86_400_000;
const allIntents = Object.values(Intent)
  .filter((value) => typeof value === 'number')
  .reduce((sum, bit) => sum | bit, 0);

/** The sessions of all bots: who begins one, who goes on with one, and when it ends. */
export class Sessions {
  private readonly byId = new Map<string, Session>();
  private accepted: Identify[] = [];

  constructor(
    private readonly world: World,
    private readonly options: GatewayOptions,
  ) {}

  /** Identifies that were accepted, oldest first. */
  identifies(whose?: SimulatedApplication): Identify[] {
    return this.accepted.filter(({ application }) => !whose || application === whose.id);
  }

  /** Those that are connected, or can be resumed. */
  live(whose?: SimulatedApplication): Session[] {
    const oldest = this.world.clock.now() - (this.options.resumeWindowMs ?? 180_000);
    for (const session of this.byId.values()) {
      if (session.lostAt !== null && session.lostAt < oldest) this.byId.delete(session.id);
    }
    return [...this.byId.values()].filter(({ application }) => !whose || application === whose);
  }

  /** Null when it is done; otherwise why not. */
  identify(
    connection: Connection,
    application: SimulatedApplication | null,
    { intents, shard }: IdentifyRequest,
  ): number | 'too-many' | null {
    if (!application) return GatewayCloseCodes.AuthenticationFailed;
    if (shard[0] < 0 || shard[0] >= shard[1]) return GatewayCloseCodes.InvalidShard;
    if ((intents & ~allIntents) !== 0 || intents < 0) return GatewayCloseCodes.InvalidIntents;
    if (wantsForbidden(application, intents)) return GatewayCloseCodes.DisallowedIntents;
    if (this.startLimit(application).remaining === 0) {
      application.token = null;
      return GatewayCloseCodes.AuthenticationFailed;
    }
    const now = this.world.clock.now();
    const last = this.identifies(application).at(-1)?.at;
    if (this.options.identifyRate && last !== undefined && now - last < 5000) return 'too-many';
    this.start(connection, application, intents, shard);
    return null;
  }

  resume(
    connection: Connection,
    application: SimulatedApplication | null,
    { sessionId, sequence }: ResumeRequest,
    viaResumeUrl: boolean,
  ): number | 'unknown' | null {
    if (!application) return GatewayCloseCodes.AuthenticationFailed;
    const session = this.live(application).find(({ id }) => id === sessionId);
    if (!session) return 'unknown';
    if (sequence > session.sequence) {
      this.forget(session);
      return GatewayCloseCodes.InvalidSeq;
    }
    const missed = session.since(sequence);
    if (!missed) {
      this.forget(session);
      return 'unknown';
    }
    const former = session.connection;
    if (former) {
      former.session = null;
      former.cut();
    }
    this.attach(connection, session);
    session.resumes++;
    session.acknowledged = sequence;
    this.world.counters.resumes++;
    this.world.tell({
      kind: 'gateway',
      what: viaResumeUrl ? 'resumed' : 'resumed elsewhere',
      session: session.id,
    });
    for (const event of missed) session.connection?.dispatch(event, true);
    if (session.connection) session.send('RESUMED', { _trace: ['simulator'] });
    return null;
  }

  /** What `GET /gateway/bot` tells of identifies. */
  startLimit(application: SimulatedApplication) {
    const total = this.options.identifyLimit ?? 1000;
    const now = this.world.clock.now();
    const recent = this.identifies(application).filter(({ at }) => at > now - dayMs);
    const reset_after = recent.length > 0 ? recent[0].at + dayMs - now : 0;
    return { total, remaining: Math.max(0, total - recent.length), reset_after, max_concurrency: 1 };
  }

  /** Ends a session: it cannot be resumed. */
  forget(session: Session): void {
    this.byId.delete(session.id);
    if (session.connection) session.connection.session = null;
    session.connection = null;
  }

  clear(): void {
    this.accepted = [];
  }

  private start(
    connection: Connection,
    application: SimulatedApplication,
    intents: number,
    shard: [number, number],
  ): void {
    const isSame = ({ shard: [id, of] }: Session) => id === shard[0] && of === shard[1];
    const besides = this.live(application)
      .filter((session) => session.connection !== null && isSame(session))
      .map(({ id }) => id);
    const id = BigInt(this.world.newId()).toString(16).padStart(32, '0');
    const at = this.world.clock.now();
    const seesContent = (intents & Intent.MessageContent) !== 0;
    const { keptEvents = 10_000 } = this.options;
    const session = new Session(id, application, shard, intents, at, seesContent, keptEvents);
    this.byId.set(id, session);
    this.accepted.push({ at, application: application.id, session: id, shard, besides });
    this.world.counters.identifies++;
    this.attach(connection, session);
    this.world.tell({ kind: 'gateway', what: 'identified', session: id });
    this.greet(session);
  }

  private attach(connection: Connection, session: Session): void {
    connection.session = session;
    session.connection = connection;
    session.lostAt = null;
  }

  private greet(session: Session): void {
    const { application, id, shard } = session;
    const guilds = this.world.guildsOf(application).map((guild) => ({
      type: 'GUILD_CREATE',
      intents: Intent.Guilds,
      guildId: guild.id,
      chat: null,
      data: () => guild.object(application),
    }));
    const inShard = guilds.filter((event) => session.wants({ ...event, intents: 0 }));
    session.send('READY', {
      v: 10,
      user: { ...application.user, email: null, mfa_enabled: false, verified: true },
      user_settings: {},
      private_channels: [],
      guilds: inShard.map(({ guildId }) => ({ id: guildId, unavailable: true })),
      session_id: id,
      session_type: 'normal',
      resume_gateway_url: `${this.world.gateway.url}/resume`,
      shard,
      application: { id: application.id, flags: application.object().flags },
      _trace: ['simulator'],
    });
    for (const event of guilds) if (session.wants(event)) session.tell(event);
  }
}

function wantsForbidden({ privileged }: SimulatedApplication, intents: number): boolean {
  const wants = (bit: number) => (intents & bit) !== 0;
  return (
    (wants(Intent.GuildMembers) && !privileged.has('members')) ||
    (wants(Intent.GuildPresences) && !privileged.has('presences')) ||
    (wants(Intent.MessageContent) && !privileged.has('content'))
  );
}
