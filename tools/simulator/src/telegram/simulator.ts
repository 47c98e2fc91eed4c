import type { Chat, Message } from '@grammyjs/types';
import { answerControl } from '../control';
import { type HttpServer, type ListenOptions, send, serve } from '../http';
import { type ExpectedText, fitsText, Replies } from '../replies';
import type { SimulatedBot } from './bot';
import type { Entry, SimulatedChat } from './chat';
import { telegramControl } from './control';
import { ApiError, refusal } from './errors';
import { Group, type GroupOptions } from './group';
import { injectUpdate, type RecordedUpdate } from './inject';
import { chatOf, type InChat, Person } from './person';
import { answerFile, answerMethod } from './server';
import { transcript } from './transcript';
import { World, type WorldOptions } from './world';

export type TelegramSimulatorOptions = WorldOptions & ListenOptions;

export interface PersonOptions {
  /** A registered bot or its token; the first bot by default. */
  bot?: SimulatedBot | string;
  id?: number;
  name?: string;
  username?: string;
  language?: string;
  /** True for someone who never pressed Start: the bot cannot write first. */
  stranger?: boolean;
}

/** Which message one waits for: a part of its text, a pattern, or a test. */
export type Expected = ExpectedText<Message>;

/** A fake Bot API server with people in it. `url` is the `apiUrl` of an instance. */
export class TelegramSimulator {
  private readonly replies = new Replies<Entry>();
  private lastPersonId = 1000;
  private lastGroupId = 0;

  constructor(
    private readonly world: World,
    private readonly server: HttpServer,
    readonly people: Map<number, Person>,
  ) {}

  get url(): string {
    return this.server.url;
  }

  get port(): number {
    return this.server.port;
  }

  get faults() {
    return this.world.faults;
  }

  /** How updates are disturbed on their way to a webhook. */
  get inbound() {
    return this.world.inbound;
  }

  get bots(): SimulatedBot[] {
    return [...this.world.bots.values()];
  }

  get chats(): SimulatedChat[] {
    return this.world.allChats();
  }

  /** Registers a bot, or finds the one with this token. */
  bot({
    token = '4242:simulated-token',
    username,
    name,
  }: { token?: string; username?: string; name?: string } = {}) {
    return this.world.addBot(token, username, name);
  }

  person({
    bot,
    id = ++this.lastPersonId,
    name,
    username,
    language = 'en',
    stranger,
  }: PersonOptions = {}): Person {
    const theirs = typeof bot === 'string' ? this.bot({ token: bot }) : (bot ?? this.bots[0] ?? this.bot());
    const user = { id, is_bot: false, first_name: name ?? `Person ${id}`, username, language_code: language };
    const chat = this.world.privateChat(theirs, user);
    if (stranger) chat.barred.set(theirs.id, "bot can't initiate conversation with a user");
    const person = new Person(this.world, user, theirs, chat);
    this.people.set(id, person);
    return person;
  }

  group({
    id,
    title = 'A group',
    username,
    kind = 'supergroup',
    forum,
    members = [],
    bots,
  }: GroupOptions = {}): Group {
    const number = ++this.lastGroupId;
    const info = {
      id: id ?? (kind === 'group' ? -number : -1_001_000_000_000 - number),
      type: kind,
      title,
      ...(username && { username }),
      ...(forum && { is_forum: true }),
    } as Chat;
    const theirs =
      bots ?? (members.length > 0 ? members.map(({ bot }) => bot) : [this.bots[0] ?? this.bot()]);
    const chat = this.world.sharedChat(info, theirs[0]);
    for (const bot of theirs) chat.bots.add(bot);
    return new Group(this.world, chat, members);
  }

  /** Lets a recorded update happen to a bot, the first one by default, with its own `update_id` where it has one. */
  inject(update: RecordedUpdate, bot: SimulatedBot = this.bots[0] ?? this.bot()): void {
    injectUpdate(this.world, bot, update);
  }

  /**
   * The first message of a bot in this chat that fits and that no earlier call returned; one that is there already, or the
   * first to come. Edits count. Rejects after `timeoutMs`, showing the chat.
   */
  waitForReply(where: InChat, expected: Expected = () => true, timeoutMs = 5000): Promise<Message> {
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
    const fits = ({ byBot, message }: Entry) =>
      byBot && fitsText(expected, message, message.text ?? message.caption ?? '');
    return this.replies.wait(source, fits, timeoutMs).then(({ message }) => message);
  }

  /** The chat as lines of text. */
  transcript(where: InChat): string[] {
    return transcript(chatOf(where));
  }

  /** Resolves when every update was acknowledged. */
  async drained(): Promise<void> {
    await Promise.all(this.bots.map(({ updates }) => updates.drained()));
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
    return {
      ...this.world.counters,
      pending: this.bots.reduce((sum, { updates }) => sum + updates.pending, 0),
    };
  }

  watch: World['watch'] = (watcher) => this.world.watch(watcher);

  clear(): void {
    this.world.clear();
  }

  /** Refuses connections until `online`, as a platform that is down. */
  offline = () => this.server.offline();
  online = () => this.server.online();

  async close(): Promise<void> {
    await Promise.all(this.bots.map(({ updates }) => updates.close()));
    await this.server.close();
  }
}

export async function startTelegramSimulator(
  options: TelegramSimulatorOptions = {},
): Promise<TelegramSimulator> {
  const world = new World(options);
  let routes: ReturnType<typeof telegramControl> = {};
  const server = await serve((request, response) => {
    const url = request.url ?? '';
    const gone = () => response.destroy();
    if (url.startsWith('/bot')) answerMethod(world, request, response).catch(gone);
    else if (url.startsWith('/file/bot')) answerFile(world, request, response);
    else if (url.startsWith('/control')) void answerControl(routes, request, response);
    else send(response, refusal(new ApiError(404, 'Not Found')));
  }, options);
  const simulator = new TelegramSimulator(world, server, new Map());
  routes = telegramControl(simulator);
  return simulator;
}
