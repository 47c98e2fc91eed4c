import type { Baseline } from './baseline';
import { BenchHub, type BenchHubOptions } from './bench-hub';
import { drive, during, times, type LoadOptions, type LoadResult } from './load';
import { watchMachine } from './machine-load';
import { median } from './numbers';
import type { BenchOptions } from './options';
import type { Platforms } from './platforms';
import type { Row } from './report';
import { Webhooks } from './webhooks';

export const connections = 50;

export interface Section {
  name: string;
  /** The option that asks for it, where it takes long. */
  onDemand?: 'growth' | 'streams';
  run(bench: Bench): Promise<Row[]>;
}

/** What a round of webhooks came to, from the first one to the last reply. */
export interface Delivered {
  perSecond: number;
  /** The hub's CPU for one message, all its processes and threads, milliseconds. */
  cpuMs: number;
  /** The share of all cores that was used. */
  busy: number;
}

/** What all sections share. */
export class Bench {
  readonly rounds: number;
  readonly seconds: number;
  private readonly webhooks = new Webhooks();

  constructor(
    readonly options: BenchOptions,
    private readonly baseline: Baseline,
  ) {
    this.rounds = options.quick ? 2 : 3;
    this.seconds = options.quick ? 3 : 6;
  }

  say(line: string): void {
    console.log(`  ${line}`);
  }

  startHub(options: BenchHubOptions = {}): Promise<BenchHub> {
    return BenchHub.start({ ...options, profileDir: this.options.profileDir });
  }

  /** Requests a second of the bare handler, one round. */
  async bare(seconds = this.seconds): Promise<number> {
    const next = during(seconds, () => this.webhooks.newChat());
    return (await drive({ ports: [this.baseline.port], connections, next })).perSecond;
  }

  /** Webhooks that the hub takes in one round, each of a new chat. Rejects when one is refused. */
  async acknowledge(hub: BenchHub, seconds = this.seconds) {
    return this.send(
      [hub],
      during(seconds, () => this.webhooks.newChat()),
    );
  }

  /** Sends so many webhooks, each of a new chat, as fast as they are taken, and waits for the last reply. */
  async deliver(hubs: BenchHub[], platforms: Platforms, count: number): Promise<Delivered> {
    return this.timed(hubs, count, async () => {
      const expected = platforms.replies + count;
      await this.send(
        hubs,
        times(count, () => this.webhooks.newChat()),
      );
      await platforms.untilReplies(expected);
    });
  }

  /** Sends messages of a few chats, each chat's in order, and resolves when all were acknowledged. */
  async converse(hubs: BenchHub[], chats: number, count: number): Promise<void> {
    const perConnection = Math.ceil(chats / connections);
    const sent = new Array<number>(connections).fill(0);
    const next = times(count, (connection) => {
      const chat = 1 + connection * perConnection + (sent[connection]++ % perConnection);
      return this.webhooks.message(chat, 'One of many.');
    });
    await this.send(hubs, next);
  }

  /** One webhook of a new chat. */
  webhook(text: string): string {
    return this.webhooks.newChat(text);
  }

  /** The status that one webhook of a new chat gets. */
  async probe(hub: BenchHub): Promise<number> {
    const next = times(1, () => this.webhooks.newChat());
    const { refused } = await drive({ ports: [hub.port], connections: 1, next });
    return Number(Object.keys(refused)[0] ?? 200);
  }

  private async send(hubs: BenchHub[], next: LoadOptions['next']): Promise<LoadResult> {
    const result = await drive({ ports: hubs.map(({ port }) => port), connections, next });
    const refused = Object.entries(result.refused).map(([status, count]) => `${count} × ${status}`);
    if (refused.length > 0) throw new Error(`the hub refused webhooks: ${refused.join(', ')}`);
    return result;
  }

  private async timed(hubs: BenchHub[], count: number, work: () => Promise<void>): Promise<Delivered> {
    const cpu = await totalCpu(hubs);
    const busy = watchMachine();
    const startedAt = performance.now();
    await work();
    const seconds = (performance.now() - startedAt) / 1000;
    const share = busy();
    return {
      perSecond: count / seconds,
      cpuMs: (((await totalCpu(hubs)) - cpu) * 1000) / count,
      busy: share,
    };
  }
}

export function medians(rounds: Delivered[]): Delivered {
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
    busy: median(rounds.map(({ busy }) => busy)),
  };
}

async function totalCpu(hubs: BenchHub[]): Promise<number> {
  const usages = await Promise.all(hubs.map((hub) => hub.usage()));
  return usages.reduce((sum, { cpu }) => sum + cpu, 0);
}
