import { ChannelType } from 'discord-api-types/v10';
import { Clock } from '../clock';
import { Faults } from '../faults';
import { InboundFaults } from '../inbound-faults';
import { type Random, seededRandom } from '../random';
import { Recent } from '../recent';
import { type ApplicationOptions, idInToken, SimulatedApplication } from './application';
import { SimulatedChannel } from './channel';
import { Events } from './events';
import type { DiscordFault } from './faults';
import { FileStore } from './files';
import { Gateway } from './gateway/gateway';
import type { GatewayOptions } from './gateway/sessions';
import { Guild, type GuildOptions } from './guild';
import type { Interaction } from './interactions/interaction';
import type { Fields } from './message';
import { Nonces } from './nonces';
import { InvalidRequests, type RateOptions, Rates, usualRates } from './rates';
import {
  count,
  type DiscordCall,
  type DiscordCounters,
  type DiscordDelivery,
  type DiscordHappening,
  noCounts,
} from './records';
import { isSnowflake, Snowflakes } from './snowflake';
import { nameOf, type UserObject, userObject } from './user';

export interface WorldOptions {
  /** Any well-formed token is an application's; otherwise only those that were registered. */
  anyToken?: boolean;
  /** Any channel or user id is one. Default: only what was made, or what an injected event named. */
  autoChats?: boolean;
  /** `counts` keeps neither messages nor calls nor files, and takes any channel: for load. */
  keep?: 'all' | 'counts';
  gateway?: GatewayOptions;
  /** `true`: 5 calls in 5 seconds for each route and channel, 50 a second for a bot; or other figures. */
  rateLimits?: boolean | RateOptions;
  /** Answers 401, 403 and 429 in ten minutes until the address is banned; 10000 by default. */
  invalidLimit?: number;
  /** How long a nonce is remembered; 5 minutes by default. */
  nonceWindowMs?: number;
  /** How long the address of a file is good, by the simulator's clock; 24 hours by default. */
  attachmentTtlMs?: number;
  /** The seed of every random choice. */
  seed?: number;
}

const keptRecords = 50_000;
const minuteMs = 60_000;
const sweepEvery = 1000;

/** Everything that the fake platform knows. Calls change it, people act in it, the control endpoints read it. */
export class World {
  readonly clock = new Clock();
  readonly keeps: boolean;
  readonly random: Random;
  readonly faults: Faults<DiscordFault>;
  readonly inbound: InboundFaults;
  readonly files: FileStore;
  readonly gateway: Gateway;
  readonly events = new Events(this);
  readonly rates: Rates;
  readonly invalidRequests: InvalidRequests;
  readonly nonces: Nonces;
  readonly applications = new Map<string, SimulatedApplication>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, SimulatedChannel>();
  readonly users = new Map<string, UserObject>();
  readonly stickers = new Map<string, Fields>();
  /** By token. */
  readonly interactions = new Map<string, Interaction>();
  /** What was last asked of a person, by their id. */
  readonly modals = new Map<string, { interaction: Interaction; data: Fields }>();
  /** People who take no direct messages, by id. */
  readonly closedTo = new Set<string>();
  /** People who can only be written to by who shares a guild with them. */
  readonly strangers = new Set<string>();
  readonly calls: Recent<DiscordCall>;
  readonly deliveries: Recent<DiscordDelivery>;
  readonly counters: DiscordCounters = noCounts();
  /** Interactions on their way to a url. */
  posting = 0;
  /** The server's own address, once it listens. */
  url = '';
  private readonly ids = new Snowflakes(this.clock);
  private readonly direct = new Map<string, SimulatedChannel>();
  private readonly watchers = new Set<(happening: DiscordHappening) => void>();
  private readonly idle = new Set<() => void>();

  constructor(readonly options: WorldOptions) {
    this.keeps = options.keep !== 'counts';
    this.random = seededRandom(options.seed ?? 1);
    this.faults = new Faults<DiscordFault>(this.random);
    this.inbound = new InboundFaults(this.random);
    const {
      attachmentTtlMs = 24 * 60 * minuteMs,
      nonceWindowMs = 5 * minuteMs,
      invalidLimit = 10_000,
    } = options;
    this.files = new FileStore(this.clock, this.newId, attachmentTtlMs, this.keeps);
    this.gateway = new Gateway(this, options.gateway ?? {});
    const { rateLimits } = options;
    this.rates = new Rates(rateLimits === true ? usualRates : rateLimits || null, this.clock);
    this.invalidRequests = new InvalidRequests(invalidLimit, this.clock);
    this.nonces = new Nonces(nonceWindowMs, this.clock);
    this.calls = new Recent(this.keeps ? keptRecords : 0);
    this.deliveries = new Recent(this.keeps ? keptRecords : 0);
  }

  newId = (): string => this.ids.next();

