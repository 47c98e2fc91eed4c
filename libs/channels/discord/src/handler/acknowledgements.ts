import type { DiscordClient } from '../client/discord.client';
import { isSaid } from '../client/failures';
import type { Call } from '../models/api.models';

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const answeredBefore = 40060;
const kept = 1_000;

/** First answers to interactions: each is made once, however often it is asked for; one that failed is made again. */
export class Acknowledgements {
  /** By the path, which names the interaction. */
  private readonly made = new Map<string, Promise<void>>();

  constructor(private readonly client: Pick<DiscordClient, 'call'>) {}

  /** Resolves when Discord knows. Throws SendError. */
  make(call: Call, signal: AbortSignal): Promise<void> {
    const known = this.made.get(call.path);
    if (known) return known;
    const making = this.perform(call, signal);
    this.made.set(call.path, making);
    making.catch(() => this.made.delete(call.path));
    const [oldest] = this.made.keys();
    if (this.made.size > kept) this.made.delete(oldest);
    return making;
  }

  /** Resolves when none is on its way any more. Never rejects. */
  async settled({ path }: Call): Promise<void> {
    await this.made.get(path)?.catch(() => undefined);
  }

  private async perform(call: Call, signal: AbortSignal): Promise<void> {
    await this.client.call(call, signal).catch((error: unknown) => {
      if (!isSaid(error, answeredBefore)) throw error;
    });
  }
}
