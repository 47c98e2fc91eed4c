import type { Update } from '@grammyjs/types';
import { Pool } from 'undici';

export interface QueuedUpdate {
  update: Update;
  /** Updates of one lane are sent one after the other. */
  lane: string;
  /** Epoch milliseconds; an update that could not be delivered by then is dropped. */
  expiresAt: number;
}

export interface WebhookTarget {
  url: string;
  secretToken: string | null;
  maxConnections: number;
}

export interface WebhookTiming {
  /** The first retry is immediate, the second after this, then doubling. */
  retryBaseMs: number;
  retryCapMs: number;
  /** How long an answer may take. */
  timeoutMs: number;
}

/** One POST to the webhook. */
export interface Delivery {
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

interface Lane {
  key: string;
  items: QueuedUpdate[];
  failures: number;
  busy: boolean;
  retry: NodeJS.Timeout | null;
}

/**
 * Sends updates as the Bot API server does (WebhookActor.cpp of tdlib/telegram-bot-api): one in each POST, the next of a
 * lane only after the one before was acknowledged, lanes in parallel, anything but 2xx sent again with backoff or after
 * the `Retry-After` of the answer.
 */
export class WebhookSender {
  private readonly lanes = new Map<string, Lane>();
  private readonly ready = new Set<Lane>();
  private readonly pool: Pool;
  private readonly path: string;
  private readonly headers: Record<string, string>;
  private active = 0;
  private stopped = false;
  pending = 0;
  lastError: { at: number; message: string } | null = null;

  constructor(
    readonly target: WebhookTarget,
    private readonly timing: WebhookTiming,
    private readonly record: (delivery: Delivery) => void,
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
    this.headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip, deflate' };
    if (target.secretToken) this.headers['x-telegram-bot-api-secret-token'] = target.secretToken;
    if (url.username) {
      this.headers.authorization = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`;
    }
  }

  enqueue(item: QueuedUpdate): void {
    let lane = this.lanes.get(item.lane);
    if (!lane) {
      lane = { key: item.lane, items: [], failures: 0, busy: false, retry: null };
      this.lanes.set(item.lane, lane);
    }
    lane.items.push(item);
    this.pending++;
    this.makeReady(lane);
  }

  /** Stops sending and gives back, in order, what was not acknowledged. */
  async stop(): Promise<QueuedUpdate[]> {
    this.stopped = true;
    const left = [...this.lanes.values()].flatMap(({ items, retry }) => {
      if (retry) clearTimeout(retry);
      return items;
    });
    this.lanes.clear();
    this.ready.clear();
    await this.pool.destroy();
    return left.sort((a, b) => a.update.update_id - b.update.update_id);
  }

  private makeReady(lane: Lane): void {
    if (!lane.busy && lane.items.length > 0) this.ready.add(lane);
    for (const next of this.ready) {
      if (this.active >= this.target.maxConnections) return;
      this.ready.delete(next);
      next.busy = true;
      this.active++;
      void this.attempt(next);
    }
  }

  private async attempt(lane: Lane): Promise<void> {
    const item = lane.items[0];
    const at = Date.now();
    const { status, retryAfter, error } = await this.post(item.update);
    if (this.stopped) return;
    this.active--;
    const attempt = lane.failures + 1;
    this.record({
      updateId: item.update.update_id,
      lane: lane.key,
      attempt,
      at,
      ms: Date.now() - at,
      status,
      error,
    });
    if (status !== null && status >= 200 && status < 300) return this.advance(lane);
    this.lastError = { at, message: error ?? `Wrong response from the webhook: ${status}` };
    if (Date.now() >= item.expiresAt) return this.advance(lane);
    lane.failures = attempt;
    lane.retry = setTimeout(() => this.again(lane), this.delay(attempt, retryAfter));
    this.makeReady(lane);
  }

  private async post(update: Update) {
    try {
      const { statusCode, headers, body } = await this.pool.request({
        path: this.path,
        method: 'POST',
        headers: this.headers,
        body: JSON.stringify(update),
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

  private again(lane: Lane): void {
    lane.retry = null;
    lane.busy = false;
    this.makeReady(lane);
  }

  private advance(lane: Lane): void {
    lane.items.shift();
    lane.failures = 0;
    lane.busy = false;
    this.pending--;
    if (lane.items.length === 0) this.lanes.delete(lane.key);
    this.makeReady(lane);
    if (this.pending === 0) this.onIdle();
  }
}
