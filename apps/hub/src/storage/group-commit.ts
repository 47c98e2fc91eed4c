import { DataError } from './errors';

/** Too much waits for the database: the caller should come again later. Nothing of the item was stored. */
export class OverloadedError extends Error {
  constructor() {
    super('too much waits for the database');
    this.name = 'OverloadedError';
  }
}

export interface GroupCommitOptions<Item, Result> {
  /** Commits a batch, all or nothing; answers in the batch's order. DataError means that one of its items is at fault. */
  flush(batch: Item[]): Promise<Result[]>;
  maxRows?: number;
  maxBytes?: number;
  /** How much may wait, in items and in the bytes that callers state. */
  maxPending?: number;
  maxPendingBytes?: number;
}

interface Entry<Item, Result> {
  item: Item;
  bytes: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Commits what many callers bring at the same time in one transaction, without a timer: whatever came while a flush ran
 * is the next flush. One flush at a time, so that items are committed in the order in which they came. Under low load an
 * item waits for nobody; under high load batches grow by themselves.
 */
export class GroupCommit<Item, Result> {
  private waiting: Entry<Item, Result>[] = [];
  private waitingBytes = 0;
  /** From the moment that a flush is planned until it has ended. */
  private flushing = false;
  private idle: (() => void)[] = [];
  private readonly options: Required<GroupCommitOptions<Item, Result>>;

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.options = {
      maxRows: 200,
      maxBytes: 1_000_000,
      maxPending: 10_000,
      maxPendingBytes: 64_000_000,
      ...options,
    };
  }

  get pending(): number {
    return this.waiting.length;
  }

  /** Resolves once the item is committed. Rejects with OverloadedError, DataError or the database's failure. */
  add(item: Item, bytes = 0): Promise<Result> {
    const { maxPending, maxPendingBytes } = this.options;
    if (this.waiting.length >= maxPending || this.waitingBytes + bytes > maxPendingBytes) {
      return Promise.reject(new OverloadedError());
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, bytes, resolve, reject });
      this.waitingBytes += bytes;
      this.schedule();
    });
  }

  /** Resolves when nothing waits and nothing is being flushed. */
  async drained(): Promise<void> {
    if (this.flushing) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Between two flushes the event loop turns once, so that answers leave and requests come in. */
  private schedule(): void {
    if (this.flushing) return;
    this.flushing = true;
    setImmediate(() => void this.flush());
  }

  private async flush(): Promise<void> {
    await this.commit(this.takeBatch());
    this.flushing = false;
    if (this.waiting.length > 0) this.schedule();
    else for (const resolve of this.idle.splice(0)) resolve();
  }

  private takeBatch(): Entry<Item, Result>[] {
    let rows = 0;
    let bytes = 0;
    for (const entry of this.waiting) {
      if (rows === this.options.maxRows || (rows > 0 && bytes + entry.bytes > this.options.maxBytes)) break;
      rows++;
      bytes += entry.bytes;
    }
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, rows);
  }

  /** A batch with a bad item is halved until the bad one stands alone; all others are committed. Never rejects. */
  private async commit(batch: Entry<Item, Result>[]): Promise<void> {
    try {
      const results = await this.options.flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (!(error instanceof DataError) || batch.length === 1) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const half = batch.length >> 1;
      await this.commit(batch.slice(0, half));
      await this.commit(batch.slice(half));
    }
  }
}
