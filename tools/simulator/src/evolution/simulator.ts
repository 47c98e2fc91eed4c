import { answerControl } from '../control';
import { type HttpServer, type ListenOptions, serve } from '../http';
import { type ExpectedText, fitsText, Replies } from '../replies';
import type { Acknowledgements } from './acknowledgements';
import type { Entry, SimulatedChat } from './chat';
import { Contact } from './contact';
import { evolutionControl } from './control';
import { Group, groupInfo, type GroupOptions } from './group';
import { chatOf, type InChat } from './in-chat';
import { injectBody, type RecordedBody } from './inject';
import type { InstanceOptions, Restriction, SimulatedInstance } from './instance';
import { Person } from './person';
import { answerCall, answerDownload } from './server';
import { transcript } from './transcript';
import type { EvolutionWorldOptions } from './options';
import { World } from './world';

export type EvolutionSimulatorOptions = EvolutionWorldOptions & ListenOptions;

export interface EvolutionPersonOptions {
  /** The account that they write to, or its name; the first by default. */
  instance?: SimulatedInstance | string;
  /** Digits with the country code. A new number unless told, or unless there is a LID; null for none. */
  phone?: string | null;
  /** Digits of their LID. */
  lid?: string;
  name?: string;
  /** What their chat goes by: the LID where there is one, unless told. */
  addressing?: 'lid' | 'pn';
}

/** Which message one waits for: a part of its text, a pattern, or a test. */
export type ExpectedEntry = ExpectedText<Entry>;

/** A fake Evolution API server with WhatsApp's people behind it. `url` is the `apiUrl` and the `mediaUrl` of an instance of the hub. */
export class EvolutionSimulator {
  private readonly replies = new Replies<Entry>();
  private lastGroupId = 120_363_000_000_000_000n;

  constructor(
    private readonly world: World,
    private readonly server: HttpServer,
    /** By name; the last of a name. */
    readonly people: Map<string, Person>,
  ) {}

  get url(): string {
    return this.server.url;
  }

  get port(): number {
    return this.server.port;
  }

  /** The server's own key. */
  get apiKey(): string {
    return this.world.apiKey;
  }

  get version() {
    return this.world.dialect.version;
  }

  get faults() {
    return this.world.faults;
  }

  /** How events are disturbed on their way to the webhook. */
  get inbound() {
    return this.world.inbound;
  }

  get instances(): SimulatedInstance[] {
    return [...this.world.instances.values()];
  }

  get chats(): SimulatedChat[] {
    return this.world.allChats();
  }

  /** The instance of this name: one that is there, as it is, or a new one. */
  instance({
    name = 'support',
    number,
    lid,
    token,
    state = 'open',
  }: InstanceOptions = {}): SimulatedInstance {
    const known = this.world.instances.get(name);
    if (known) return known;
    const instance = this.world.addInstance(name, number, lid, token);
    instance.begins(state);
    return instance;
  }

  person({ instance, phone, lid, name, addressing }: EvolutionPersonOptions = {}): Person {
    const theirs =
      typeof instance === 'string' ? this.instance({ name: instance }) : (instance ?? this.first());
    const digits =
      phone === undefined && lid === undefined ? this.world.directory.newPhone() : (phone ?? null);
    const known = `Person ${digits ?? lid}`;
    const contact = new Contact(
      digits,
      lid ?? null,
      name ?? known,
      addressing ?? (lid === undefined ? 'pn' : 'lid'),
    );
    const chat = this.world.directory.directChat(theirs, this.world.directory.addContact(contact));
    const person = new Person(this.world, contact, theirs, chat);
    this.people.set(contact.name, person);
    return person;
  }

  group({ instance, id, subject = 'A group', members = [] }: GroupOptions = {}): Group {
    const theirs = instance ?? members[0]?.instance ?? this.first();
    const chat = this.world.directory.sharedChat(theirs, `${id ?? ++this.lastGroupId}@g.us`, subject);
    chat.members.push(...members.map(({ contact }) => contact));
    this.world.events.emit(theirs, 'groups.upsert', [groupInfo(chat)], chat.jid);
    return new Group(this.world, chat);
  }

