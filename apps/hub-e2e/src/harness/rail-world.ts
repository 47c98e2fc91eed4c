import type { AgentRequest } from '@omni-hub/contracts';
import { startAgentSimulator, type AgentSimulator, type AgentSimulatorOptions } from '@omni-hub/simulator';
import { Operator, type InstanceStatus, type StoredMessage } from './api';
import { adminKey, Hub, type HubOptions } from './hub';
import { instanceName, type Rail } from './rails';
import { until } from './until';

export interface RailWorldOptions {
  hub?: HubOptions;
  agent?: AgentSimulatorOptions;
  /** Fields of the instance, over its own. */
  instance?: Record<string, unknown>;
  config?: Record<string, unknown>;
}

/** The built hub between a rail and a fake agent, with one instance made through its API. */
export class RailWorld<R extends Rail> {
  readonly operator: Operator;

  private constructor(
    readonly rail: R,
    readonly agent: AgentSimulator,
    readonly hub: Hub,
  ) {
    this.operator = new Operator(hub.api);
  }

  static async create<R extends Rail>(rail: R, options: RailWorldOptions = {}): Promise<RailWorld<R>> {
    const agent = await startAgentSimulator(options.agent);
    const world = new RailWorld(rail, agent, await Hub.start(options.hub));
    await world.operator.post('/api/v1/instances', world.instanceOf(options));
    return world;
  }

  /** Ends everything. Whatever was tested, the hub has printed no secret. */
  async dispose(): Promise<void> {
    await this.hub.dispose();
    await this.rail.close();
    await this.agent.close();
    for (const secret of [...this.rail.secrets, adminKey]) {
      if (this.hub.output.includes(secret)) throw new Error(`the hub printed a secret:\n${this.hub.output}`);
    }
  }

  /** What makes the instance. */
  instanceOf({ instance, config }: Pick<RailWorldOptions, 'instance' | 'config'> = {}) {
    return {
      name: instanceName,
      channel: this.rail.channel,
      config: { ...this.rail.config, ...config },
      agent: { kind: 'http', url: this.agent.url, timeoutMs: 10_000 },
      ...instance,
    };
  }

  get webhookUrl(): string {
    return this.webhookUrlOf(instanceName);
  }

  webhookUrlOf(name: string): string {
    return `${this.hub.url}/webhooks/${this.rail.channel}/${name}${this.rail.path}`;
  }

  /** Posts a request to an instance's webhook, as the platform does; with `below` to an address that goes on. */
  async webhook(
    { body, headers }: { body: string | Buffer; headers: Record<string, string> },
    name = instanceName,
    below = '',
  ) {
    return this.hub.api.post(this.webhookUrlOf(name) + below, body, {
      headers: { 'content-type': 'application/json', 'x-api-key': undefined, ...headers },
      transformRequest: (data: unknown) => data,
    });
  }

  status(name = instanceName): Promise<InstanceStatus> {
    return this.operator.get(`/api/v1/instances/${name}/status`);
  }

  /** Resolves once the instance's own connection is there. */
  connected(name = instanceName): Promise<void> {
    return until('it is connected', async () => (await this.status(name)).transport?.state === 'connected');
  }

  /** Connects the instance; answers its status then. */
  connect(): Promise<InstanceStatus> {
    return this.operator.post(`/api/v1/instances/${instanceName}/connect`);
  }

  /** What the agent was asked about a chat, oldest first; retries included. */
  asked(chatId: string): AgentRequest[] {
    const turns = this.agent.requests().map(({ turn }) => turn as unknown as AgentRequest);
    return turns.filter(({ chat }) => chat.id === chatId);
  }

  lastAsked(chatId: string): AgentRequest {
    const asked = this.asked(chatId);
    if (asked.length === 0) throw new Error(`the agent was asked nothing about ${chatId}`);
    return asked[asked.length - 1];
  }

  /** What became of an event, once it has come to its end, by the platform's own id of it. */
  async traceOf(eventId: string) {
    return this.operator.ended(await this.operator.storedAs(instanceName, eventId));
  }

  /** What became of the last event of a kind in a chat: `reaction`, `edit`, `delete`. */
  async traceOfEvent(chatId: string, type: string) {
    let found: StoredMessage | undefined;
    await until(`the hub has stored a ${type} of ${chatId}`, async () => {
      const chat = await this.operator.chat(chatId);
      const messages = chat ? await this.operator.messages(chat) : [];
      found = messages.findLast((message) => message.direction === 'in' && message.type === type);
      return found !== undefined;
    });
    return this.operator.ended(found!);
  }

  /** Makes the instance send; answers the message's id. */
  async send(to: string, content: object, more: object = {}): Promise<string> {
    const path = `/api/v1/instances/${instanceName}/messages`;
    return (await this.operator.post<{ id: string }>(path, { to, content, ...more })).id;
  }
}
