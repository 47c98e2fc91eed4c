import type { Clock } from '../clock';
import type { InboundFaults } from '../inbound-faults';
import { fastTiming, type WebhookTiming } from '../webhook-sender';
import type { Update } from './envelope';
import type { BusinessAccount, BusinessNumber } from './number';
import { type BatchOptions, type CloudDelivery, WebhookFeed } from './webhook-feed';

export interface WebhookOptions {
  webhook?: Partial<WebhookTiming>;
  batch?: Partial<BatchOptions>;
}

const defaultBatch: BatchOptions = { max: 1, waitMs: 20 };
const platformMost = 1000;

/** Takes updates to the callback of their number: the number's own, else its account's, else the app's. */
export class Webhooks {
  readonly accounts = new Map<string, BusinessAccount>();
  private readonly feeds = new Map<string, WebhookFeed>();
  private readonly timing: WebhookTiming;
  private readonly batch: BatchOptions;
  private idle: (() => void)[] = [];
  /** Updates that wait elsewhere and will come. */
  private announced = 0;
  private lastNumber = 0;

  constructor(
    options: WebhookOptions,
    private readonly clock: Clock,
    private readonly inbound: InboundFaults,
    private readonly record: (delivery: CloudDelivery) => void,
    private readonly dropped: () => void,
  ) {
    this.timing = { ...fastTiming, ...options.webhook };
    const batch = { ...defaultBatch, ...options.batch };
    this.batch = { ...batch, max: Math.min(batch.max, platformMost) };
  }

  get pending(): number {
    return [...this.feeds.values()].reduce((sum, { pending }) => sum + pending, this.announced);
  }

  account(id: string): BusinessAccount {
    const known = this.accounts.get(id) ?? { id, subscribed: true, callback: null };
    this.accounts.set(id, known);
    return known;
  }

  /** Null where nobody wants to hear. */
  callbackOf(number: BusinessNumber): string | null {
    const { subscribed, callback } = this.account(number.wabaId);
    return subscribed ? (number.ownCallback ?? callback ?? number.appCallback) : null;
  }

  push(update: Update): void {
    this.pass((number) => this.feedOf(number)?.push(update), update.number);
  }

  /** Sends a body as it is. */
  send(number: BusinessNumber, body: Buffer): void {
    this.pass(() => this.feedOf(number)?.send(number, body, 'injected'), number);
  }

  /** Announces an update that a timer will bring; the returned function says that it came, or will not. */
  announce(): () => void {
    this.announced++;
    return () => {
      this.announced--;
      this.tellIdle();
    };
  }

  /** Called when callbacks have changed: what waits for one that nobody has any more goes to the new one. */
  async retarget(numbers: readonly BusinessNumber[]): Promise<void> {
    const wanted = new Set(numbers.map((number) => this.keyOf(number)));
    for (const [key, feed] of this.feeds) {
      if (wanted.has(key)) continue;
      this.feeds.delete(key);
      for (const request of await feed.stop()) {
        const next = this.feedOf(request.from);
        if (next) next.resume(request);
        else this.dropped();
      }
    }
    this.tellIdle();
  }

  /** Resolves when everything that was to be told has been acknowledged. */
  async drained(): Promise<void> {
    if (this.pending > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  async close(): Promise<void> {
    await Promise.all([...this.feeds.values()].map((feed) => feed.stop()));
    this.feeds.clear();
  }

  private pass(deliver: (number: BusinessNumber) => void, number: BusinessNumber): void {
    const arrived = this.announce();
    let first = true;
    this.inbound.pass(() => {
      if (this.callbackOf(number)) deliver(number);
      else this.dropped();
      if (first) arrived();
      first = false;
    });
  }

  private keyOf(number: BusinessNumber): string {
    return `${number.appSecret} ${this.callbackOf(number) ?? ''}`;
  }

  private feedOf(number: BusinessNumber): WebhookFeed | null {
    const url = this.callbackOf(number);
    if (!url) return null;
    const key = this.keyOf(number);
    const known = this.feeds.get(key);
    if (known) return known;
    const feed = new WebhookFeed(
      url,
      number.appSecret,
      this.timing,
      this.batch,
      this.clock,
      () => ++this.lastNumber,
      this.record,
      () => this.tellIdle(),
    );
    this.feeds.set(key, feed);
    return feed;
  }

  private tellIdle(): void {
    if (this.pending > 0) return;
    const waiting = this.idle;
    this.idle = [];
    for (const resolve of waiting) resolve();
  }
}
