import {
  startSlackSimulator,
  type SlackApp,
  type SlackChannel,
  type SlackEntry,
  type SlackSimulator,
} from '@omni-hub/simulator';
import type { Rail, RailPerson } from './rails';

const patienceMs = 20_000;

/** An app on Slack. */
export class SlackRail implements Rail {
  readonly name = 'slack';
  readonly channel = 'slack';
  readonly path = '';
  readonly secrets = ['e2e-slack-bot-token', 'e2e-slack-signing-secret'];

  private constructor(
    readonly platform: SlackSimulator,
    readonly app: SlackApp,
  ) {}

  static async start(): Promise<SlackRail> {
    const platform = await startSlackSimulator();
    const app = platform.app({
      name: 'support',
      botToken: 'e2e-slack-bot-token',
      signingSecret: 'e2e-slack-signing-secret',
    });
    return new SlackRail(platform, app);
  }

  get config() {
    return this.platform.configOf(this.app);
  }

  person(name: string) {
    const itself = this.platform.person(this.app, name);
    const person: RailPerson & { itself: typeof itself } = {
      itself,
      chatId: `slack:${itself.direct.id}`,
      says: (text) => eventIdOf(itself.direct, itself.says(text)),
      reply: async (part) => (await this.reply(itself.direct, part)).text,
      shown: () => this.shown(itself.direct),
    };
    return person;
  }

  /** The app's next message in a channel that fits. */
  reply(channel: SlackChannel, part?: string): Promise<SlackEntry> {
    return this.platform.waitForReply(channel, part, patienceMs);
  }

  /** What the app shows in a channel now, oldest first. */
  shown({ entries }: SlackChannel): string[] {
    return entries.filter(({ app, deleted }) => app !== null && !deleted).map(({ text }) => text);
  }

  close = () => this.platform.close();
}

/** How the hub knows a message: by its channel and time, however often and by whichever event it is told. */
export const eventIdOf = ({ id }: SlackChannel, { ts }: SlackEntry): string => `${id}:${ts}`;
