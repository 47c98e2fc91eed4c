import type {
  ActionChosen,
  Capabilities,
  ChatId,
  ChatRef,
  InboundEvent,
  MessageId,
} from '@omni-hub/contracts';
import type { Readable } from 'node:stream';
import type { RateScope } from './errors/errors';
import type { Part } from './parts';
import type { Measure } from './text/split';

/**
 * A kind of messaging platform, as one object. It is what a channel library exports and what the hub's registry lists.
 * It holds no state; everything that lives belongs to the handler that `create` makes.
 */
export interface Channel<Config extends object = object> {
  /** Kebab-case, the prefix of every id the channel makes. Never changes once released. */
  readonly id: string;
  readonly title: string;
  /** A class-validator class. Fields marked `@Secret()` are sealed at rest and masked everywhere. */
  readonly configClass: new () => Config;
  /** What the channel can do: one entry, or one for each provider where a platform can be reached in several ways. */
  readonly capabilities: Readonly<Record<string, Capabilities>>;
  /**
   * The direct chat or group that somebody means who writes `to`: a phone number, a native id, an id of the channel. Null where it
   * means nothing here. Called for a recipient that the hub does not know yet. Pure. Absent where only the channel's ids will do.
   */
  recipient?(to: string): ChatRef | null;
  /**
   * Called when an instance is loaded and again whenever its configuration or account changes. Must do no I/O, read no
   * clock and keep no state outside the handler. `config` is already validated.
   */
  create(config: Config, tools: ChannelTools): ChannelHandler;
}

/** What the hub lends to one handler. */
export interface ChannelTools {
  /** Who the instance is at the platform, as the last `probe` found; null before the first one. */
  readonly account: Account | null;
  readonly log: ChannelLog;
}

/** The instance's own identity at the platform. */
export interface Account {
  /** Native id, without the channel's prefix. */
  id: string;
  name: string | null;
  username: string | null;
  /** Other native ids of the account: mentions may use any of them. */
  aliases?: string[];
}

