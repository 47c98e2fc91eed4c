import { randomUUID } from 'node:crypto';
import { Client, type ClientConfig, type Pool } from 'pg';
import type { HintedWork } from '../engine';

/** A notification takes a lock that all commits of the database share: at most one in this time. */
const coalesceMs = 25;
const reconnectMs = 1_000;
const channel = 'omni_hub';
const everything: HintedWork[] = ['turns', 'deliveries'];

/** Held in its shared form by each process that works, on the connection that listens: the server takes it back when that ends. */
const presence = "hashtext('omni-hub ' || current_schema())";

/** The other processes on the same database: hints to them and from them, by LISTEN and NOTIFY, and whether there are any. */
export class PostgresPeers {
  private readonly self = randomUUID();
  private readonly listeners = new Set<(work: HintedWork) => void>();
  private readonly told = new Set<HintedWork>();
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private reconnect: NodeJS.Timeout | null = null;
  private joined = false;
  private closed = false;

  constructor(
    private readonly pool: Pool,
    private readonly config: ClientConfig,
  ) {}

  on(listener: (work: HintedWork) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(work: HintedWork): void {
    this.told.add(work);
    this.timer ??= setTimeout(() => this.notify(), coalesceMs);
  }

  /** Resolves when hints can come in. When the connection is lost it is made again, and everything is hinted at. */
  async listen(): Promise<void> {
    const client = new Client(this.config);
    client.on('error', () => undefined);
    client.on('end', () => this.listenLater());
    client.on('notification', ({ payload = '' }) => {
      const [sender, ...works] = payload.split(' ');
      if (sender !== this.self) this.emit(works as HintedWork[]);
    });
    this.client = client;
    await client.connect();
    await client.query(`listen ${channel}`);
    if (this.joined) await client.query(`select pg_advisory_lock_shared(${presence})`);
  }

  /** Joins those who work. Where nobody does, `recover` runs before anybody can join. Rejects when it does, or the connection breaks. */
  async join(recover: () => Promise<void>): Promise<void> {
    const ask = async (call: string) =>
      (await this.client!.query<{ done: boolean }>(`select ${call}(${presence}) as done`)).rows[0].done;
    const alone = await ask('pg_try_advisory_lock');
    try {
      if (alone) await recover();
      await ask('pg_advisory_lock_shared');
      this.joined = true;
    } finally {
      if (alone) await ask('pg_advisory_unlock');
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    if (this.reconnect) clearTimeout(this.reconnect);
    await this.client?.end().catch(() => undefined);
  }

  private notify(): void {
    this.timer = null;
    const payload = [this.self, ...this.told].join(' ');
    this.told.clear();
    // A hint that is lost is found by the other processes' polls.
    this.pool.query('select pg_notify($1, $2)', [channel, payload]).catch(() => undefined);
  }

  private listenLater(): void {
    if (this.closed) return;
    this.reconnect = setTimeout(() => {
      this.listen().then(
        () => this.emit(everything),
        () => this.listenLater(),
      );
    }, reconnectMs);
  }

  private emit(works: HintedWork[]): void {
    for (const work of works) for (const listener of this.listeners) listener(work);
  }
}
