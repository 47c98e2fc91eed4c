import { Clock } from '../clock';
import { InboundFaults } from '../inbound-faults';
import { phoneKey } from '../phones';
import { type Random, seededRandom } from '../random';
import { Recent } from '../recent';
import { isAcknowledged } from '../webhook-sender';
import { CloudChat, type Contact, type Entry, type Fields } from './chat';
import { contactOf, senderOf } from './contacts';
import { CloudFaults } from './faults';
import { MediaStore } from './media';
import { BusinessNumber, type NumberOptions } from './number';
import { Buckets, publishedPairRate, publishedThroughput, type Rate } from './rates';
import { type CloudCall, type CloudCounters, type CloudHappening, count, noCounts } from './records';
import { type SendFailure, Statuses, type StatusPlan } from './statuses';
import { shownText } from './transcript';
import type { CloudDelivery } from './webhook-feed';
import { type WebhookOptions, Webhooks } from './webhooks';

export interface WorldOptions extends WebhookOptions {
  /** Any phone number or user id is a person who has just written. Default: only people that were made, or that an injected body named. */
  autoChats?: boolean;
  /** `counts` keeps neither messages nor calls nor media, and takes any chat: for load. */
  keep?: 'all' | 'counts';
  /** What becomes of sends; can be changed later. */
  statuses?: Partial<StatusPlan>;
  /** What a free-form message outside the 24 hours meets: a `failed` status, which is the default, or a refusal at once. */
  outsideWindow?: 'status' | 'refuse';
  /** Refuses with 131056 above the published pace to one person, or above this one. */
  pairRate?: boolean | Rate;
  /** Refuses with 130429 above 80 a second for a number, or above this. */
  throughput?: boolean | Rate;
  /** The seed of every random choice. */
  seed?: number;
}

interface AnnouncedFailure extends SendFailure {
  names: string[];
  left: number;
}

const keptRecords = 50_000;

/** Everything that the fake platform knows. Calls change it, people act in it, the control endpoints read it. */
export class World {
  readonly clock = new Clock();
  readonly keeps: boolean;
  readonly random: Random;
  readonly faults: CloudFaults;
  readonly inbound: InboundFaults;
  readonly media: MediaStore;
  readonly webhooks: Webhooks;
  readonly statuses: Statuses;
  readonly pairRate: Buckets | null;
  readonly throughput: Buckets | null;
  readonly numbers = new Map<string, BusinessNumber>();
  readonly calls: Recent<CloudCall>;
  readonly deliveries: Recent<CloudDelivery>;
  readonly counters: CloudCounters = noCounts();
  /** The server's own address, once it listens. */
  url = '';
  private readonly chats = new Map<string, CloudChat>();
  private readonly watchers = new Set<(happening: CloudHappening) => void>();
  private failures: AnnouncedFailure[] = [];
  private lastPerson = 0;
  private lastMessage = 0;

  constructor(readonly options: WorldOptions) {
    this.keeps = options.keep !== 'counts';
    this.random = seededRandom(options.seed ?? 1);
    this.faults = new CloudFaults(this.random);
    this.inbound = new InboundFaults(this.random);
    this.media = new MediaStore(this.clock, this.keeps);
    this.calls = new Recent(this.keeps ? keptRecords : 0);
    this.deliveries = new Recent(this.keeps ? keptRecords : 0);
    this.webhooks = new Webhooks(
      options,
      this.clock,
      this.inbound,
      (delivery) => this.delivered(delivery),
      () => void this.counters.untold++,
    );
    const tell = (chat: CloudChat, entry: Entry) => this.tell({ kind: 'status', chat, entry });
    this.statuses = new Statuses(options.statuses ?? {}, this.webhooks, this.clock, this.random, tell);
    this.pairRate = bucketsOf(options.pairRate, publishedPairRate, this.clock);
    this.throughput = bucketsOf(options.throughput, publishedThroughput, this.clock);
  }

  addNumber(options: NumberOptions = {}): BusinessNumber {
    const number = new BusinessNumber(options, this.numbers.size);
    const known = this.numbers.get(number.id);
    if (known) return known;
    this.numbers.set(number.id, number);
    return number;
  }

  /** The chat of a person with a number; made when there is none. */
  addChat(number: BusinessNumber, { phone, userId, name, username }: Partial<Contact> = {}): CloudChat {
    const known = this.knownChat(number, phone) ?? this.knownChat(number, userId);
    if (known) return known;
    const ordinal = ++this.lastPerson;
    const contact: Contact = {
      phone: phone ?? String(16_505_551_000 + ordinal),
      userId: userId ?? this.newUserId(),
      name: name ?? `Person ${ordinal}`,
      username: username ?? null,
      phoneHidden: false,
    };
    const chat = new CloudChat(number, contact, this.keeps);
    this.nameChat(chat);
    return chat;
  }

  /** A group with the number in it. */
  addGroup(number: BusinessNumber, subject: string): CloudChat {
    const id = Buffer.from(`capi_group:${number.phone}:${++this.lastMessage}`).toString('base64url');
    const contact = { phone: '', userId: id, name: subject, username: null, phoneHidden: true };
    const chat = new CloudChat(number, contact, this.keeps, true);
    this.chats.set(`${number.id} ${id}`, chat);
    return chat;
  }

  /** Lets a chat be found by what its person is called now, and by nothing else. */
  refileChat(chat: CloudChat): void {
    for (const [key, filed] of this.chats) if (filed === chat) this.chats.delete(key);
    this.nameChat(chat);
  }

