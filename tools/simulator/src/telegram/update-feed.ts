import type { Update } from '@grammyjs/types';
import type { InboundFaults } from '../inbound-faults';
import { type ApiError, conflict } from './errors';
import {
  type Delivery,
  type Queued,
  type WebhookDialect,
  WebhookSender,
  type WebhookTarget,
  type WebhookTiming,
} from '../webhook-sender';

export type UpdateKind = Exclude<keyof Update, 'update_id'>;

/** Not sent unless they are asked for by name. */
const onRequest: readonly string[] = ['chat_member', 'message_reaction', 'message_reaction_count'];
const dayMs = 86_400_000;
const callbackLifeMs = 150_000;
/** The Bot API server's own limit, seconds. */
const longestPoll = 50;

interface QueuedUpdate extends Queued {
  update: Update;
}

export interface UpdateTarget extends WebhookTarget {
  secretToken: string | null;
}

interface Poller {
  limit: number;
  resolve: (updates: Update[]) => void;
  reject: (reason: ApiError) => void;
  timer: NodeJS.Timeout;
}

/** The updates of one bot on their way out: by webhook, or kept until `getUpdates` takes them. Never both. */
export class UpdateFeed {
  private kept: QueuedUpdate[] = [];
  private poller: Poller | null = null;
  private sender: WebhookSender<QueuedUpdate> | null = null;
  private target: UpdateTarget | null = null;
  private idle: (() => void)[] = [];
  private allowed: readonly string[] = [];

  constructor(
    private nextUpdateId: number,
    private readonly timing: WebhookTiming,
    private readonly faults: InboundFaults,
    private readonly record: (delivery: Delivery) => void,
  ) {}

  /** Numbers and queues an update, if the bot wants its kind. */
  push(kind: UpdateKind, payload: unknown, lane: string): void {
    const wanted = this.allowed.length > 0 ? this.allowed.includes(kind) : !onRequest.includes(kind);
    if (wanted) this.inject({ [kind]: payload }, lane);
  }

  /** Queues an update as it is, wanted or not; numbers it when it has no id. */
  inject(given: Omit<Update, 'update_id'> & { update_id?: number }, lane: string): void {
    const update: Update = { ...given, update_id: given.update_id ?? this.nextUpdateId };
    this.nextUpdateId = Math.max(this.nextUpdateId, update.update_id + 1);
    const expiresAt = Date.now() + (update.callback_query ? callbackLifeMs : dayMs);
    const item = { update, lane, expiresAt };
    if (this.sender) this.faults.pass(() => this.route(item));
    else this.route(item);
  }

  /** What `getUpdates` answers. A poll that waits is ended with 409 by the next one and by a webhook. */
  poll(
    offset: number,
    limit: number,
    timeout: number,
    allowed?: readonly string[],
  ): Update[] | Promise<Update[]> {
    if (this.sender) {
      throw conflict(
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    this.endPoll('terminated by other getUpdates request; make sure that only one bot instance is running');
    if (allowed) this.allowed = allowed;
    this.confirm(offset);
    if (this.kept.length > 0 || timeout <= 0) return this.take(limit);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.answerPoll(), Math.min(timeout, longestPoll) * 1000);
      this.poller = { limit, resolve, reject, timer };
    });
  }

  async setWebhook(
    target: UpdateTarget | null,
    dropPending: boolean,
    allowed?: readonly string[],
  ): Promise<void> {
    if (target) this.endPoll('terminated by setWebhook request');
    if (allowed) this.allowed = allowed;
    const before = this.sender;
    this.sender = null;
    this.target = target;
    const left = before ? await before.stop() : [];
    const waiting = dropPending ? [] : [...left, ...this.kept];
    this.kept = [];
    if (target) {
      this.sender = new WebhookSender(target, this.timing, dialect(target), this.record, () =>
        this.tellIdle(),
      );
    }
    for (const item of waiting) this.route(item);
  }

  get webhook(): UpdateTarget | null {
    return this.target;
  }

  /** As `getWebhookInfo` tells it. */
  info() {
    const error = this.sender?.lastError;
    return {
      url: this.webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: this.pending,
      ...(this.webhook && { max_connections: this.webhook.maxConnections }),
      ...(error && { last_error_date: Math.floor(error.at / 1000), last_error_message: error.message }),
      ...(this.allowed.length > 0 && { allowed_updates: this.allowed }),
    };
  }

  get pending(): number {
    return this.kept.length + (this.sender?.pending ?? 0);
  }

  /** Resolves when everything that was queued has been acknowledged. */
  async drained(): Promise<void> {
    if (this.pending > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  async close(): Promise<void> {
    this.endPoll('terminated by close request');
    await this.sender?.stop();
    this.sender = null;
    this.target = null;
  }

  private route(item: QueuedUpdate): void {
    if (this.sender) return this.sender.enqueue(item);
    this.kept.push(item);
    this.answerPoll();
  }

  private confirm(offset: number): void {
    if (offset < 0) this.kept = this.kept.slice(offset);
    if (offset > 0) this.kept = this.kept.filter(({ update }) => update.update_id >= offset);
    const now = Date.now();
    this.kept = this.kept.filter(({ expiresAt }) => expiresAt > now);
    if (this.kept.length === 0) this.tellIdle();
  }

  private take(limit: number): Update[] {
    return this.kept.slice(0, limit).map(({ update }) => update);
  }

  private answerPoll(): void {
    const poller = this.poller;
    if (!poller) return;
    this.poller = null;
    clearTimeout(poller.timer);
    poller.resolve(this.take(poller.limit));
  }

  private endPoll(why: string): void {
    const poller = this.poller;
    if (!poller) return;
    this.poller = null;
    clearTimeout(poller.timer);
    poller.reject(conflict(why));
  }

  private tellIdle(): void {
    const waiting = this.idle;
    this.idle = [];
    for (const resolve of waiting) resolve();
  }
}

/** As the Bot API server does it (WebhookActor.cpp of tdlib/telegram-bot-api): one update in each POST, those of a lane in order. */
function dialect({ secretToken }: UpdateTarget): WebhookDialect<QueuedUpdate> {
  const headers: Record<string, string> = secretToken
    ? { 'x-telegram-bot-api-secret-token': secretToken }
    : {};
  return {
    number: ({ update }) => update.update_id,
    body: ({ update }) => JSON.stringify(update),
    headers: () => headers,
    keepsOrder: true,
  };
}
