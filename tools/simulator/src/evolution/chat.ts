import type { Contact } from './contact';
import { localPart } from './jids';
import type { StoredMedia } from './media';
import type { MessageKey } from './message-key';
import type { SimulatedInstance } from './instance';
import type { Fields } from './values';

export type DeliveryStatus = 'ERROR' | 'PENDING' | 'SERVER_ACK' | 'DELIVERY_ACK' | 'READ' | 'PLAYED';

/** One message as the chat shows it now, and how it came to that. */
export interface Entry {
  readonly id: string;
  /** As the server keeps it; what webhooks tell may differ by version. */
  readonly key: MessageKey;
  /** What one reads: the text or the caption; an empty text where there is neither. */
  text: string;
  /** The `message` of WhatsApp's protocol. */
  message: Fields;
  /** Who wrote it, as people would say. */
  readonly author: string;
  readonly pushName: string;
  /** True for what was sent through the API, and not from a phone. */
  readonly byApi: boolean;
  /** Epoch seconds. */
  readonly at: number;
  readonly source: string;
  readonly contextInfo: Fields | null;
  /** The id of the message that it answers. */
  readonly quotes: string | null;
  status: DeliveryStatus;
  /** True once the account marked it as read. */
  seen: boolean;
  /** The texts before each edit, oldest first. */
  versions: string[];
  deleted: boolean;
  /** Emojis by the name of who put them. */
  reactions: Map<string, string>;
  /** The chosen options by the name of who voted. */
  votes: Map<string, string[]>;
  media: StoredMedia | null;
}

/** What the account shows to the chat, `composing` for example, and for how long. */
export interface Presence {
  presence: string;
  delayMs: number;
}

/** A conversation of one account, as its people see it. */
export class SimulatedChat {
  readonly entries: Entry[] = [];
  readonly presences: Presence[] = [];
  /** In groups. */
  readonly members: Contact[] = [];
  readonly admins = new Set<Contact>();
  /** Who has written in a group before. */
  readonly introduced = new Set<Contact>();
  /** True once somebody wrote to the account: it may answer even while it is restricted. */
  warm = false;

  constructor(
    readonly instance: SimulatedInstance,
    readonly kind: 'direct' | 'group' | 'status',
    private readonly address: string,
    /** In direct chats. */
    readonly contact: Contact | null,
    /** False when only counts are kept. */
    readonly keeps: boolean,
    public subject = '',
  ) {}

  get jid(): string {
    return this.contact?.jid ?? this.address;
  }

  get title(): string {
    return this.contact?.name ?? (this.subject || localPart(this.address));
  }

  add(entry: Entry): Entry {
    if (!entry.key.fromMe) this.warm = true;
    if (!this.keeps) return entry;
    this.entries.push(entry);
    this.instance.messages.set(entry.id, { chat: this, entry });
    return entry;
  }

  clear(): void {
    for (const { id } of this.entries) this.instance.messages.delete(id);
    this.entries.length = 0;
    this.presences.length = 0;
  }
}