/** Structured logging. `fields` must hold no secret and no text that a person wrote. */
export interface ChannelLog {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** A platform's request, as it came. Header names are lower-case; `body` is the exact bytes. */
export interface WebhookRequest {
  method: 'GET' | 'POST';
  /** What follows the instance in the address, decoded, without slashes at its ends; empty for most. */
  path: string;
  headers: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** What a webhook request or a listener's batch meant. */
export interface Received {
  events: InboundEvent[];
  /** What the channel understood and leaves aside, or did not know. Stored too, so that silence can be explained. */
  ignored?: Ignored[];
  /** The answer to the platform once everything is committed; `200` with an empty body when absent. */
  reply?: WebhookReply;
}

export interface Ignored {
  /** As in events: unique for one instance, the same at every redelivery. */
  eventId: string;
  rawKind: string;
  /** A sentence for the operator: why nothing happens, and what would change that. */
  reason: string;
}

export interface WebhookReply {
  status: number;
  contentType?: string;
  body?: string;
}

/** A file that leaves, as it is in the hub's store. */
export interface OutboundFile {
  /** Bytes; never 0. */
  size: number;
  /** As the bytes say, else as was told; null where neither does. */
  mimeType: string | null;
  filename: string | null;
  /**
   * Opens the bytes, from their beginning at every call; a stream has to be read or destroyed. Throws UnreachableError where
   * they cannot be had now.
   */
  open(): Promise<Readable>;
}

/** One part of a message on its way out: one call at the platform. */
export interface OutboundMessage {
  /** The same at every attempt: the native idempotency key where the platform has one. */
  deliveryId: string;
  /** From 1: which attempt this is. */
  attempt: number;
  chat: ChatId;
  part: Part;
  /** Of a media part its file, of an album that of each item, in order; empty for all else. */
  files: readonly OutboundFile[];
  /** Of the first part only, unless the handler's `repliesInThread` is true. */
  replyTo: MessageId | null;
  /** The `ackRef` of the press or command that this part is the first answer to; null for all else. */
  answers: string | null;
  /** A preview that this part is the final form of: the channel edits it instead of sending anew. */
  replaces: MessageId | null;
}

/** The platform's proof. */
export interface Receipt {
  /** What the platform made, in order; several for an album. */
  platformIds: MessageId[];
}

/** A target of an edit, a deletion or a reaction. */
export interface MessageTarget {
  deliveryId: string;
  chat: ChatId;
  messageId: MessageId;
}

/** A token bucket that a send has to pass. `key` tells buckets apart within one instance. */
export interface PaceRule {
  key: string;
  /** What the limit is for: one chat, or everything that the instance sends. The processes of a hub share the latter. */
  scope: RateScope;
  /** Sends that may leave at once after a rest. */
  burst: number;
  perSecond: number;
}

/** A partial answer to be shown while the agent is still writing. */
export interface Preview {
  turnId: string;
  chat: ChatId;
  /** The whole text so far, Markdown. */
  text: string;
  /** What the call before returned, null at first. */
  previewId: MessageId | null;
  /** The message that the answer's first part will reply to; the same at every call for one preview. */
  replyTo: MessageId | null;
}

export interface FetchedMedia {
  /** Ends with a SendError where the bytes turn out to be wrong: cut off, or not those that were sent. */
  stream: Readable;
  mimeType: string | null;
  size: number | null;
  filename: string | null;
}

/** The truth about an instance as the platform tells it. */
export interface ProbeResult {
  account: Account;
  /** True when the platform says that events can reach the hub. */
  healthy: boolean;
  /** Why not, and what to do. */
  problem: string | null;
  /** Readable facts for the operator: the platform's pending count, its last error. No secrets. */
  facts: Record<string, string | number | boolean | null>;
}

/** What a person scans or types to link the account; one of them at least. */
export interface Link {
  /** The QR code as a PNG, `data:image/png;base64,…`. */
  image: string | null;
  /** What the QR code says. */
  text: string | null;
  /** A pairing code to be typed on the phone. */
  code: string | null;
}

/** A connection that a handler holds: what it may use, and what it must tell. */
export interface ListenSession {
  /** Where the last session stopped, as given to `accept`; null at first. */
  readonly cursor: string | null;
  /** Resolves once the batch and the cursor are committed. The platform's cursor must not advance before. Rejects when the hub is in trouble: wait and offer the same batch again. */
  accept(received: Received, raw: Buffer, cursor: string | null): Promise<void>;
  /** Tells the connection's state; shown by the instance's status. */
  state(state: 'connecting' | 'connected' | 'retrying' | 'refused', detail: string | null): void;
}

/**
 * One configured account of a channel. A handler has `receive` or `listen` or both, `send`, and any of the optional
 * abilities; each optional method exists exactly when its flag in `capabilities.abilities` is true.
 *
 * Every method that takes a signal must end within a second of its abort. Every failure is one of the closed list in
 * `errors.ts`, and none holds a secret.
 */
export interface ChannelHandler {
  /** What this account can do: those of its provider in `Channel.capabilities`, as its configuration leaves them. */
  readonly capabilities: Capabilities;

  /** The length of a text as `send` will write it, marks included; its characters in `textUnit` where absent. Pure. */
  readonly measure?: Measure;

  /** True where a reply is a place, as a thread below a message is, and no quote: every part of an answer has its `replyTo` then. */
  readonly repliesInThread?: true;

  /**
   * Called for every request on the instance's webhook, before anything is stored. Synchronous and pure: no I/O, no
   * clock; the same bytes give the same events. Throws SignatureError or PayloadError, nothing else. One bad element of
   * a batch becomes an `ignored` entry and does not cost the others. Unknown kinds are ignored with a reason.
   */
  receive?(request: WebhookRequest): Received;

  /** A webhook's body without the secrets and files that the platform puts into it: this is what is kept. Pure; never fails. */
  scrub?(body: Buffer): Buffer;

  /**
   * Called once while the hub holds the lease on `listenKey`. Runs until `signal` aborts and then resolves within a
   * second. Reconnects by itself. Throws ConfigError or UnauthorizedError when going on is useless.
   */
  listen?(session: ListenSession, signal: AbortSignal): Promise<void>;

