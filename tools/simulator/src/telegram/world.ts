import type { Chat, Message, User } from '@grammyjs/types';
import { type Fault, Faults } from '../faults';
import { InboundFaults } from '../inbound-faults';
import { type Random, seededRandom } from '../random';
import { Recent } from '../recent';
import { type Delivery, fastTiming, isAcknowledged, type WebhookTiming } from '../webhook-sender';
import { SimulatedBot } from './bot';
import { type Entry, type Fields, SimulatedChat } from './chat';
import { Files } from './files';
import { publishedLimits, type RateLimitOptions, RateLimits } from './rate-limits';
import { UpdateFeed, type UpdateKind } from './update-feed';

export interface WorldOptions {
  /** Any well-formed token is a bot. Default: only bots that were registered. */
  anyToken?: boolean;
  /** Any chat id is a chat. Default: only chats that a person, a group or an injected update made. */
  autoChats?: boolean;
  /** `counts` keeps neither messages nor calls nor files, and takes any chat: for load. */
  keep?: 'all' | 'counts';
  /** Answers 429 above the published limits, or above these. */
  rateLimits?: boolean | Partial<RateLimitOptions>;
  /** The seed of every random choice. */
  seed?: number;
  webhook?: Partial<WebhookTiming>;
}

/** One call of the Bot API, as it was answered. */
export interface ApiCall {
  at: number;
  bot: number;
  method: string;
  chat: string | null;
  params: Record<string, unknown>;
  /** What the call came to, whatever was answered; null when a fault kept it from being carried out. */
  status: number | null;
  description: string | null;
  fault: Fault['kind'] | null;
}

export interface Counters {
  /** By method. */
  calls: Record<string, number>;
  /** Calls that broke a rule of the API, by status. */
  refused: Record<string, number>;
  /** Calls that met a fault, by its kind. */
  faults: Record<string, number>;
  /** Updates that the webhook answered with 2xx. */
  acknowledged: number;
  /** Attempts that it answered otherwise, or not at all. */
  unacknowledged: number;
}

const noCounts = (): Counters => ({ calls: {}, refused: {}, faults: {}, acknowledged: 0, unacknowledged: 0 });

export type Happening =
  | { kind: 'message' | 'edited' | 'deleted' | 'reacted'; chat: SimulatedChat; entry: Entry }
  | { kind: 'draft' | 'action'; chat: SimulatedChat; what: string }
  | { kind: 'call'; call: ApiCall };

const wellFormedToken = /^(\d+):[A-Za-z0-9_-]+$/;
const keptRecords = 50_000;

/** Everything that the fake platform knows. Methods change it, people act in it, the control endpoints read it. */
export class World {
  readonly keeps: boolean;
  readonly random: Random;
  readonly faults: Faults;
  readonly inbound: InboundFaults;
  readonly files: Files;
  readonly limits: RateLimits | null;
  readonly bots = new Map<string, SimulatedBot>();
  readonly calls: Recent<ApiCall>;
  readonly deliveries: Recent<Delivery>;
  readonly counters: Counters = noCounts();
  private readonly chats = new Map<string, SimulatedChat>();
  private readonly watchers = new Set<(happening: Happening) => void>();
  private readonly timing: WebhookTiming;
  private readonly anyChat: boolean;
  private lastLooseId = 0;

  constructor(private readonly options: WorldOptions) {
    this.keeps = options.keep !== 'counts';
    this.anyChat = options.autoChats === true || !this.keeps;
    this.random = seededRandom(options.seed ?? 1);
    this.faults = new Faults(this.random);
    this.inbound = new InboundFaults(this.random);
    this.files = new Files(this.keeps);
    this.calls = new Recent(this.keeps ? keptRecords : 0);
    this.deliveries = new Recent(this.keeps ? keptRecords : 0);
    this.timing = { ...fastTiming, ...options.webhook };
    const limits = options.rateLimits;
    this.limits = limits ? new RateLimits({ ...publishedLimits, ...(limits === true ? {} : limits) }) : null;
  }

  addBot(token: string, username?: string, name?: string): SimulatedBot {
    const known = this.bots.get(token);
    if (known) return known;
    const id = Number(wellFormedToken.exec(token)?.[1]);
    if (!id) throw new Error('A bot token looks like 4242:AAF-x_y.');
    const user = { id, is_bot: true, first_name: name ?? `Bot ${id}`, username: username ?? `sim_${id}_bot` };
    const firstUpdate = 100_000_000 + Math.floor(this.random() * 100_000_000);
    const feed = new UpdateFeed(firstUpdate, this.timing, this.inbound, (delivery) =>
      this.delivered(delivery),
    );
    const bot = new SimulatedBot(token, user, feed);
    this.bots.set(token, bot);
    return bot;
  }

  findBot(token: string): SimulatedBot | null {
    return (
      this.bots.get(token) ??
      (this.options.anyToken && wellFormedToken.test(token) ? this.addBot(token) : null)
    );
  }

