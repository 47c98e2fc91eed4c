import { answerControl } from '../control';
import { type HttpServer, type ListenOptions, serve } from '../http';
import { type ExpectedText, fitsText, Replies } from '../replies';
import type { ApplicationOptions, SimulatedApplication } from './application';
import type { SimulatedChannel } from './channel';
import { discordControl } from './control';
import type { Guild, GuildOptions } from './guild';
import { injectEvent, type RecordedDiscordEvent } from './inject';
import { probeEndpoint, useEndpoint } from './interactions/endpoint';
import type { Interaction } from './interactions/interaction';
import { type Entry, isLoading } from './message';
import { DiscordPerson } from './person';
import { answerApi, answerAttachment } from './server';
import { shownText, transcript } from './transcript';
import { World, type WorldOptions } from './world';
import { chatOf, type InDiscordChannel } from './writer';

export type DiscordSimulatorOptions = WorldOptions & ListenOptions;

export interface DiscordPersonOptions {
  name?: string;
  id?: string;
  /** The first one by default. */
  application?: SimulatedApplication;
  /** They are a member, and write in its first channel where nothing else is said. */
  guild?: Guild;
  /** `closed`: takes none. `members`: only of who shares a guild with them. */
  dms?: 'open' | 'closed' | 'members';
}

/** A fake Discord with people in it. `apiUrl` is that of an instance; it tells where the gateway is. */
export class DiscordSimulator {
  readonly people: DiscordPerson[] = [];
  private readonly replies = new Replies<Entry>();

  constructor(
    private readonly world: World,
    private readonly server: HttpServer,
  ) {}

  get url(): string {
    return this.server.url;
  }

  get apiUrl(): string {
    return `${this.server.url}/api`;
  }

  get port(): number {
    return this.server.port;
  }

  /** What goes wrong with calls of the API. */
  get faults() {
    return this.world.faults;
  }

  /** How events and interactions are disturbed on their way. */
  get inbound() {
    return this.world.inbound;
  }

  /** The platform's time. */
  get clock() {
    return this.world.clock;
  }

  /** Connections: `drop`, `closes`, `reconnect`, `invalidate`, `frame`, `op`, `faults`, `identifies`. */
  get gateway() {
    return this.world.gateway;
  }

  get applications(): SimulatedApplication[] {
    return [...this.world.applications.values()];
  }

  get guilds(): Guild[] {
    return [...this.world.guilds.values()];
  }

  get channels(): SimulatedChannel[] {
    return [...this.world.channels.values()];
  }

  /** Registers an application, or finds the one with this id. */
  application(options: ApplicationOptions = {}): SimulatedApplication {
    return this.world.addApplication(options);
  }

  /** A guild with a channel `general`, these members and the first application. */
  guild({ members = [], applications, ...options }: GuildOptions = {}): Guild {
    const guild = this.world.addGuild(options);
    for (const { user } of members) guild.adds(user);
    for (const application of applications ?? [this.world.defaultApplication()]) guild.addsBot(application);
    return guild;
  }

  person({ name, id, application, guild, dms = 'open' }: DiscordPersonOptions = {}): DiscordPerson {
    const user = this.world.addUser(name ?? `Person ${this.people.length + 1}`, id);
    const theirs = application ?? this.world.defaultApplication();
    if (dms === 'closed') this.world.closedTo.add(user.id);
    if (dms === 'members') this.world.strangers.add(user.id);
    guild?.adds(user);
    const chat = guild?.general ?? this.world.directChannel(theirs, user);
    const person = new DiscordPerson(this.world, user, theirs, chat);
    this.people.push(person);
    return person;
  }

  /** Sets where interactions go, as in the developer portal: rejects where it does not answer a ping and a wrong signature rightly. */
  setInteractionsUrl(application: SimulatedApplication, url: string | null): Promise<void> {
    return useEndpoint(this.world, application, url);
  }

