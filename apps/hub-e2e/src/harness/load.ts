import axios from 'axios';
import { seededRandom } from '@omni-hub/simulator';
import { setTimeout as delay } from 'node:timers/promises';

/** The platform's request that tells one text; the same for the same message, however often it is made. */
export type Post = (
  chat: number,
  number: number,
  text: string,
) => { body: string; headers: Record<string, string> };

export interface LoadOptions {
  /** The webhook's addresses: each post goes to a random one. */
  webhooks: () => string[];
  post: Post;
  chats: readonly number[];
  /** Between two messages of a chat, milliseconds. */
  everyMs: number;
  seed: number;
}

/**
 * People who write all the time: in each chat one message after the other, the next only when the one before was
 * acknowledged with 2xx, and the same one again until it was.
 */
export class Load {
  /** By chat, in the order in which they were acknowledged. */
  readonly acknowledged = new Map<number, string[]>();
  /** Answers that were neither 2xx nor 503, and refused connections not counted: there must be none. */
  readonly unexpected: string[] = [];
  private readonly http = axios.create({ timeout: 5_000, validateStatus: () => true });
  private readonly random: () => number;
  private readonly writing: Promise<void>[];
  private stopping = false;

  constructor(private readonly options: LoadOptions) {
    this.random = seededRandom(options.seed);
    this.writing = options.chats.map((chat) => this.write(chat));
  }

  get count(): number {
    return [...this.acknowledged.values()].reduce((sum, texts) => sum + texts.length, 0);
  }

  /** Resolves when what was begun is acknowledged. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.writing);
  }

  private async write(chat: number): Promise<void> {
    const texts: string[] = [];
    this.acknowledged.set(chat, texts);
    for (let number = 1; !this.stopping; number++) {
      const text = `${chat}/${number}`;
      await this.deliver(this.options.post(chat, number, text));
      texts.push(text);
      await delay(this.options.everyMs * (0.5 + this.random()));
    }
  }

  private async deliver({ body, headers }: ReturnType<Post>): Promise<void> {
    for (;;) {
      const webhooks = this.options.webhooks();
      const url = webhooks[Math.floor(this.random() * webhooks.length)];
      const answer = await this.http
        .post(url, body, { headers: { 'content-type': 'application/json', ...headers } })
        .catch(() => null);
      if (answer && answer.status >= 200 && answer.status < 300) return;
      if (answer && answer.status !== 503)
        this.unexpected.push(`${answer.status} ${JSON.stringify(answer.data)}`);
      await delay(20);
    }
  }
}