  /** Posts a recorded body as it is, to the instance that it names or the first. */
  inject(body: RecordedBody, instance?: SimulatedInstance): void {
    injectBody(this.world, instance ?? this.world.instances.get(body.instance ?? '') ?? this.first(), body);
  }

  /** What follows accepted messages from now on, of every instance or of one. */
  acknowledges(how: Acknowledgements, instance?: SimulatedInstance): void {
    if (instance) instance.acknowledgements = how;
    else this.world.acknowledgements = how;
  }

  /**
   * WhatsApp restricts an account: what it sends to people who never wrote is accepted and then fails, `ERROR` with the stub `463`.
   * With `warmStillWorks: false` so does the rest. Groups go on.
   */
  restrict(
    instance: SimulatedInstance,
    { warmStillWorks = true, tells = 'stub' }: Partial<Restriction> = {},
  ): void {
    instance.restriction = { warmStillWorks, tells };
  }

  liftsRestriction(instance: SimulatedInstance): void {
    instance.restriction = null;
  }

  /** From now on everything is answered 503 LICENSE_REQUIRED, or no more. */
  requiresLicense(required = true): void {
    this.world.license = required ? 'required' : 'active';
  }

  /** The server's process is replaced: what waited for another attempt is lost, instances with a session connect again. Returns how many were lost. */
  restarts(): number {
    const lost = this.world.sender.forgetRetries();
    for (const instance of this.instances) if (instance.linked) instance.reconnects();
    return lost;
  }

  /**
   * The first message in this chat that was sent through the API, fits, and was returned by no earlier call; one that is there
   * already, or the first to come. Edits count. Rejects after `timeoutMs`, showing the chat.
   */
  waitForReply(where: InChat, expected: ExpectedEntry = () => true, timeoutMs = 5000): Promise<Entry> {
    const chat = chatOf(where);
    const source = {
      entries: chat.entries,
      follow: (seen: (entry: Entry) => void) =>
        this.world.watch((happening) => {
          if (happening.kind !== 'message' && happening.kind !== 'edited') return;
          if (happening.chat === chat) seen(happening.entry);
        }),
      transcript: () => transcript(chat),
    };
    return this.replies.wait(
      source,
      (entry) => entry.byApi && fitsText(expected, entry, entry.text),
      timeoutMs,
    );
  }

  /** The chat as lines of text. */
  transcript(where: InChat): string[] {
    return transcript(chatOf(where));
  }

  /** Resolves when every event was acknowledged or given up, and no acknowledgement of a message is still to come. */
  drained(): Promise<void> {
    return this.world.drained();
  }

  /** Calls of the API, oldest first; of one method when it is named. */
  calls(method?: string) {
    const all = this.world.calls.list();
    return method ? all.filter((call) => call.method === method) : all;
  }

  /** POSTs to webhooks, oldest first. */
  deliveries() {
    return this.world.deliveries.list();
  }

  counters() {
    return { ...this.world.counters, pending: this.world.sender.pending };
  }

  watch: World['watch'] = (watcher) => this.world.watch(watcher);

  clear(): void {
    this.world.clear();
  }

  /** Refuses connections until `online`, as a server that is down. */
  offline = () => this.server.offline();
  online = () => this.server.online();

  async close(): Promise<void> {
    await this.world.close();
    await this.server.close();
  }

  private first(): SimulatedInstance {
    return this.instances[0] ?? this.instance();
  }
}

export async function startEvolutionSimulator(
  options: EvolutionSimulatorOptions = {},
): Promise<EvolutionSimulator> {
  const world = new World(options);
  let controls: ReturnType<typeof evolutionControl> = {};
  const server = await serve((request, response) => {
    const url = request.url ?? '';
    const gone = () => response.destroy();
    if (url.startsWith('/control')) void answerControl(controls, request, response);
    else if (url.startsWith('/v/')) answerDownload(world, request, response);
    else answerCall(world, request, response).catch(gone);
  }, options);
  world.events.serverUrl = server.url;
  const simulator = new EvolutionSimulator(world, server, new Map());
  controls = evolutionControl(simulator);
  return simulator;
}
