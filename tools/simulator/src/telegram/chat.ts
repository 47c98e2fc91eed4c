import type { Chat, Message, MessageEntity, User } from '@grammyjs/types';
import type { SimulatedBot } from './bot';

export type Fields = Record<string, unknown>;

/** One message as the chat shows it now, and how it came to that. */
export interface Entry {
  message: Message;
  /** True for what a bot of the simulator sent. */
  byBot: boolean;
  /** The contents before each edit, oldest first. */
  versions: Message[];
  deleted: boolean;
  /** Emojis by the name of who put them. */
  reactions: Map<string, string[]>;
}

export interface Draft {
  draftId: number;
  text: string;
  entities: MessageEntity[];
}

/** A conversation: messages in order, numbered within the chat, as its people see it. */
export class SimulatedChat {
  readonly entries: Entry[] = [];
  /** The bots that hear what is said here. */
  readonly bots = new Set<SimulatedBot>();
  readonly members = new Map<number, User>();
  readonly topics = new Map<number, string>();
  readonly drafts: Draft[] = [];
  readonly actions: string[] = [];
  /** Why a bot, by its id, may not write here: the rest of the 403's description. */
  readonly barred = new Map<number, string>();
  movedTo: number | null = null;
  private readonly byId = new Map<number, Entry>();
  private lastMessageId = 0;

  constructor(
    readonly info: Chat,
    /** False when only counts are kept: then no message can be looked up, and nothing that needs one is refused. */
    readonly keeps: boolean,
    private readonly numbering: () => number = () => ++this.lastMessageId,
  ) {}

  get id(): number {
    return this.info.id;
  }

  get isGroup(): boolean {
    return this.info.type === 'group' || this.info.type === 'supergroup';
  }

  get title(): string {
    return this.info.title ?? this.info.first_name ?? String(this.info.id);
  }

  nextMessageId(): number {
    return this.numbering();
  }

  add(message: Message, byBot: boolean): Entry {
    const entry: Entry = { message, byBot, versions: [], deleted: false, reactions: new Map() };
    if (!this.keeps) return entry;
    this.entries.push(entry);
    this.byId.set(message.message_id, entry);
    this.lastMessageId = Math.max(this.lastMessageId, message.message_id);
    return entry;
  }

  /** The message that is there now; a deleted one is not. */
  find(messageId: number): Entry | undefined {
    const entry = this.byId.get(messageId);
    return entry?.deleted ? undefined : entry;
  }

  clear(): void {
    this.entries.length = 0;
    this.byId.clear();
    this.drafts.length = 0;
    this.actions.length = 0;
  }
}