  /**
   * What there is to listen to; undefined where the configuration leaves nothing (a bot with a webhook), and `listen` is
   * not called then. Two handlers with the same key never listen at once, wherever they run.
   */
  readonly listenKey?: string;

  /** One attempt at the platform, no hidden retry. Called in order within a chat. Throws a SendError only. */
  send(message: OutboundMessage, signal: AbortSignal): Promise<Receipt>;

  /** The limits that the platform documents for a send into this chat. Pure; called before every send and every preview. */
  pace?(chat: ChatId): PaceRule[];

  /** What may be sent in place of `part` outside `replyWindowMs`; null where nothing may. Pure. */
  outsideWindow?(part: Part): Part | null;

  /**
   * Shows "typing" for a few seconds. Called repeatedly while an agent works on its answer to `messageId` (null after a press
   * of an unknown message), and while a part of the answer waits as if it were typed. A failure is logged and forgotten.
   */
  typing?(chat: ChatId, messageId: MessageId | null, signal: AbortSignal): Promise<void>;

  /** Marks a message as read. Called when an agent is asked about it. A failure is logged and forgotten. */
  markRead?(chat: ChatId, messageId: MessageId, signal: AbortSignal): Promise<void>;

  /** Replaces the text of a message that the instance sent. Throws a SendError only. */
  edit?(target: MessageTarget, part: Part, signal: AbortSignal): Promise<Receipt>;

  /** Deletes a message. Deleting what is gone succeeds. Throws a SendError only. */
  delete?(target: MessageTarget, signal: AbortSignal): Promise<Receipt>;

  /** Sets the account's reaction; an empty emoji takes it back. Throws a SendError only. */
  react?(target: MessageTarget, emoji: string, signal: AbortSignal): Promise<Receipt>;

  /**
   * Shows an unfinished answer. Called only where the limits of `pace` leave room for it and for the answer. Returns the id of a real message that the final
   * part has to replace, or null where the preview vanishes by itself. A failure ends previews for the turn,
   * a RateLimitedError until its time; never the answer.
   */
  preview?(preview: Preview, signal: AbortSignal): Promise<MessageId | null>;

  /** Tells the platform that a press was seen. Called once the event is committed; a failure is logged and forgotten. */
  acknowledge?(event: ActionChosen, signal: AbortSignal): Promise<void>;

  /**
   * Takes back what shows people that an answer to a press or command is being written: called once its turn has ended and no answer
   * to it will come. What is gone already succeeds; a failure is logged and forgotten.
   */
  withdraw?(event: ActionChosen, signal: AbortSignal): Promise<void>;

  /** Opens a stream of an attachment's bytes. Throws a SendError only. */
  fetchMedia?(ref: string, signal: AbortSignal): Promise<FetchedMedia>;

  /**
   * Makes the platform deliver events: called on connect, idempotent. `webhookUrl` is null where the hub has no public
   * address. Throws ConfigError, UnauthorizedError or UnreachableError, each saying what to do.
   */
  install?(webhookUrl: string | null, signal: AbortSignal): Promise<void>;

  /** Undoes `install`. Called on disconnect. */
  uninstall?(signal: AbortSignal): Promise<void>;

  /** A cheap proof that the credentials work and a look at what the platform thinks. Throws as `install`. */
  probe?(signal: AbortSignal): Promise<ProbeResult>;

  /** What a person has to scan or type to link the account; null when it is linked. Throws as `install`. */
  link?(signal: AbortSignal): Promise<Link | null>;

  /** Makes the platform connect the account anew, its link kept. Throws as `install`. */
  restart?(signal: AbortSignal): Promise<void>;

  /** Ends the account's link: it has to be linked again. Throws as `install`. */
  logout?(signal: AbortSignal): Promise<void>;

  /** Deletes what `install` made at the platform, for good. Called only where the operator asks for it. Throws as `install`. */
  remove?(signal: AbortSignal): Promise<void>;
}