  /** What the platform does now and then: a ping and a wrong signature. Where it fails, the url is taken away, and false returned. */
  async probesInteractionsUrl(application: SimulatedApplication): Promise<boolean> {
    const { interactionsUrl } = application;
    if (interactionsUrl === null) return false;
    const isFine = await probeEndpoint(this.world, application, interactionsUrl).then(
      () => true,
      () => false,
    );
    if (!isFine) application.interactionsUrl = null;
    return isFine;
  }

  /** Resets the token, as in the developer portal: the old one is refused from now on, and its connections are closed. */
  resetsToken(application: SimulatedApplication): void {
    application.token = null;
    this.world.gateway.closes(4004, application);
  }

  /** Lets a recorded event happen, as often as it is called. */
  inject(
    event: RecordedDiscordEvent,
    application: SimulatedApplication = this.world.defaultApplication(),
  ): Interaction | null {
    return injectEvent(this.world, event, application);
  }

  /** Any event, also one that nobody knows. */
  dispatch(
    type: string,
    data: object,
    application: SimulatedApplication = this.world.defaultApplication(),
  ): void {
    this.world.events.direct(application, type, { ...data });
  }

  /**
   * The first message of an application that fits and that no earlier call returned: one that is there already, or the first to come or
   * to change. Rejects after `timeoutMs`, showing the channel.
   */
  waitForReply(
    where: InDiscordChannel,
    expected: ExpectedText<Entry> = () => true,
    timeoutMs = 5000,
  ): Promise<Entry> {
    const channel = chatOf(where);
    const source = {
      entries: channel.entries,
      follow: (seen: (entry: Entry) => void) =>
        this.world.watch((happening) => {
          const isShown = happening.kind === 'message' || happening.kind === 'edited';
          if (isShown && happening.chat === channel) seen(happening.entry);
        }),
      transcript: () => transcript(channel),
    };
    const fits = (entry: Entry) =>
      entry.byBot && !entry.deleted && !isLoading(entry) && fitsText(expected, entry, shownText(entry));
    return this.replies.wait(source, fits, timeoutMs);
  }

  /** The channel as lines of text. */
  transcript(where: InDiscordChannel): string[] {
    return transcript(chatOf(where));
  }

  /** Sessions that are connected or can be resumed. */
  sessions(application?: SimulatedApplication) {
    return this.world.gateway.sessions(application);
  }

  /** Resolves when every event was taken, as the heartbeats tell, and every interaction at a url answered. */
  drained(): Promise<void> {
    return this.world.drained();
  }

  /** Calls of the API, oldest first; of one method when it is named. */
  calls(method?: string) {
    const all = this.world.calls.list();
    return method ? all.filter((call) => call.method === method) : all;
  }

  /** Events that were sent by the gateway and interactions that were posted, oldest first. */
  deliveries() {
    return this.world.deliveries.list();
  }

  counters() {
    return { ...this.world.counters, invalidRequests: this.world.invalidRequests.count };
  }

  watch: World['watch'] = (watcher) => this.world.watch(watcher);

  clear(): void {
    this.world.clear();
  }

  /** Refuses connections and cuts those that are open, until `online`. Sessions can be resumed then. */
  async offline(): Promise<void> {
    const stopped = this.server.offline();
    this.world.gateway.cutAll();
    await stopped;
  }

  online = () => this.server.online();

  async close(): Promise<void> {
    const stopped = this.server.close();
    this.world.gateway.cutAll();
    await stopped;
  }
}

export async function startDiscordSimulator(
  options: DiscordSimulatorOptions = {},
): Promise<DiscordSimulator> {
  const world = new World(options);
  let routes: ReturnType<typeof discordControl> = {};
  const server = await serve(
    (request, response) => {
      const url = request.url ?? '';
      if (url.startsWith('/control')) void answerControl(routes, request, response);
      else if (/^\/(attachments|stickers)\//.test(url)) answerAttachment(world, request, response);
      else answerApi(world, request, response).catch(() => response.destroy());
    },
    options,
    (request, socket, head) => world.gateway.accept(request, socket, head),
  );
  world.url = server.url;
  const simulator = new DiscordSimulator(world, server);
  routes = discordControl(simulator);
  return simulator;
}
