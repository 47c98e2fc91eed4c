import { Faults } from '../faults';
import { type HttpServer, type ListenOptions, serve } from '../http';
import { type ExpectedText, fitsText, Replies } from '../replies';
import { signatureOf } from './events';
import { SlackPerson } from './person';
import { answer } from './server';
import { Telling } from './telling';
import { transcript } from './transcript';
import { type SlackApp, type SlackCall, type SlackChannel, type SlackEntry, Workspace } from './workspace';

export type SlackSimulatorOptions = ListenOptions;

const allScopes = [
  'app_mentions:read',
  'channels:history',
  'chat:write',
  'files:read',
  'files:write',
  'im:history',
  'reactions:write',
];

/** A fake Slack: a workspace with apps, people and channels, the Web API, and the Events API that tells apps of it. */
export class SlackSimulator {
  readonly faults = new Faults();
  private readonly workspace = new Workspace();
  private readonly telling = new Telling(this.workspace, () => this.url);
  private readonly replies = new Replies<SlackEntry>();

  private constructor(private readonly server: HttpServer) {}

  static async start(options: SlackSimulatorOptions): Promise<SlackSimulator> {
    const server = await serve((request, response) => {
      const { workspace, telling, faults, url } = simulator;
      answer({ workspace, telling, faults, url }, request, response).catch(() => response.destroy());
    }, options);
    const simulator = new SlackSimulator(server);
    return simulator;
  }

  get url(): string {
    return this.server.url;
  }

  /** The `apiUrl` of an instance. */
  get apiUrl(): string {
    return `${this.url}/api`;
  }

  /** Puts an app into the workspace. */
  app(options: Partial<Pick<SlackApp, 'name' | 'botToken' | 'signingSecret' | 'scopes'>> = {}): SlackApp {
    const { name = 'support', scopes = allScopes } = options;
    const app: SlackApp = {
      id: this.workspace.nextId('A'),
      userId: this.workspace.nextId('U'),
      botId: this.workspace.nextId('B'),
      name,
      botToken: options.botToken ?? `simulated-token-of-${name}`,
      signingSecret: options.signingSecret ?? `simulated-signing-secret-of-${name}`,
      scopes,
      revoked: false,
    };
    this.workspace.apps.set(app.botToken, app);
    this.workspace.names.set(app.userId, name);
    return app;
  }

  /** The settings of an instance that is this app. */
  configOf({ botToken, signingSecret }: SlackApp) {
    return { botToken, signingSecret, apiUrl: this.apiUrl };
  }

  /** Where an app is told of what happens from now on: its Request URL. */
  deliversTo(app: SlackApp, webhookUrl: string): void {
    this.telling.feedOf(app).deliversTo(webhookUrl);
  }

  /** How events are disturbed on their way to an app. */
  inbound(app: SlackApp) {
    return this.telling.feedOf(app).faults;
  }

  /** POSTs to an app's Request URL, oldest first. */
  deliveries(app: SlackApp) {
    return this.telling.feedOf(app).deliveries;
  }

  /** The headers that prove a body to be Slack's. */
  sign(
    app: SlackApp,
    body: string,
    timestamp = String(Math.floor(Date.now() / 1000)),
  ): Record<string, string> {
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signatureOf(app, timestamp, body) };
  }

  person(app: SlackApp, name: string): SlackPerson {
    const id = this.workspace.nextId('U');
    this.workspace.names.set(id, name);
    const direct = this.workspace.direct(id, app.userId);
    return new SlackPerson(this.workspace, this.telling, app, id, name, direct, () => this.url);
  }

  /** A channel of these people, and of the app unless told otherwise. */
  channel(
    name: string,
    members: readonly SlackPerson[],
    { kind = 'channel', apps }: { kind?: 'channel' | 'group' | 'mpim'; apps?: readonly SlackApp[] } = {},
  ): SlackChannel {
    const there = apps ?? [...new Set(members.map(({ app }) => app))];
    return this.workspace.channel(kind, name, [
      ...members.map(({ id }) => id),
      ...there.map(({ userId }) => userId),
    ]);
  }

  /** The first message of an app in the channel that fits and that no earlier call returned, there already or to come. Rejects after `timeoutMs`. */
  waitForReply(
    channel: SlackChannel,
    expected: ExpectedText<SlackEntry> = () => true,
    timeoutMs = 5_000,
  ): Promise<SlackEntry> {
    const source = {
      entries: channel.entries,
      follow: (seen: (entry: SlackEntry) => void) =>
        this.workspace.watch((happening) =>
          happening.channel === channel ? seen(happening.entry) : undefined,
        ),
      transcript: () => this.transcript(channel),
    };
    const fits = (entry: SlackEntry) => entry.app !== null && fitsText(expected, entry, entry.text);
    return this.replies.wait(source, fits, timeoutMs);
  }

  /** The channel as lines of text. */
  transcript(channel: SlackChannel): string[] {
    return transcript(this.workspace, channel);
  }

  /** Calls of the Web API that were carried out or refused, oldest first; of one method where it is named. */
  calls(method?: string): SlackCall[] {
    return this.workspace.calls.list().filter((call) => method === undefined || call.method === method);
  }

  async close(): Promise<void> {
    await this.telling.close();
    await this.server.close();
  }
}

export function startSlackSimulator(options: SlackSimulatorOptions = {}): Promise<SlackSimulator> {
  return SlackSimulator.start(options);
}
