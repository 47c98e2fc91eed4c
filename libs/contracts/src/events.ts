import type { ChatId, ContactId, MessageId } from './ids';

/** Where something happened. A topic or thread is a chat of its own: the chat is the lane in which order is kept. */
export interface ChatRef {
  id: ChatId;
  kind: 'direct' | 'group' | 'thread';
  title: string | null;
  /** Other ids that the platform names the same chat by. The hub files all of them under the one that it knew first. */
  aliases?: ChatId[];
  /** Where an answer goes as the platform last had it, where that is another id than `id`. */
  address?: ChatId;
}

/** Who did it, as one instance sees them. Any field but the id may be unknown. */
export interface ContactRef {
  id: ContactId;
  name: string | null;
  username: string | null;
  phone: string | null;
  locale: string | null;
  isBot: boolean;
  /** Other ids that the platform names the same sender by; used as those of a chat. */
  aliases?: ContactId[];
}

/** A styled or meaningful range of a text. `offset` and `length` count UTF-16 code units (JavaScript string indices). */
export interface TextEntity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
  contactId?: ContactId;
}

/** Someone the message points at. Whether that matters is the hub's decision; `isSelf` is the channel's fact. */
export interface Mention {
  contactId: ContactId | null;
  username: string | null;
  isSelf: boolean;
}

export type MediaKind = 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';

/** A file at the platform, not fetched. `ref` is all that the channel's `fetchMedia` needs; it is opaque and survives JSON. */
export interface MediaAttachment {
  kind: MediaKind;
  ref: string;
  mimeType: string | null;
  size: number | null;
  filename: string | null;
  durationMs?: number;
  width?: number;
  height?: number;
  /** A sticker's emoji. */
  emoji?: string;
}

export interface LocationAttachment {
  kind: 'location';
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
  /** True while the sender keeps sharing it. */
  live?: boolean;
}

export interface ContactAttachment {
  kind: 'contact';
  name: string;
  phones: string[];
  vcard?: string;
}

export interface PollAttachment {
  kind: 'poll';
  question: string;
  options: string[];
  multiple: boolean;
}

/** What has no shape of its own yet: dice, games, orders, checklists. `data` is a small, readable extract, never the raw payload. */
export interface OtherAttachment {
  kind: 'other';
  what: string;
  data: Record<string, string | number | boolean>;
}

export type Attachment =
  | MediaAttachment
  | LocationAttachment
  | ContactAttachment
  | PollAttachment
  | OtherAttachment;

export interface ReplyContext {
  id: MessageId;
  text: string | null;
  fromMe: boolean;
}

/** The content of one message that a person wrote. */
export interface IncomingMessage {
  id: MessageId;
  /** The text or caption without any markup; its styles are in `entities`. Empty when there is none. */
  text: string;
  entities: TextEntity[];
  attachments: Attachment[];
  mentions: Mention[];
  replyTo: ReplyContext | null;
  /** Who wrote it first, when it was forwarded. */
  forwardedFrom: string | null;
  /** Messages of one album share this; the platform sends them one by one. */
  albumId: string | null;
  /** Sent by the account itself, from a phone or by another program. Never starts a turn. */
  fromMe: boolean;
}

interface EventBase {
  /** Unique for one instance and the same at every redelivery: the key of deduplication. */
  eventId: string;
  /** When it happened by the platform's clock, epoch milliseconds. */
  at: number;
  /** The platform's own name of the event, for the operator. */
  rawKind: string;
}

export interface MessageReceived extends EventBase {
  type: 'message';
  chat: ChatRef;
  sender: ContactRef;
  message: IncomingMessage;
}

export interface MessageEdited extends EventBase {
  type: 'edit';
  chat: ChatRef;
  sender: ContactRef;
  message: IncomingMessage;
}

export interface MessageDeleted extends EventBase {
  type: 'delete';
  chat: ChatRef;
  messageIds: MessageId[];
}

export interface ReactionChanged extends EventBase {
  type: 'reaction';
  chat: ChatRef;
  sender: ContactRef | null;
  messageId: MessageId;
  added: string[];
  removed: string[];
}

/** A button, list row, command menu or form was used. */
export interface ActionChosen extends EventBase {
  type: 'action';
  chat: ChatRef;
  sender: ContactRef;
  /** The id that was given to the button when it was sent. */
  actionId: string;
  label: string | null;
  messageId: MessageId | null;
  /** What `acknowledge` needs to tell the platform that the press was seen; null where nothing is owed. */
  ackRef: string | null;
}

export interface DeliveryUpdated extends EventBase {
  type: 'delivery';
  messageId: MessageId;
  status: 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';
  /** Only on `failed`: a code of the closed list of errors. */
  errorCode: string | null;
  /** Only on `failed`: the platform's reason, and what to do. */
  detail: string | null;
  /** The hub's own id of the delivery, where the platform tells it back. */
  deliveryId: string | null;
  /** Only on `failed`: true where it shows that the account may begin no conversations for now. */
  restricted: boolean;
}

export interface MembershipChanged extends EventBase {
  type: 'membership';
  chat: ChatRef;
  sender: ContactRef | null;
  change: 'joined' | 'left' | 'blocked' | 'unblocked' | 'promoted' | 'restricted';
  /** True when it is the account itself that joined or left. */
  self: boolean;
  members: ContactRef[];
}

/** The chat itself changed. `movedTo` is the new id of a chat that the platform re-keyed. */
export interface ChatChanged extends EventBase {
  type: 'chat';
  chat: ChatRef;
  movedTo: ChatId | null;
  what: string;
}

/** Something became known about a sender apart from any message: a name, or that two ids are one person's. */
export interface ContactChanged extends EventBase {
  type: 'contact';
  contact: ContactRef;
}

/**
 * How the account stands with its platform. `open` works; `connecting` and `closed` mend themselves; `unlinked` needs a
 * person to link it again; `banned` is the platform's last word.
 */
export type AccountConnection = 'open' | 'connecting' | 'closed' | 'unlinked' | 'banned';

/** Something about the account itself, not about a chat: its connection, its templates, its standing. */
export interface AccountChanged extends EventBase {
  type: 'account';
  /** What it is about, one word: `connection`, `link`, `template`, `quality`, `standing`. */
  what: string;
  /** A sentence for the operator. */
  detail: string;
  /** Null where the event says nothing about it. */
  connection: AccountConnection | null;
  /** True: the account may begin no conversations for now. False: it may again. Null where the event does not say. */
  restricted: boolean | null;
}

/** Every event that has a place in a chat's order. */
export type ChatEvent =
  | MessageReceived
  | MessageEdited
  | MessageDeleted
  | ReactionChanged
  | ActionChosen
  | MembershipChanged
  | ChatChanged;

/** Everything that a platform can tell the hub. A closed list: what is not in it is ignored with a reason. */
export type InboundEvent = ChatEvent | DeliveryUpdated | ContactChanged | AccountChanged;
