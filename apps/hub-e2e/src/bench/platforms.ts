import {
  startAgentSimulator,
  startTelegramSimulator,
  type AgentScript,
  type AgentSimulator,
  type TelegramSimulator,
} from '@omni-hub/simulator';
import { until } from '../harness/until';

export const botToken = '4242:bench-token';

/** The fake Bot API and the fake agent, both in this process, keeping counts only. */
export class Platforms {
  private constructor(
    readonly telegram: TelegramSimulator,
    readonly agent: AgentSimulator,
  ) {}

  static async start(script: AgentScript = { kind: 'echo' }): Promise<Platforms> {
    const telegram = await startTelegramSimulator({ keep: 'counts' });
    telegram.bot({ token: botToken });
    return new Platforms(telegram, await startAgentSimulator({ keep: 'counts', script }));
  }

  /** Replies that Telegram took so far. */
  get replies(): number {
    const { calls, refused } = this.telegram.counters();
    const failed = Object.values(refused).reduce((sum, count) => sum + count, 0);
    return (calls.sendMessage ?? 0) - failed;
  }

  /** Drafts that Telegram was shown so far: answers that are being written. */
  get drafts(): number {
    return this.telegram.counters().calls.sendMessageDraft ?? 0;
  }

  /** Resolves once so many replies came in all; fails when one came too many. */
  async untilReplies(count: number): Promise<void> {
    await until(`${count} replies are with the platform`, () => this.replies >= count, {
      timeoutMs: 600_000,
      everyMs: 5,
    });
    if (this.replies > count) throw new Error(`${this.replies - count} replies came that nobody asked for`);
  }

  async close(): Promise<void> {
    await Promise.all([this.telegram.close(), this.agent.close()]);
  }
}