  newUserId(): string {
    return `US.${String(Math.floor(this.random() * 9e16) + 1e16)}${++this.lastMessage}`;
  }

  /** The chat that a business means by a phone number or a user id; null where nobody is there. */
  findChat(number: BusinessNumber, name: string): CloudChat | null {
    const known = this.knownChat(number, name);
    if (known) return known;
    if (this.keeps && !this.options.autoChats) return null;
    const contact = /^\d+$/.test(name) ? { phone: name } : { userId: name };
    const chat = this.keeps ? this.addChat(number, contact) : this.passingChat(number, contact);
    chat.lastWroteAt = this.clock.now();
    return chat;
  }

  /** Somebody of whom nothing is known and nothing is kept. */
  passingChat(number: BusinessNumber, { phone = '0', userId = 'US.0' }: Partial<Contact>): CloudChat {
    const contact = { phone, userId, name: phone, username: null, phoneHidden: false };
    return new CloudChat(number, contact, false);
  }

  allChats(): CloudChat[] {
    return [...new Set(this.chats.values())];
  }

  /** `wamid.` and bytes, as the platform's: who, and 18 hexadecimal digits. */
  newMessageId(phone: string): string {
    const digits = `${Math.floor(this.random() * 2 ** 40).toString(16)}${(++this.lastMessage).toString(16)}`;
    const parts = [
      '\u001d\u0018',
      phone,
      '\u0015\u0002\u0000\u0011\u0018\u0012',
      digits.padStart(18, '0'),
      '\u0000',
    ];
    return `wamid.${Buffer.from(parts.join(''), 'latin1').toString('base64')}`;
  }

  newEntry(
    chat: CloudChat,
    by: Entry['by'],
    type: string,
    content: Fields,
    replyTo: string | null,
    writer: Contact = chat.contact,
  ): Entry {
    return {
      id: this.newMessageId(writer.phone),
      by,
      author: by === 'person' ? writer.name : chat.number.name,
      at: this.clock.now(),
      type,
      content,
      text: shownText(chat.number, type, content),
      replyTo,
      status: by === 'business' ? 'accepted' : 'received',
      failure: null,
      versions: [],
      deleted: false,
      reactions: new Map(),
      callbackData: null,
    };
  }

  /** A person's message: it opens the window, and is told by webhook. `told` is what stands beside id, sender and time. */
  receive(chat: CloudChat, entry: Entry, told: Fields, writer: Contact = chat.contact): void {
    chat.lastWroteAt = Math.max(chat.lastWroteAt ?? 0, entry.at);
    const message = {
      ...senderOf(writer),
      ...(chat.isGroup && { group_id: chat.contact.userId }),
      id: entry.id,
      timestamp: String(Math.floor(entry.at / 1000)),
      ...told,
    };
    this.push(chat, { contacts: [contactOf(writer)], messages: [message] });
  }

  push(chat: CloudChat, value: Fields, field = 'messages'): void {
    this.webhooks.push({ number: chat.number, field, value, ofNumber: true, lane: chat.lane });
  }

  /** The next `times` sends to somebody with one of these names fail. */
  fail(names: string[], failure: SendFailure, times: number): void {
    this.failures.push({ ...failure, names, left: times });
  }

  takeFailure(chat: CloudChat): SendFailure | null {
    const found = this.failures.find(
      ({ names, left }) => left > 0 && names.some((name) => chat.isCalled(name)),
    );
    if (found) found.left--;
    return found ?? null;
  }

  /** Calls `watcher` for everything that happens, until the returned function is called. */
  watch(watcher: (happening: CloudHappening) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  tell(happening: CloudHappening): void {
    for (const watcher of this.watchers) watcher(happening);
  }

  called(call: CloudCall): void {
    count(this.counters.calls, call.method);
    if (call.fault) count(this.counters.faults, call.fault);
    if (call.error) count(this.counters.refused, String(call.error.code));
    this.calls.add(call);
    if (this.watchers.size > 0) this.tell({ kind: 'call', call });
  }

  /** Forgets messages, records, counters and faults; numbers, people, media and callbacks stay. */
  clear(): void {
    for (const chat of this.chats.values()) chat.clear();
    this.calls.clear();
    this.deliveries.clear();
    this.faults.clear();
    this.inbound.clear();
    this.statuses.clear();
    this.failures = [];
    Object.assign(this.counters, noCounts());
  }

  /** As `findChat`, among those that are there already. */
  knownChat(number: BusinessNumber, name: string | undefined): CloudChat | null {
    if (name === undefined) return null;
    const key = /^\d+$/.test(name) ? phoneKey(name) : name;
    return this.chats.get(`${number.id} ${key}`) ?? null;
  }

  /** Called when a callback or a subscription has changed. */
  retarget(): Promise<void> {
    return this.webhooks.retarget([...this.numbers.values()]);
  }

  private nameChat(chat: CloudChat): void {
    this.chats.set(`${chat.number.id} ${phoneKey(chat.contact.phone)}`, chat);
    this.chats.set(`${chat.number.id} ${chat.contact.userId}`, chat);
  }

  private delivered(delivery: CloudDelivery): void {
    this.counters[isAcknowledged(delivery) ? 'acknowledged' : 'unacknowledged']++;
    this.deliveries.add(delivery);
  }
}

function bucketsOf(option: boolean | Rate | undefined, published: Rate, clock: Clock): Buckets | null {
  return option ? new Buckets(option === true ? published : option, clock) : null;
}
