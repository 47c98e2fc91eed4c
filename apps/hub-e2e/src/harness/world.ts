import type { AgentRequest } from '@omni-hub/contracts';
import {
  startAgentSimulator,
  startTelegramSimulator,
  type AgentSimulator,
  type AgentSimulatorOptions,
  type Expected,
  type InChat,
  type Person,
  type PersonOptions,
  type SimulatedBot,
  type TelegramSimulator,
  type TelegramSimulatorOptions,
} from '@omni-hub/simulator';
import { Operator, type StoredMessage, type Trace } from './api';
import { adminKey, Hub, type HubOptions } from './hub';
import { until } from './until';

export const botToken = '4242:e2e-bot-token';
export const webhookSecret = 'e2e-webhook-secret';
export const instanceName = 'support-bot';
const patienceMs = 20_000;

/** A message of the simulator, as far as it has to be found again in the hub. */
interface Said {
  chat: { id: number };
  message_id: number;
}

export interface WorldOptions {
  hub?: HubOptions;
  telegram?: TelegramSimulatorOptions;
  agent?: AgentSimulatorOptions;
  /** Fields of the instance, over those of `instanceOf`. */
  instance?: Record<string, unknown>;
  config?: Record<string, unknown>;
}

/** The built hub between a fake Telegram and a fake agent, with one instance made through its API. */
export class World {
  readonly bot: SimulatedBot;
  readonly operator: Operator;

  private constructor(
    readonly telegram: TelegramSimulator,
    readonly agent: AgentSimulator,
    readonly hub: Hub,
  ) {
    this.bot = telegram.bot({ token: botToken, username: 'support_bot' });
    this.operator = new Operator(hub.api);
  }

  static async create(options: WorldOptions = {}): Promise<World> {
    const telegram = await startTelegramSimulator(options.telegram);
    const agent = await startAgentSimulator(options.agent);
    const hub = await Hub.start(options.hub);
    const world = new World(telegram, agent, hub);
    await world.operator.post('/api/v1/instances', world.instanceOf(options));
    return world;
  }

  /** Ends everything. Whatever was tested, the hub has printed no secret. */
  async dispose(): Promise<void> {
    await this.hub.dispose();
    await this.telegram.close();
    await this.agent.close();
    for (const secret of [botToken.split(':')[1], webhookSecret, adminKey]) {
      if (this.hub.output.includes(secret)) throw new Error(`the hub printed a secret:\n${this.hub.output}`);
    }
  }

  /** What makes the instance. */
  instanceOf({ instance, config }: Pick<WorldOptions, 'instance' | 'config'> = {}): Record<string, unknown> {
    return {
      name: instanceName,
      channel: 'telegram',
      config: {
        token: botToken,
        webhookSecret,
        apiUrl: this.telegram.url,
        messagesPerSecond: 1_000,
        ...config,
      },
      agent: { kind: 'http', url: this.agent.url, timeoutMs: 10_000 },
      ...instance,
    };
  }

  person(options?: PersonOptions): Person {
    return this.telegram.person({ bot: this.bot, ...options });
  }

  /** The bot's next message in a chat that fits. */
  reply(where: InChat, expected?: Expected) {
    return this.telegram.waitForReply(where, expected, patienceMs);
  }

  /** What an agent of kind `http` was asked about a chat, oldest first; retries included. */
  asked(where: InChat): AgentRequest[] {
    const id = 'chat' in where ? where.chat.id : where.id;
    const address = `telegram:${id}`;
    return this.agent
      .requests()
      .filter(({ protocol }) => protocol === 'http')
      .map(({ turn }) => turn as unknown as AgentRequest)
      .filter(({ chat }) => chat.id === address || chat.id.startsWith(`${address}:`));
  }

  /** The last request about a chat. */
  lastAsked(where: InChat): AgentRequest {
    const asked = this.asked(where);
    if (asked.length === 0) throw new Error('the agent was asked nothing about this chat');
    return asked[asked.length - 1];
  }

  /** Posts a body to the instance's webhook as Telegram does. */
  async webhook(body: string | Buffer | object, secret: string | null = webhookSecret, path?: string) {
    const raw = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    return this.hub.api.post(path ?? `/webhooks/telegram/${instanceName}`, raw, {
      headers: {
        'content-type': 'application/json',
        'x-api-key': undefined,
        ...(secret === null ? {} : { 'x-telegram-bot-api-secret-token': secret }),
      },
      transformRequest: (data: unknown) => data,
    });
  }

  /** The stored form of what somebody said, once it is there. */
  stored(said: Said, topic?: number): Promise<StoredMessage> {
    const id = `telegram:${said.chat.id}:${said.message_id}`;
    const place =
      topic === undefined ? `telegram:${said.chat.id}` : `telegram:${said.chat.id}:topic:${topic}`;
    return this.find(place, ({ type, content }) => type === 'message' && content.message?.id === id);
  }

  /** The last stored event of a kind in a chat, once there is one: `reaction`, `membership`, `edit`. */
  storedEvent(chatId: number, type: string): Promise<StoredMessage> {
    return this.find(`telegram:${chatId}`, (message) => message.direction === 'in' && message.type === type);
  }

  /** What became of a stored message, once it has come to its end. */
  ended(message: { id: string }): Promise<Trace> {
    return this.operator.ended(message);
  }

  async traceOf(said: Said, topic?: number): Promise<Trace> {
    return this.ended(await this.stored(said, topic));
  }

  async traceOfEvent(chatId: number, type: string): Promise<Trace> {
    return this.ended(await this.storedEvent(chatId, type));
  }

  private async find(chatId: string, fits: (message: StoredMessage) => boolean): Promise<StoredMessage> {
    let found: StoredMessage | undefined;
    await until(`the hub has stored the message of ${chatId}`, async () => {
      const chat = await this.operator.chat(chatId);
      found = chat && (await this.operator.messages(chat)).findLast(fits);
      return found !== undefined;
    });
    return found!;
  }
}

/** An update as Telegram sends it, of a person who writes to the bot. */
export function textUpdate(updateId: number, chatId: number, messageId: number, text: string) {
  const from = { id: chatId, is_bot: false, first_name: `Person ${chatId}` };
  const chat = { id: chatId, type: 'private', first_name: from.first_name };
  const date = Math.floor(Date.now() / 1000);
  return { update_id: updateId, message: { message_id: messageId, from, chat, date, text } };
}