  /** Registers an application, or finds the one with this id. */
  addApplication(options: ApplicationOptions = {}): SimulatedApplication {
    const application = new SimulatedApplication(options, this.newId);
    const known = this.applications.get(application.id);
    if (known) return known;
    this.applications.set(application.id, application);
    this.users.set(application.user.id, application.user);
    return application;
  }

  applicationWith(token: string): SimulatedApplication | null {
    for (const application of this.applications.values()) if (application.token === token) return application;
    return this.options.anyToken && idInToken(token) !== null ? this.addApplication({ token }) : null;
  }

  defaultApplication(): SimulatedApplication {
    return [...this.applications.values()][0] ?? this.addApplication();
  }

  addUser(name: string, id: string = this.newId()): UserObject {
    const user = this.users.get(id) ?? userObject(id, name);
    this.users.set(id, user);
    return user;
  }

  findUser(id: string): UserObject | null {
    const known = this.users.get(id);
    if (known) return known;
    const isAny = this.options.autoChats || !this.keeps;
    return isAny && isSnowflake(id) ? this.addUser(`Person ${id}`, id) : null;
  }

  /** With a channel `general`. */
  addGuild(options: GuildOptions = {}): Guild {
    const known = options.id === undefined ? undefined : this.guilds.get(options.id);
    if (known) return known;
    const guild = new Guild(this, options);
    this.guilds.set(guild.id, guild);
    guild.channel({ name: 'general' });
    return guild;
  }

  guildsOf(application: SimulatedApplication): Guild[] {
    return [...this.guilds.values()].filter(({ applications }) => applications.has(application));
  }

  addChannel(parts: ConstructorParameters<typeof SimulatedChannel>[0]): SimulatedChannel {
    const known = this.channels.get(parts.id);
    if (known) return known;
    const channel = new SimulatedChannel(parts, this.keeps);
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** The channel with this id; where any will do, one of a guild is made. */
  findChannel(id: string): SimulatedChannel | null {
    const known = this.channels.get(id);
    if (known) return known;
    if (!isSnowflake(id) || (this.keeps && !this.options.autoChats)) return null;
    const guild = this.anyGuild();
    const channel = this.addChannel({ id, type: ChannelType.GuildText, name: `channel-${id}`, guild });
    guild.channels.push(channel);
    return channel;
  }

  /** The direct channel of a person and an application; made when there is none. */
  directChannel(application: SimulatedApplication, user: UserObject, id?: string): SimulatedChannel {
    const key = `${application.id} ${user.id}`;
    const known = this.direct.get(key);
    if (known) return known;
    const channel = this.addChannel({
      id: id ?? this.newId(),
      type: ChannelType.DM,
      name: nameOf(user),
      direct: { application, user },
    });
    this.direct.set(key, channel);
    return channel;
  }

  /** Calls `watcher` for everything that happens, until the returned function is called. */
  watch(watcher: (happening: DiscordHappening) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  tell(happening: DiscordHappening): void {
    for (const watcher of this.watchers) watcher(happening);
  }

  called(call: DiscordCall): void {
    count(this.counters.calls, call.method);
    if (call.fault) count(this.counters.faults, call.fault);
    if (call.error) count(this.counters.refused, String(call.error.code || call.status));
    this.calls.add(call);
    if (this.watchers.size > 0) this.tell({ kind: 'call', call });
  }

  /** Its token is good from now on; those that have expired are forgotten now and then. */
  keepInteraction(interaction: Interaction): void {
    this.interactions.set(interaction.token, interaction);
    if (this.interactions.size % sweepEvery !== 0) return;
    const now = this.clock.now();
    for (const [token, one] of this.interactions) if (one.isExpired(now)) this.interactions.delete(token);
  }

  /** An interaction's way to a url has ended. */
  posted(): void {
    this.posting--;
    if (this.posting === 0) for (const resolve of this.idle) resolve();
  }

  /** Resolves when every event was taken and every interaction answered. */
  async drained(): Promise<void> {
    await this.gateway.drained();
    while (this.posting > 0) {
      await new Promise<void>((resolve) => this.idle.add(resolve));
      this.idle.clear();
    }
  }

  /** Forgets messages, records, counters and faults; applications, people, guilds and sessions stay. */
  clear(): void {
    for (const channel of this.channels.values()) channel.clear();
    this.calls.clear();
    this.deliveries.clear();
    this.faults.clear();
    this.inbound.clear();
    this.gateway.clear();
    this.nonces.clear();
    this.files.clear();
    this.invalidRequests.clear();
    this.interactions.clear();
    this.modals.clear();
    Object.assign(this.counters, noCounts());
  }

  private anyGuild(): Guild {
    const guild = [...this.guilds.values()][0] ?? this.addGuild();
    for (const application of this.applications.values()) guild.applications.add(application);
    return guild;
  }
}
