import { createHmac } from 'node:crypto';
import type { Clock } from '../clock';
import {
  type Delivery,
  type Queued,
  type WebhookDialect,
  WebhookSender,
  type WebhookTiming,
} from '../webhook-sender';
import { encode, envelope, type Update } from './envelope';
import type { BusinessNumber } from './number';

/** How updates are put together into one request. */
export interface BatchOptions {
  /** At most so many; 1000 is what the platform documents. */
  max: number;
  /** How long the first one waits for others. */
  waitMs: number;
}

/** One POST to a callback; `updateId` numbers the requests. */
export interface CloudDelivery extends Delivery {
  url: string;
  updates: number;
}

interface WebhookRequest extends Queued {
  number: number;
  from: BusinessNumber;
  body: Buffer;
  signature: string;
  updates: number;
}

const weekMs = 7 * 86_400_000;
const connections = 40;

const dialect: WebhookDialect<WebhookRequest> = {
  number: ({ number }) => number,
  body: ({ body }) => body,
  headers: ({ signature }) => ({ 'x-hub-signature-256': signature, 'user-agent': 'facebookexternalua' }),
  keepsOrder: false,
};

/**
 * The way to one callback: updates are gathered, signed and sent; a request that is not answered with 2xx is sent again, while
 * others go past it. Requests that hold one update only keep the order of their lane until then.
 */
export class WebhookFeed {
  private gathered: Update[] = [];
  private gathering: NodeJS.Timeout | null = null;
  private readonly sender: WebhookSender<WebhookRequest>;

  constructor(
    readonly url: string,
    private readonly secret: string,
    timing: WebhookTiming,
    private readonly batch: BatchOptions,
    private readonly clock: Clock,
    private readonly nextNumber: () => number,
    record: (delivery: CloudDelivery) => void,
    onIdle: () => void,
  ) {
    const told = (delivery: Delivery, { updates }: WebhookRequest) => record({ ...delivery, url, updates });
    this.sender = new WebhookSender({ url, maxConnections: connections }, timing, dialect, told, onIdle);
  }

  get pending(): number {
    return this.gathered.length + this.sender.pending;
  }

  push(update: Update): void {
    if (this.batch.max <= 1) return this.flush([update], update.lane);
    this.gathered.push(update);
    if (this.gathered.length >= this.batch.max) return this.flushGathered();
    this.gathering ??= setTimeout(() => this.flushGathered(), this.batch.waitMs);
  }

  /** Sends these bytes as they are, signed. */
  send(from: BusinessNumber, body: Buffer, lane: string, updates = 1): void {
    const signature = `sha256=${createHmac('sha256', this.secret).update(body).digest('hex')}`;
    const expiresAt = Date.now() + weekMs;
    this.sender.enqueue({ number: this.nextNumber(), from, body, signature, updates, lane, expiresAt });
  }

  /** Takes over what another feed left. */
  resume({ from, body, lane, updates }: WebhookRequest): void {
    this.send(from, body, lane, updates);
  }

  /** Stops, and gives back in order what was not acknowledged. */
  async stop(): Promise<WebhookRequest[]> {
    this.flushGathered();
    return this.sender.stop();
  }

  private flushGathered(): void {
    if (this.gathering) clearTimeout(this.gathering);
    this.gathering = null;
    const updates = this.gathered;
    this.gathered = [];
    if (updates.length > 0) this.flush(updates, 'batches');
  }

  private flush(updates: Update[], lane: string): void {
    const body = encode(envelope(updates, Math.floor(this.clock.now() / 1000)));
    this.send(updates[0].number, body, lane, updates.length);
  }
}
