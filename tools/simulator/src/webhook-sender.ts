import { Pool } from 'undici';

export interface Queued {
  /** Of one lane, only one is on its way at a time. */
  lane: string;
  /** Epoch milliseconds; what could not be delivered by then is dropped. */
  expiresAt: number;
}

export interface WebhookTarget {
  url: string;
  maxConnections: number;
}

export interface WebhookTiming {
  /** The first retry is immediate, the second after this, then doubling. */
  retryBaseMs: number;
  retryCapMs: number;
  /** How long an answer may take. */
  timeoutMs: number;
}

export const fastTiming: WebhookTiming = { retryBaseMs: 50, retryCapMs: 2000, timeoutMs: 60_000 };

/** One POST to the webhook. */
export interface Delivery {
  /** The platform's number of the update or of the request. */
  updateId: number;
  lane: string;
  /** From 1. */
  attempt: number;
  at: number;
  ms: number;
  /** Null when no answer came. */
  status: number | null;
  error: string | null;
}

export const isAcknowledged = ({ status }: Delivery) => status !== null && status >= 200 && status < 300;

/** How a platform sends what is queued. */
export interface WebhookDialect<Item extends Queued> {
  number(item: Item): number;
  body(item: Item): string | Buffer;
  headers(item: Item): Record<string, string>;
  /** What was not acknowledged holds back the rest of its lane until it is. Otherwise the rest goes on, and it comes late. */
  keepsOrder: boolean;
}

interface Lane<Item> {
  key: string;
  items: Item[];
  failures: number;
  busy: boolean;
  retry: NodeJS.Timeout | null;
}

/**
 * Sends updates to a webhook: lanes in parallel, anything but 2xx again with backoff or after the `Retry-After` of the answer.
 */
export class WebhookSender<Item extends Queued> {
  private readonly lanes = new Map<string, Lane<Item>>();
  private readonly ready = new Set<Lane<Item>>();
  private readonly pool: Pool;
  private readonly path: string;
  private readonly authorization: Record<string, string>;
  private active = 0;
  private lastRetry = 0;
  private stopped = false;
  pending = 0;
  lastError: { at: number; message: string } | null = null;

  constructor(
    readonly target: WebhookTarget,
    private readonly timing: WebhookTiming,
    private readonly dialect: WebhookDialect<Item>,
    private readonly record: (delivery: Delivery, item: Item) => void,
    private readonly onIdle: () => void,
  ) {
    const url = new URL(target.url);
    const { timeoutMs } = timing;
    this.pool = new Pool(url.origin, {
      connections: target.maxConnections,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    this.path = url.pathname + url.search;
    const credentials = Buffer.from(`${url.username}:${url.password}`).toString('base64');
    this.authorization = url.username ? { authorization: `Basic ${credentials}` } : {};
  }

  enqueue(item: Item): void {
    this.pending++;
    this.makeReady(this.append(item.lane, item));
  }

  /** Stops sending and gives back, in order, what was not acknowledged. */
  async stop(): Promise<Item[]> {
    this.stopped = true;
    const left = [...this.lanes.values()].flatMap(({ items, retry }) => {
      if (retry) clearTimeout(retry);
      return items;
    });
    this.lanes.clear();
    this.ready.clear();
    await this.pool.destroy();
    return left.sort((a, b) => this.dialect.number(a) - this.dialect.number(b));
  }

  private append(key: string, item: Item): Lane<Item> {
    const lane = this.lanes.get(key) ?? { key, items: [], failures: 0, busy: false, retry: null };
    this.lanes.set(key, lane);
    lane.items.push(item);
    return lane;
  }

  private makeReady(lane: Lane<Item>): void {
    if (!lane.busy && lane.items.length > 0) this.ready.add(lane);
    for (const next of this.ready) {
      if (this.active >= this.target.maxConnections) return;
      this.ready.delete(next);
      next.busy = true;
      this.active++;
      void this.attempt(next);
    }
  }

  private async attempt(lane: Lane<Item>): Promise<void> {
    const item = lane.items[0];
    const at = Date.now();
    const { status, retryAfter, error } = await this.post(item);
    if (this.stopped) return;
    this.active--;
    const attempt = lane.failures + 1;
    const updateId = this.dialect.number(item);
    const delivery = { updateId, lane: item.lane, attempt, at, ms: Date.now() - at, status, error };
    this.record(delivery, item);
    if (isAcknowledged(delivery)) return this.advance(lane);
    this.lastError = { at, message: error ?? `Wrong response from the webhook: ${status}` };
    if (Date.now() >= item.expiresAt) return this.advance(lane);
    this.retryLater(this.dialect.keepsOrder ? lane : this.setAside(lane), attempt, retryAfter);
    this.makeReady(lane);
  }

  private async post(item: Item) {
    try {
      const { statusCode, headers, body } = await this.pool.request({
        path: this.path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'accept-encoding': 'gzip, deflate',
          ...this.authorization,
          ...this.dialect.headers(item),
        },
        body: this.dialect.body(item),
      });
      await body.dump();
      const asked = Number(headers['retry-after']);
      return { status: statusCode, retryAfter: Number.isFinite(asked) ? asked : null, error: null };
    } catch (error) {
      return { status: null, retryAfter: null, error: (error as Error).message };
    }
  }

  private delay(failures: number, retryAfter: number | null): number {
    if (retryAfter !== null) return Math.min(Math.max(retryAfter, 0), 3600) * 1000;
    if (failures === 1) return 0;
    return Math.min(this.timing.retryBaseMs * 2 ** (failures - 2), this.timing.retryCapMs);
  }

  private retryLater(lane: Lane<Item>, failures: number, retryAfter: number | null): void {
    lane.failures = failures;
    lane.busy = true;
    lane.retry = setTimeout(
      () => {
        lane.retry = null;
        lane.busy = false;
        this.makeReady(lane);
      },
      this.delay(failures, retryAfter),
    );
  }

  /** Gives the head of a lane one of its own, so that the others go on. */
  private setAside(lane: Lane<Item>): Lane<Item> {
    if (lane.key !== lane.items[0].lane) return lane;
    const [item] = lane.items.splice(0, 1);
    lane.failures = 0;
    lane.busy = false;
    this.forgetEmpty(lane);
    return this.append(`${lane.key} again ${++this.lastRetry}`, item);
  }

  private advance(lane: Lane<Item>): void {
    lane.items.shift();
    lane.failures = 0;
    lane.busy = false;
    this.pending--;
    this.forgetEmpty(lane);
    this.makeReady(lane);
    if (this.pending === 0) this.onIdle();
  }

  private forgetEmpty(lane: Lane<Item>): void {
    if (lane.items.length === 0) this.lanes.delete(lane.key);
  }
}
