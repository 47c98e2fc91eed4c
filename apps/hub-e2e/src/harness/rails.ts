import type { CloudSimulator, EvolutionSimulator } from '@omni-hub/simulator';
import {
  startCloudSimulator,
  startEvolutionSimulator,
  type CloudSimulatorOptions,
  type EvolutionSimulatorOptions,
} from '@omni-hub/simulator';
import { createHmac } from 'node:crypto';
import type { Post } from './load';
import type { FollowReplies } from './shown';

export const instanceName = 'support';
const patienceMs = 20_000;

/** Somebody who writes on a rail. */
export interface RailPerson {
  /** The hub's id of their chat. */
  chatId: string;
  /** Answers the platform's id of the event. */
  says(text: string): string;
  /** The text of the account's next message to them that holds this. */
  reply(part?: string): Promise<string>;
  /** What the account has shown them, oldest first. */
  shown(): string[];
}

/** A fake platform, and what an instance needs to use it. */
export interface Rail {
  readonly name: string;
  /** The channel's id. */
  readonly channel: string;
  readonly config: Record<string, unknown>;
  readonly secrets: string[];
  /** What follows the instance in the webhook's address, with its slash. */
  readonly path: string;
  person(name: string): RailPerson;
  close(): Promise<void>;
}

/** A rail by which people can be made to write by webhook alone, without the fake platform. */
export interface WebhookRail extends Rail {
  /** A text of the person with this number, as the platform posts it. */
  readonly post: Post;
  readonly follow: FollowReplies;
  /** The hub's id of the chat with the person with this number. */
  chatId(chat: number): string;
}

const phoneOf = (chat: number) => String(447_700_900_000 + chat);
const chatOf = (phone: string | null) => Number(phone) - 447_700_900_000;
const seconds = () => Math.floor(Date.now() / 1000);

/** Meta's Cloud API. */
export class CloudRail implements WebhookRail {
  readonly name = 'cloud';
  readonly channel = 'whatsapp';
  readonly path = '';
  readonly secrets = ['e2e-cloud-access-token', 'e2e-cloud-app-secret', 'e2e-cloud-verify-token'];

  private constructor(
    readonly platform: CloudSimulator,
    readonly number: Awaited<ReturnType<CloudSimulator['number']>>,
  ) {}

  static async start(
    options: CloudSimulatorOptions = {},
    account: Parameters<CloudSimulator['number']>[0] = {},
  ): Promise<CloudRail> {
    const platform = await startCloudSimulator(options);
    const number = await platform.number({
      phoneNumberId: '106540352242922',
      wabaId: '102290129340398',
      phone: '15550783881',
      accessToken: 'e2e-cloud-access-token',
      appSecret: 'e2e-cloud-app-secret',
      verifyToken: 'e2e-cloud-verify-token',
      templates: [{ name: 'news', language: 'en_US', body: 'News: {{1}}' }],
      ...account,
    });
    return new CloudRail(platform, number);
  }

  get config() {
    const { id, wabaId, accessToken, appSecret, verifyToken } = this.number;
    const credentials = { phoneNumberId: id, businessAccountId: wabaId, accessToken, appSecret, verifyToken };
    return { provider: 'cloud', apiUrl: this.platform.url, messagesPerSecond: 1_000, ...credentials };
  }

  /** A body as Meta posts it. */
  sign(body: string): ReturnType<Post> {
    const signature = createHmac('sha256', this.number.appSecret).update(body).digest('hex');
    return { body, headers: { 'x-hub-signature-256': `sha256=${signature}` } };
  }

  /** A body with these messages or statuses. */
  envelope(value: Record<string, unknown>): object {
    const metadata = { display_phone_number: this.number.phone, phone_number_id: this.number.id };
    const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
    return { object: 'whatsapp_business_account', entry: [{ id: this.number.wabaId, changes: [change] }] };
  }

  textMessage(chat: number, number: number, text: string) {
    const id = `wamid.load.${chat}.${number}`;
    return { from: phoneOf(chat), id, timestamp: String(seconds()), type: 'text', text: { body: text } };
  }

  post: Post = (chat, number, text) =>
    this.sign(JSON.stringify(this.envelope({ messages: [this.textMessage(chat, number, text)] })));

