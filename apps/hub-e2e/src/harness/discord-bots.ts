import type { SimulatedApplication } from '@omni-hub/simulator';
import type { DiscordRail } from './discord-rail';
import type { RailWorld } from './rail-world';
import { until } from './until';

let bots = 0;

/** A bot with an instance of its own, so that it does not wait for what went wrong with another. */
export class DiscordBot {
  private constructor(
    private readonly world: RailWorld<DiscordRail>,
    readonly application: SimulatedApplication,
    readonly instance: string,
  ) {}

  /** Resolves once it is connected. */
  static async connect(world: RailWorld<DiscordRail>): Promise<DiscordBot> {
    bots++;
    const application = world.rail.bot(String(1_457_469_483_726_669_000n + BigInt(bots)));
    const bot = new DiscordBot(world, application, `bot-${bots}`);
    const config = world.rail.configOf(application);
    await world.operator.post(
      '/api/v1/instances',
      world.instanceOf({ instance: { name: bot.instance }, config }),
    );
    await world.connected(bot.instance);
    return bot;
  }

  /** Its session, connected or not. */
  get session() {
    const [session] = this.world.rail.platform.sessions(this.application);
    return session;
  }

  get identifies() {
    return this.world.rail.platform.gateway.identifies(this.application);
  }

  person(name: string) {
    return this.world.rail.person(name, { application: this.application });
  }

  /** Resolves once another session than this is connected. */
  async isRenewed(former: string): Promise<void> {
    await until('another session is there', () => {
      const { session } = this;
      return session !== undefined && session.id !== former && session.connected;
    });
  }
}
