import { answerControl } from '../control';
import { Faults } from '../faults';
import { type HttpServer, type ListenOptions, serve } from '../http';
import { type ExpectedText, fitsText, Replies } from '../replies';
import { slackControl } from './control';
import { signatureOf } from './events';
import { SlackPerson } from './person';
import { answer } from './server';
import { Telling } from './telling';
import { transcript, transcriptLine } from './transcript';
import {
  type SlackApp,
  type SlackCall,
  type SlackChannel,
  type SlackEntry,
  type SlackHappening,
  Workspace,
} from './workspace';

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
  /** Everybody, in the order in which they came. */
  readonly people: SlackPerson[] = [];
  private readonly workspace = new Workspace();
  private readonly telling = new Telling(this.workspace, () => this.url);
  private readonly replies = new Replies<SlackEntry>();

  private constructor(private readonly server: HttpServer) {}

  static async start(options: SlackSimulatorOptions): Promise<SlackSimulator> {
    const server = await serve((request, response) => {
      const { workspace, telling, faults, url } = simulator;
      if (request.url?.startsWith('/control/')) return void answerControl(control, request, response);
      answer({ workspace, telling, faults, url }, request, response).catch(() => response.destroy());
    }, options);
    const simulator = new SlackSimulator(server);
    const control = slackControl(simulator);
    return simulator;
  }

  get url(): string {
    return this.server.url;
  }

  /** The `apiUrl` of an instance. */
  get apiUrl(): string {
    return `${this.url}/api`;
  }

  get apps(): SlackApp[] {
    return [...this.workspace.apps.values()];
  }

  /** Channels, groups and direct messages. */
  get channels(): SlackChannel[] {
    return [...this.workspace.channels.values()];
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
    const person = new SlackPerson(this.workspace, this.telling, app, id, name, direct, () => this.url);
    this.people.push(person);
    return person;
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

  /** Calls `watcher` with each message that comes or changes and with the line that shows it, until the returned function is called. */
  watch(watcher: (happening: SlackHappening, line: string) => void): () => void {
    return this.workspace.watch((happening) =>
      watcher(happening, transcriptLine(this.workspace, happening.entry)),
    );
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
