import {
  startDiscordSimulator,
  type DiscordApplicationOptions,
  type DiscordCall,
  type DiscordPersonOptions,
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  type InDiscordChannel,
  type SimulatedApplication,
} from '@omni-hub/simulator';
import type { RailPerson, Rail } from './rails';

const patienceMs = 20_000;
/** The bot of the recordings. */
const botId = '1457469483726668048';
const tokenEnd = 'GmadeUp.e2e-discord-token';

const tokenOf = (id: string) => `${Buffer.from(id).toString('base64url')}.${tokenEnd}`;

export type DiscordMode = 'gateway' | 'interactions' | 'both';

/** A bot on Discord. */
export class DiscordRail implements Rail {
  readonly name = 'discord';
  readonly channel = 'discord';
  readonly path = '';
  readonly secrets = [tokenEnd];

  private constructor(
    readonly platform: DiscordSimulator,
    readonly application: SimulatedApplication,
    private readonly mode: DiscordMode,
  ) {}

  static async start(
    { mode = 'gateway', ...options }: DiscordSimulatorOptions & { mode?: DiscordMode } = {},
    account: DiscordApplicationOptions = {},
  ): Promise<DiscordRail> {
    const platform = await startDiscordSimulator(options);
    const application = platform.application({
      token: tokenOf(botId),
      name: 'support',
      ...account,
    });
    return new DiscordRail(platform, application, mode);
  }

  get config() {
    return { ...this.configOf(this.application), mode: this.mode };
  }

  /** What an instance needs that is another bot, by the gateway. */
  configOf({ token, id, publicKey }: SimulatedApplication) {
    return { token, applicationId: id, publicKey, mode: 'gateway', apiUrl: this.platform.apiUrl };
  }

  /** A body as Discord posts it; `isForged` is signed for other bytes. */
  sign(body: string | Buffer, isForged = false) {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signed = isForged ? Buffer.from('something else') : Buffer.from(body);
    const signature = this.application.sign(timestamp, signed);
    return { body, headers: { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': signature } };
  }

  /** Another bot. */
  bot(id: string): SimulatedApplication {
    return this.platform.application({ token: tokenOf(id), name: 'support' });
  }

  /** Where no guild is named, they write directly. */
  person(name: string, options: Omit<DiscordPersonOptions, 'name'> = {}) {
    const itself = this.platform.person({ name, ...options });
    const person: RailPerson & { itself: typeof itself } = {
      itself,
      chatId: `discord:${itself.chat.id}`,
      says: (text) => itself.says(text).message.id,
      reply: async (part) => (await this.reply(itself, part)).message.content,
      shown: () => this.shown(itself),
    };
    return person;
  }

  /** The bot's next message in a channel that fits. */
  reply(where: InDiscordChannel, part?: string) {
    return this.platform.waitForReply(where, part, patienceMs);
  }

  /** What the bot shows in a channel now, oldest first. */
  shown(where: InDiscordChannel): string[] {
    const { entries } = 'chat' in where ? where.chat : where;
    return entries.filter(({ byBot, deleted }) => byBot && !deleted).map(({ message }) => message.content);
  }

  /** Calls of one kind about a channel, oldest first. */
  callsIn(where: InDiscordChannel, method: string): DiscordCall[] {
    const { id } = 'chat' in where ? where.chat : where;
    return this.platform.calls(method).filter(({ chat }) => chat === id);
  }

  close = () => this.platform.close();
}