  isWellFormed(token: string): boolean {
    return wellFormedToken.test(token);
  }

  /** The chat of one person with one bot; made when there is none. */
  privateChat(bot: SimulatedBot, user: Omit<User, 'is_bot'>): SimulatedChat {
    const { id, first_name, last_name, username } = user;
    const info: Chat.PrivateChat = { id, type: 'private', first_name };
    if (last_name) info.last_name = last_name;
    if (username) info.username = username;
    return this.chats.get(privateKey(bot, id)) ?? this.addChat(privateKey(bot, id), info, bot);
  }

  /** A group or channel; made when there is none, and heard by the bot from now on. */
  sharedChat(info: Chat, bot: SimulatedBot): SimulatedChat {
    const chat = this.chats.get(String(info.id)) ?? this.addChat(String(info.id), info, bot);
    chat.bots.add(bot);
    return chat;
  }

  /** The chat that a bot means by an id or a @username. */
  findChat(bot: SimulatedBot, reference: string): SimulatedChat | undefined {
    if (reference.startsWith('@')) {
      const name = reference.slice(1).toLowerCase();
      return [...this.chats.values()].find(
        ({ info }) => info.type !== 'private' && info.username?.toLowerCase() === name,
      );
    }
    const known = this.chats.get(`${bot.id}:${reference}`) ?? this.chats.get(reference);
    const id = Number(reference);
    if (known || !this.anyChat || !Number.isSafeInteger(id) || id === 0) return known;
    const info = unknownChat(id);
    if (!this.keeps) return new SimulatedChat(info, false, () => ++this.lastLooseId);
    return this.addChat(id > 0 ? privateKey(bot, id) : reference, info, bot);
  }

  allChats(): SimulatedChat[] {
    return [...this.chats.values()];
  }

  /** A message of a bot. */
  post(bot: SimulatedBot, chat: SimulatedChat, fields: Fields): Message {
    const sender = chat.info.type === 'channel' ? { sender_chat: chat.info } : { from: bot.user };
    return this.append(chat, { ...sender, ...fields }, true).message;
  }

  /** A message of a person, told to every bot in the chat. */
  receive(chat: SimulatedChat, fields: Fields): Message {
    const { message } = this.append(chat, fields, false);
    this.push(chat, chat.info.type === 'channel' ? 'channel_post' : 'message', message);
    return message;
  }

  push(chat: SimulatedChat, kind: UpdateKind, payload: unknown): void {
    for (const bot of chat.bots) bot.updates.push(kind, payload, laneOf(kind, chat.id));
  }

  /** Calls `watcher` for everything that happens, until the returned function is called. */
  watch(watcher: (happening: Happening) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  tell(happening: Happening): void {
    for (const watcher of this.watchers) watcher(happening);
  }

  called(call: ApiCall): void {
    this.counters.calls[call.method] = (this.counters.calls[call.method] ?? 0) + 1;
    if (call.fault) this.counters.faults[call.fault] = (this.counters.faults[call.fault] ?? 0) + 1;
    if (call.status !== null && call.status !== 200) {
      this.counters.refused[call.status] = (this.counters.refused[call.status] ?? 0) + 1;
    }
    this.calls.add(call);
    if (this.watchers.size > 0) this.tell({ kind: 'call', call });
  }

  /** Forgets messages, records, counters and faults; bots, people, chats and webhooks stay. */
  clear(): void {
    for (const chat of this.chats.values()) chat.clear();
    this.calls.clear();
    this.deliveries.clear();
    this.faults.clear();
    this.inbound.clear();
    Object.assign(this.counters, noCounts());
  }

  private append(chat: SimulatedChat, fields: Fields, byBot: boolean): Entry {
    const message_id = fields.message_id ?? chat.nextMessageId();
    const base = { message_id, date: Math.floor(Date.now() / 1000), chat: chat.info };
    const entry = chat.add({ ...base, ...fields } as Message, byBot);
    this.tell({ kind: 'message', chat, entry });
    return entry;
  }

  private addChat(key: string, info: Chat, bot: SimulatedBot): SimulatedChat {
    const chat = new SimulatedChat(info, this.keeps);
    chat.bots.add(bot);
    this.chats.set(key, chat);
    return chat;
  }

  private delivered(delivery: Delivery): void {
    this.counters[isAcknowledged(delivery) ? 'acknowledged' : 'unacknowledged']++;
    this.deliveries.add(delivery);
  }
}

/** Messages of a chat are one lane; every other kind of update of that chat is another. */
export const laneOf = (kind: string, chat: number) =>
  kind === 'message' || kind === 'channel_post' ? `${chat}` : `${chat}:${kind}`;

const privateKey = (bot: SimulatedBot, id: number) => `${bot.id}:${id}`;

function unknownChat(id: number): Chat {
  if (id > 0) return { id, type: 'private', first_name: `Person ${id}` };
  const title = `Chat ${id}`;
  return String(id).startsWith('-100') ? { id, type: 'supergroup', title } : { id, type: 'group', title };
}
