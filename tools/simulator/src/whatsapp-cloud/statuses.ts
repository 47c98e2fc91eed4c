import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import { type Random, shuffled } from '../random';
import { contactOf } from './contacts';
import type { CloudChat, Entry, Fields } from './chat';
import { detailsOf, titleOf } from './errors';
import type { Webhooks } from './webhooks';

type Progress = 'sent' | 'delivered' | 'read';

/** What becomes of a message that was accepted, as webhooks tell it. */
export interface StatusPlan {
  /** Which statuses come by themselves, in this order: `['delivered', 'sent']` is out of order, `[]` is silence. */
  auto: Progress[];
  /** Before each of them. */
  delayMs: number;
  /** Each of them so many times more. */
  duplicates: number;
  /** In any order, by the simulator's seeded source. */
  shuffled: boolean;
}

/** Why a send fails after it was accepted. */
export interface SendFailure {
  code: number;
  title?: string;
  details?: string;
}

const defaultPlan: StatusPlan = { auto: ['sent', 'delivered'], delayMs: 0, duplicates: 0, shuffled: false };
const rank: Record<string, number> = { accepted: 0, sent: 1, delivered: 2, read: 3, failed: 4 };
const dayMs = 86_400_000;

/** How a message was addressed and what it is, for its statuses. */
export interface SentMessage {
  chat: CloudChat;
  entry: Entry;
  byPhone: boolean;
  /** `service` inside the window; that of the template otherwise. */
  category: string;
}

/** Tells by webhook what becomes of sends. */
export class Statuses {
  private plan: StatusPlan;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly initial: Partial<StatusPlan>,
    private readonly webhooks: Webhooks,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly changed: (chat: CloudChat, entry: Entry) => void,
  ) {
    this.plan = { ...defaultPlan, ...initial };
  }

  get active(): StatusPlan {
    return this.plan;
  }

  /** Changes what is given, for sends from now on. */
  set(plan: Partial<StatusPlan>): void {
    this.plan = { ...this.plan, ...plan };
  }

  clear(): void {
    this.plan = { ...defaultPlan, ...this.initial };
  }

  /** Tells of a send, beginning after its answer has left. Of a reaction the platform says `sent` and no more. */
  follow(sent: SentMessage, failure: SendFailure | null): void {
    const { auto, delayMs, duplicates } = this.plan;
    if (failure) return this.later(delayMs, () => this.fail(sent, failure));
    const steps = sent.entry.type === 'reaction' ? auto.filter((status) => status === 'sent') : auto;
    const order = this.plan.shuffled ? shuffled(steps, this.random) : steps;
    order.forEach((status, index) => {
      this.later(delayMs * (index + 1), () => {
        for (let time = 0; time <= duplicates; time++) this.tell(sent, status);
      });
    });
  }

  tell(sent: SentMessage, status: Progress): void {
    const { chat, entry, category } = sent;
    if (rank[status] > rank[entry.status]) entry.status = status;
    this.changed(chat, entry);
    const now = this.clock.now();
    const isService = category === 'service';
    const conversation = {
      id: conversationId(chat),
      ...(status === 'sent' && { expiration_timestamp: String(Math.floor((now + dayMs) / 1000)) }),
      origin: { type: category },
    };
    const type = isService ? 'free_customer_service' : 'regular';
    const pricing = { billable: !isService, pricing_model: 'PMP', type, category };
    const contacts = chat.isGroup ? [] : [contactOf(chat.contact)];
    this.push(sent, { ...this.base(sent, status), conversation, pricing }, contacts);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private fail(sent: SentMessage, { code, title, details }: SendFailure): void {
    const name = title ?? titleOf(code);
    const error = {
      code,
      title: name,
      message: name,
      error_data: { details: details ?? (title === undefined ? detailsOf(code) : title) },
      href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
    };
    this.push(sent, { ...this.base(sent, 'failed'), errors: [error] }, []);
  }

  /** A failure of what was sent to a number names the number only. */
  private base({ chat, entry, byPhone }: SentMessage, status: string): Fields {
    const { phone, userId, phoneHidden } = chat.contact;
    const tellsUser = status !== 'failed' || !byPhone;
    return {
      id: entry.id,
      status,
      timestamp: String(Math.floor(this.clock.now() / 1000)),
      ...(chat.isGroup && { recipient_type: 'group', recipient_id: userId }),
      ...((byPhone || !phoneHidden) && { recipient_id: phone }),
      ...(tellsUser && !chat.isGroup && { recipient_user_id: userId }),
      ...(entry.callbackData !== null && { biz_opaque_callback_data: entry.callbackData }),
    };
  }

  private push({ chat }: SentMessage, status: Fields, contacts: Fields[]): void {
    const value = { ...(contacts.length > 0 && { contacts }), statuses: [status] };
    const lane = `${chat.lane}:status`;
    this.webhooks.push({ number: chat.number, field: 'messages', value, ofNumber: true, lane });
  }

  private later(ms: number, act: () => void): void {
    const arrived = this.webhooks.announce();
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
      arrived();
    }, ms);
    this.timers.add(timer);
  }
}

const conversationId = ({ number, contact }: CloudChat) =>
  createHash('sha256').update(`${number.id} ${contact.userId}`).digest('hex').slice(0, 30);
