import { randomUUID } from 'node:crypto';
import { Client, type ClientConfig, type Pool } from 'pg';
import type { HintedWork } from '../engine';

/** A notification takes a lock that all commits of the database share: at most one in this time. */
const coalesceMs = 25;
const reconnectMs = 1_000;
const channel = 'omni_hub';
const everything: HintedWork[] = ['turns', 'deliveries'];

/** Tells the other processes on the same database that there may be work, by LISTEN and NOTIFY. */
export class PostgresHints {
  private readonly self = randomUUID();
  private readonly listeners = new Set<(work: HintedWork) => void>();
  private readonly told = new Set<HintedWork>();
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private reconnect: NodeJS.Timeout | null = null;
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