  follow: FollowReplies = (seen) =>
    this.platform.watch((happening) => {
      if (happening.kind !== 'message' || happening.entry.by !== 'business') return;
      seen(chatOf(happening.chat.contact.phone), happening.entry.text);
    });

  chatId = (chat: number) => `whatsapp:${phoneOf(chat)}`;

  person(name: string): RailPerson & { itself: ReturnType<CloudSimulator['person']> } {
    const itself = this.platform.person({ number: this.number, name });
    return {
      itself,
      chatId: `whatsapp:${itself.userId}`,
      says: (text) => itself.says(text).id,
      reply: async (part) => (await this.platform.waitForReply(itself, part, patienceMs)).text,
      shown: () => itself.chat.entries.filter(({ by }) => by === 'business').map(({ text }) => text),
    };
  }

  close = () => this.platform.close();
}

/** An Evolution API server. */
export class EvolutionRail implements WebhookRail {
  readonly name = 'evolution';
  readonly channel = 'whatsapp';
  readonly secrets = ['e2e-evolution-api-key', 'e2e-evolution-webhook-secret'];

  private constructor(
    readonly platform: EvolutionSimulator,
    readonly account: ReturnType<EvolutionSimulator['instance']>,
  ) {}

  static async start(
    options: EvolutionSimulatorOptions = {},
    account: Parameters<EvolutionSimulator['instance']>[0] = {},
  ): Promise<EvolutionRail> {
    const platform = await startEvolutionSimulator({ apiKey: 'e2e-evolution-api-key', ...options });
    const instance = platform.instance({
      name: 'sales',
      number: '5511988887777',
      lid: '99000111222',
      ...account,
    });
    return new EvolutionRail(platform, instance);
  }

  get config() {
    return {
      provider: 'evolution',
      apiUrl: this.platform.url,
      mediaUrl: this.platform.url,
      apiKey: this.platform.apiKey,
      instanceName: this.account.name,
      webhookSecret: 'e2e-evolution-webhook-secret',
      messagesPerSecond: 1_000,
    };
  }

  get path(): string {
    const secret = createHmac('sha256', 'e2e-evolution-webhook-secret').update('webhook path');
    return `/${secret.digest('hex').slice(0, 32)}`;
  }

  /** A body as the server posts it. */
  event(event: string, data: unknown): ReturnType<Post> {
    const body = {
      event,
      instance: this.account.name,
      data,
      destination: 'http://hub',
      sender: this.account.jid,
    };
    const more = { date_time: new Date().toISOString(), server_url: this.platform.url, apikey: null };
    return {
      body: JSON.stringify({ ...body, ...more }),
      headers: { 'x-webhook-secret': 'e2e-evolution-webhook-secret' },
    };
  }

  textMessage(chat: number, number: number, text: string) {
    return {
      key: { remoteJid: `${phoneOf(chat)}@s.whatsapp.net`, fromMe: false, id: `LOAD${chat}N${number}` },
      pushName: `Person ${chat}`,
      status: 'DELIVERY_ACK',
      message: { conversation: text },
      messageType: 'conversation',
      messageTimestamp: seconds(),
      instanceId: this.account.id,
      source: 'android',
    };
  }

  post: Post = (chat, number, text) => this.event('messages.upsert', this.textMessage(chat, number, text));

  follow: FollowReplies = (seen) =>
    this.platform.watch((happening) => {
      if (happening.kind !== 'message' || !happening.entry.byApi) return;
      seen(chatOf(happening.chat.jid.split('@')[0]), happening.entry.text);
    });

  chatId = (chat: number) => `whatsapp:${phoneOf(chat)}`;

  person(
    name: string,
    options: Parameters<EvolutionSimulator['person']>[0] = {},
  ): RailPerson & { itself: ReturnType<EvolutionSimulator['person']> } {
    const itself = this.platform.person({ instance: this.account, name, ...options });
    return {
      itself,
      chatId: itself.phone ? `whatsapp:${itself.phone}` : `whatsapp:lid:${itself.jid.split('@')[0]}`,
      says: (text) => itself.says(text).id,
      reply: async (part) => (await this.platform.waitForReply(itself, part, patienceMs)).text,
      shown: () => itself.chat.entries.filter(({ byApi }) => byApi).map(({ text }) => text),
    };
  }

  close = () => this.platform.close();
}
