import { answerControl } from '../control';
import { type HttpServer, type ListenOptions, serve } from '../http';
import { type ExpectedText, fitsText, Replies } from '../replies';
import { verifyCallback } from './callback';
import type { CloudChat, Entry, Fields } from './chat';
import { cloudControl } from './control';
import { injectBody, type RecordedBody } from './inject';
import type { BusinessNumber, NumberOptions } from './number';
import { chatOf, CloudPerson, echo, type InCloudChat } from './person';
import { answerDownload, answerGraph } from './server';
import type { SendFailure } from './statuses';
import { transcript } from './transcript';
import { World, type WorldOptions } from './world';

export type CloudSimulatorOptions = WorldOptions & ListenOptions;

export interface CloudPersonOptions {
  /** A number of the simulator; the first one by default. */
  number?: BusinessNumber;
  phone?: string;
  /** The business-scoped id. */
  userId?: string;
  name?: string;
  username?: string;
}

/** A fake WhatsApp Cloud API with people in it. `url` is the `apiUrl` of an instance. */
export class CloudSimulator {
  readonly people: CloudPerson[] = [];
  private readonly replies = new Replies<Entry>();

  constructor(
    private readonly world: World,
    private readonly server: HttpServer,
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

  /** Which statuses come, when and how often. */
  get statuses() {
    return this.world.statuses;
  }

  /** The platform's time: `advance` closes windows and lets addresses of media expire. */
  get clock() {
    return this.world.clock;
  }

  get numbers(): BusinessNumber[] {
    return [...this.world.numbers.values()];
  }

  get chats(): CloudChat[] {
    return this.world.allChats();
  }

  /**
   * Registers a number, or finds the one with this id. Its `webhookUrl` is that of the app; it has to answer the challenge, else this
   * rejects. Without it the hub sets one.
   */
  async number({ webhookUrl, ...options }: NumberOptions = {}): Promise<BusinessNumber> {
    const number = this.world.addNumber(options);
    if (webhookUrl !== undefined) await this.setWebhook(number, webhookUrl);
    return number;
  }

  /** Sets the callback of the app that uses the number, as in its dashboard. Rejects where it does not answer the challenge. */
  async setWebhook(number: BusinessNumber, url: string): Promise<void> {
    await verifyCallback(this.world, url, number.verifyToken);
    number.appCallback = url;
    await this.world.retarget();
  }

  /** Somebody new, who has never written: the window is closed until they do. */
  person({ number, ...contact }: CloudPersonOptions = {}): CloudPerson {
    const theirs = number ?? this.defaultNumber();
    const person = new CloudPerson(this.world, this.world.addChat(theirs, contact));
    this.people.push(person);
    return person;
  }

  /** A group with a number and these people in it. */
  group({ subject = 'Group', number }: { subject?: string; number?: BusinessNumber } = {}): {
    chat: CloudChat;
  } {
    return { chat: this.world.addGroup(number ?? this.defaultNumber(), subject) };
  }

  /** The business types on its phone: a text, or any content with its `type`. */
  echo(where: InCloudChat, content: string | (Fields & { type: string })): Entry {
    const { type, ...fields } =
      typeof content === 'string' ? { type: 'text', text: { body: content } } : content;
    return echo(this.world, chatOf(where), type, fields);
  }

  /** The platform tells of an account: `('message_template_status_update', { event: 'REJECTED', … })`. */
  account(field: string, value: Fields, number: BusinessNumber = this.defaultNumber()): void {
    this.world.webhooks.push({ number, field, value, ofNumber: false, lane: `${number.wabaId}:account` });
  }

  /** Delivers a recorded webhook as it is, signed. */
  inject(body: RecordedBody, number: BusinessNumber = this.defaultNumber()): void {
    injectBody(this.world, body, number);
  }

  /** The next sends to this person or phone number are accepted and then fail. */
  fails(whom: CloudPerson | string, { times = 1, ...failure }: SendFailure & { times?: number }): void {
    this.world.fail(typeof whom === 'string' ? [whom] : whom.chat.names, failure, times);
  }

  /**
   * The first message of the business that reached this person, fits, and that no earlier call returned; one that is there already, or
   * the first to come. Rejects after `timeoutMs`, showing the chat.
   */
  waitForReply(
    where: InCloudChat,
    expected: ExpectedText<Entry> = () => true,
    timeoutMs = 5000,
  ): Promise<Entry> {
    const chat = chatOf(where);
    const source = {
      entries: chat.entries,
      follow: (seen: (entry: Entry) => void) =>
        this.world.watch((happening) => {
          if (happening.kind === 'message' && happening.chat === chat) seen(happening.entry);
        }),
      transcript: () => transcript(chat),
    };
    const fits = (entry: Entry) =>
      entry.by === 'business' && entry.failure === null && fitsText(expected, entry, entry.text);
    return this.replies.wait(source, fits, timeoutMs);
  }

  /** The chat as lines of text. */
  transcript(where: InCloudChat): string[] {
    return transcript(chatOf(where));
  }

  /** Resolves when every update and status was acknowledged. */
  drained(): Promise<void> {
    return this.world.webhooks.drained();
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
    return { ...this.world.counters, pending: this.world.webhooks.pending };
  }

  watch: World['watch'] = (watcher) => this.world.watch(watcher);

  clear(): void {
    this.world.clear();
  }

  /** Refuses connections until `online`, as a platform that is down. */
  offline = () => this.server.offline();
  online = () => this.server.online();

  async close(): Promise<void> {
    this.world.statuses.stop();
    await this.world.webhooks.close();
    await this.server.close();
  }

  private defaultNumber(): BusinessNumber {
    return this.numbers[0] ?? this.world.addNumber();
  }
}

export async function startCloudSimulator(options: CloudSimulatorOptions = {}): Promise<CloudSimulator> {
  const world = new World(options);
  let routes: ReturnType<typeof cloudControl> = {};
  const server = await serve((request, response) => {
    const url = request.url ?? '';
    if (url.startsWith('/control')) void answerControl(routes, request, response);
    else if (url.startsWith('/whatsapp_business/attachments/')) answerDownload(world, request, response);
    else answerGraph(world, request, response).catch(() => response.destroy());
  }, options);
  world.url = server.url;
  const simulator = new CloudSimulator(world, server);
  routes = cloudControl(simulator);
  return simulator;
}
