import { randomUUID } from 'node:crypto';
import { Faults } from '../faults';
import { InboundFaults } from '../inbound-faults';
import { type Random, seededRandom } from '../random';
import { Recent } from '../recent';
import { type Delivery, isAcknowledged } from '../webhook-sender';
import { type Acknowledgement, type Acknowledgements, acknowledgementsFor } from './acknowledgements';
import type { Entry, SimulatedChat } from './chat';
import type { Contact } from './contact';
import { type Dialect, dialectOf } from './dialect';
import { Directory } from './directory';
import { type By, type Draft, newEntry } from './entries';
import { Events } from './events';
import { SimulatedInstance } from './instance';
import { MediaStore } from './media';
import type { EvolutionFault, EvolutionWorldOptions } from './options';
import { prepared } from './prepared';
import { fastQr, type QrTiming } from './qr-code';
import { countIn, type EvolutionCall, type EvolutionHappening, noCounts } from './records';
import type { Fields } from './values';
import { fastTiming, WebhookSender } from './webhook-sender';

const keptRecords = 50_000;
const brazilMinutes = -180;

/** Everything that the fake server and the fake WhatsApp behind it know. */
export class World {
  readonly keeps: boolean;
  readonly random: Random;
  readonly dialect: Dialect;
  readonly apiKey: string;
  readonly faults: Faults<EvolutionFault>;
  readonly inbound: InboundFaults;
  readonly media: MediaStore;
  readonly qrTiming: QrTiming;
  readonly directory: Directory;
  readonly events: Events;
  readonly sender: WebhookSender;
  readonly instances = new Map<string, SimulatedInstance>();
  readonly calls: Recent<EvolutionCall>;
  readonly deliveries: Recent<Delivery>;
  readonly counters = noCounts();
  acknowledgements: Acknowledgements;
  license: 'active' | 'required';
  private readonly watchers = new Set<(happening: EvolutionHappening) => void>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly options: EvolutionWorldOptions) {
    this.keeps = options.keep !== 'counts';
    this.random = seededRandom(options.seed ?? 1);
    this.dialect = dialectOf(options.version ?? '2.3.7');
    this.apiKey = options.apiKey ?? 'simulated-global-key';
    this.faults = new Faults(this.random);
    this.inbound = new InboundFaults(this.random);
    this.media = new MediaStore(this.random, this.keeps);
    this.qrTiming = { ...fastQr, ...options.qr };
    this.directory = new Directory(this.keeps, options.autoChats === true || !this.keeps);
    this.calls = new Recent(this.keeps ? keptRecords : 0);
    this.deliveries = new Recent(this.keeps ? keptRecords : 0);
    this.acknowledgements = options.acknowledgements ?? {};
    this.license = options.license ?? 'active';
    this.sender = new WebhookSender({ ...fastTiming, ...options.webhook }, this.random, (delivery) =>
      this.delivered(delivery),
    );
    this.events = new Events(this.dialect, this.sender, this.inbound, this.counters.events, {
      keeps: this.keeps,
      exposesKey: options.exposesKey === true,
      utcOffsetMinutes: options.utcOffsetMinutes ?? brazilMinutes,
    });
  }

  addInstance(name: string, number?: string, lid?: string, token?: string): SimulatedInstance {
    const instance = new SimulatedInstance(
      this,
      randomUUID(),
      name,
      token ?? randomUUID().toUpperCase(),
      number ?? this.directory.newPhone(),
      lid ?? null,
    );
    this.instances.set(name, instance);
    return instance;
  }

  allChats(): SimulatedChat[] {
    return [...this.instances.values()].flatMap(({ chats }) => chats);
  }

  /** A message of somebody else, or what the account's holder wrote on the phone: told as `messages.upsert`. */
  received(chat: SimulatedChat, by: Contact | 'phone', draft: Draft): Entry {
    const entry = this.enter(chat, by, draft);
    this.events.message(chat, entry);
    return entry;
  }

  /** A message that was sent through the API: told as `send.message`, then acknowledged. */
  posted(chat: SimulatedChat, draft: Draft): Entry {
    return this.send(chat, this.enter(chat, 'api', draft));
  }

  /** The same for what is no part of the chat: a reaction. */
  postedAside(chat: SimulatedChat, message: Fields): Entry {
    return this.send(chat, this.entry(chat, 'api', { message }));
  }

  /** What is told and then no more, as a reaction or a vote. */
  aside(chat: SimulatedChat, by: Contact, message: Fields): Entry {
    chat.warm = true;
    return this.entry(chat, by, { message });
  }

  /** As the answers and the server's own database have it. */
  prepared(chat: SimulatedChat, entry: Entry): Fields {
    return prepared(entry, this.dialect, chat.instance.id);
  }

  /** Resolves when every event was acknowledged or given up, and no acknowledgement of a message is still to come. */
  async drained(): Promise<void> {
    while (this.timers.size > 0 || this.sender.pending > 0) {
      await this.sender.drained();
      if (this.timers.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Calls `watcher` for everything that happens, until the returned function is called. */
  watch(watcher: (happening: EvolutionHappening) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  tell(happening: EvolutionHappening): void {
    for (const watcher of this.watchers) watcher(happening);
  }

  called(call: EvolutionCall): void {
    countIn(this.counters.calls, call.method);
    if (call.fault) countIn(this.counters.faults, call.fault);
    if (call.status !== null && call.status >= 300) countIn(this.counters.refused, String(call.status));
    this.calls.add(call);
    if (this.watchers.size > 0) this.tell({ kind: 'call', call });
  }

  /** Forgets messages, records, counters, faults and restrictions; instances, people, chats and webhooks stay. */
  clear(): void {
    for (const chat of this.allChats()) chat.clear();
    for (const instance of this.instances.values()) {
      instance.restriction = null;
      instance.acknowledgements = null;
    }
    this.calls.clear();
    this.deliveries.clear();
    this.faults.clear();
    this.inbound.clear();
    this.acknowledgements = this.options.acknowledgements ?? {};
    const { calls, refused, faults, events } = this.counters;
    for (const counts of [calls, refused, faults, events])
      for (const key of Object.keys(counts)) delete counts[key];
    Object.assign(this.counters, { acknowledged: 0, unacknowledged: 0 });
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const instance of this.instances.values()) instance.ends();
    await this.sender.close();
  }

  private enter(chat: SimulatedChat, by: By, draft: Draft): Entry {
    const entry = chat.add(this.entry(chat, by, draft));
    this.tell({ kind: 'message', chat, entry });
    return entry;
  }

  private entry(chat: SimulatedChat, by: By, draft: Draft): Entry {
    return newEntry(this.dialect, chat, by, draft, (count) => this.media.bytes(count));
  }

  private send(chat: SimulatedChat, entry: Entry): Entry {
    this.events.sent(chat, entry);
    const asked = chat.instance.acknowledgements ?? this.acknowledgements;
    this.acknowledge(chat, entry, acknowledgementsFor(chat, asked, this.random));
    return entry;
  }

  private acknowledge(chat: SimulatedChat, entry: Entry, [next, ...others]: Acknowledgement[]): void {
    if (!next) return;
    this.later(next.afterMs, () => {
      entry.status = next.status;
      this.events.update(chat, entry, next.told);
      this.acknowledge(chat, entry, others);
    });
  }

  private later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, ms);
    this.timers.add(timer);
  }

  private delivered(delivery: Delivery): void {
    this.counters[isAcknowledged(delivery) ? 'acknowledged' : 'unacknowledged']++;
    this.deliveries.add(delivery);
  }
}
