import { phoneKey } from '../phones';
import type { BusinessNumber } from './number';

export type Fields = Record<string, unknown>;

/** Somebody who uses WhatsApp, as one business sees them. */
export interface Contact {
  phone: string;
  /** The business-scoped id. */
  userId: string;
  name: string;
  username: string | null;
  /** They use a username, and the business is not told the number. */
  phoneHidden: boolean;
}

export type EntryStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed' | 'received';

/** One message as the chat shows it now, and how it came to that. */
export interface Entry {
  /** `wamid.…` */
  id: string;
  /** `phone-app` is the business, typing on its phone. */
  by: 'business' | 'person' | 'phone-app';
  /** The name of who wrote it. */
  author: string;
  at: number;
  type: string;
  /** The content as it was sent: `{ text: { body: 'hi' } }`. */
  content: Fields;
  /** What the other reads: the text, the caption, the question above buttons, a filled template. */
  text: string;
  /** The message that it replies to. */
  replyTo: string | null;
  status: EntryStatus;
  /** Why it failed. */
  failure: number | null;
  /** The texts before each edit. */
  versions: string[];
  deleted: boolean;
  /** Emojis by who put them. */
  reactions: Map<string, string>;
  callbackData: string | null;
}

const windowMs = 86_400_000;

/** The conversation of one person with one number, or that of a group in which the number is. */
export class CloudChat {
  readonly entries: Entry[] = [];
  /** `read` and `typing`, as the business made them seen. */
  readonly actions: string[] = [];
  /** When the person last wrote, epoch milliseconds. */
  lastWroteAt: number | null = null;
  /** Updates of a lane leave in order; it stays when the person's ids change. */
  readonly lane: string;
  private readonly byId = new Map<string, Entry>();

  constructor(
    readonly number: BusinessNumber,
    readonly contact: Contact,
    /** False: messages are counted only, and rules that need one are not checked. */
    readonly keeps: boolean,
    /** Then `contact` stands for the group: its id and its subject. */
    readonly isGroup = false,
  ) {
    this.lane = `${number.id}:${contact.userId}`;
  }

  get title(): string {
    return this.contact.name;
  }

  /** Every way to name this chat in a rule. */
  get names(): string[] {
    return [this.contact.phone, this.contact.userId];
  }

  isCalled(name: string): boolean {
    if (name === this.contact.userId) return true;
    return !this.isGroup && phoneKey(name) === phoneKey(this.contact.phone);
  }

  isOpen(now: number): boolean {
    return this.lastWroteAt !== null && now - this.lastWroteAt < windowMs;
  }

  add(entry: Entry): void {
    if (!this.keeps) return;
    this.entries.push(entry);
    this.byId.set(entry.id, entry);
  }

  find(id: string): Entry | undefined {
    return this.byId.get(id);
  }

  clear(): void {
    this.entries.length = 0;
    this.byId.clear();
    this.actions.length = 0;
  }
}
