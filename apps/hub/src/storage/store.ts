/**
 * What the stages know of the database. The first half is the hot path: plain prepared statements in batches, one file
 * for each engine, committed in groups. All times are epoch milliseconds; all ids that the hub makes are UUIDv7.
 *
 * The queue is the log of messages and one lane for each chat, which is at once sequencer, cursor, lease, retry clock
 * and fencing token. `ready_at` alone says what a lane is: NULL idle, past runnable, future leased, settling or backing off.
 */

export type Engine = 'sqlite' | 'postgres';

/** One platform event on its way into the log. */
export interface NewEvent {
  id: string;
  instanceId: string;
  /** Unique for the instance; a second event with the same is a duplicate and changes nothing but a counter. */
  eventId: string;
  /** The event's type as in contracts, or `ignored`. */
  type: string;
  at: number;
  receivedAt: number;
  /** Null for what has no chat: it is stored and never claimed. */
  chat: NewChat | null;
  /** Null when there is no sender, or when this process knows that the stored contact is up to date. */
  contact: NewContact | null;
  /** The sender's external id, if any. */
  senderId: string | null;
  /** JSON of the InboundEvent or of Ignored. */
  event: string;
  /** The request's exact bytes; on the first event of a request only. */
  raw: Uint8Array | null;
  /** The id of the event that carries `raw`. */
  rawId: string;
  /** When the other side wrote, where this is a message or a press of theirs; null for everything else. */
  heardAt: number | null;
  /**
   * How long the chat must be quiet before its turn starts; 0 starts at once. The longest of the messages that wait
   * counts, for at most 5 times as long from the first of them.
   */
  settleMs: number;
}

export interface NewChat {
  /** Used only when the chat is not known yet. */
  id: string;
  externalId: string;
  /** Where answers go from now on; null where the chat's external id says that. */
  seenAddress: string | null;
  kind: string;
  title: string | null;
}

export interface NewContact {
  id: string;
  externalId: string;
  /** Null in any of these leaves what is known. */
  name: string | null;
  username: string | null;
  phone: string | null;
  locale: string | null;
}

export interface IngestResult {
  /** The id of the stored event: the earlier one's for a duplicate. */
  id: string;
  duplicate: boolean;
}

/** Proof of holding a lane. A write with an epoch that is not the lane's changes nothing and answers false. */
export interface LaneLease {
  chatId: string;
  epoch: number;
}

export interface ClaimQuery {
  now: number;
  leaseMs: number;
  limit: number;
  /** Instances whose lanes stay where they are: paused, disabled or at their share. */
  excludeInstances: readonly string[];
}

export interface ClaimedTurn extends LaneLease {
  instanceId: string;
  /** Where answers go. */
  address: string;
  /** The id under which the chat is filed: the same whatever the platform calls it this time. */
  filedAs: string;
  chatKind: string;
  chatTitle: string | null;
  /** Stays the same, with the same messages, until the turn is done or given up: what arrives meanwhile joins the next turn. */
  turnId: string;
  /** True where the turn was claimed before: it may have been asked already, and answered, whatever became of that. */
  claimedBefore: boolean;
  /** Failed attempts before this one. */
  attempts: number;
  /** What earlier attempts recorded (JSON), or null. */
  trace: string | null;
  /** A preview that an earlier attempt, or a turn that was cut short, left in the chat. */
  previewId: string | null;
  /** Since when the agent is paused in this chat, until when and why; `pausedAt` is null where it never was. */
  pausedAt: number | null;
  pausedUntil: number | null;
  pausedReason: string | null;
  firstSeq: number;
  lastSeq: number;
  messages: ClaimedMessage[];
}

export interface ClaimedMessage {
  id: string;
  seq: number;
  type: string;
  event: string;
  receivedAt: number;
  personId: string | null;
}

/** `merged` is no end of its own: more came, and another turn has its messages and more. */
export type TurnStatus = 'answered' | 'silent' | 'deferred' | 'failed' | 'retrying' | 'merged';

export interface TurnCompletion {
  lease: LaneLease;
  turn: {
    id: string;
    instanceId: string;
    firstSeq: number;
    /** The last message that the turn is about: the claim's, or an earlier one where the others wait for the next turn. */
    lastSeq: number;
    status: TurnStatus;
    agentKind: string | null;
    attempts: number;
    startedAt: number;
    finishedAt: number;
    /** JSON: every gate's decision and every timing. */
    trace: string;
  };
  /** Set for `retrying`: when the lane is runnable again. The lane keeps its turn id and the turn's messages. */
  retryAt: number | null;
  /** True where the next turn has to replace the preview that this one leaves in the chat. */
  keepsPreview: boolean;
  /** What the turn says. */
  outbound: NewOutbound[];
  deadLetter: NewDeadLetter | null;
  /** The id of the replay that asks the instance's shadow agent about the turn; null where it is not asked. */
  shadow: string | null;
}

/** One message on its way out, with its parts. */
export interface NewOutbound {
  id: string;
  instanceId: string;
  turnId: string | null;
  /** Unique for the instance, as `eventId` is inbound: a repeated request makes no second message. */
  eventId: string;
  type: string;
  at: number;
  /** JSON of the Content. */
  content: string;
  deliveries: NewDelivery[];
}

export interface NewDelivery {
  id: string;
  /** JSON of the Part. */
  part: string;
  replyTo: string | null;
  /** The `ackRef` of the press or command that this is the first answer to. */
  answers: string | null;
  replaces: string | null;
  /** A delivery that has not left by then never does. */
  expiresAt: number;
  /** What the channel lacks and how it is shown instead, or null. */
  fallback: string | null;
  scheduled: boolean;
  /** The least time after what left the chat before it, or after it was committed, whichever is later; null where it need not wait. */
  waitMs: number | null;
  /** The message whose answer is being typed while the part waits; null where there is none. */
  typingFor: string | null;
}

/** An outbound message that no turn made. */
export interface EnqueueRequest {
  chat: NewChat;
  message: NewOutbound;
}

export interface EnqueueResult {
  messageId: string;
  chatId: string;
  deliveryIds: string[];
  /** True when an earlier request with the same `eventId` made it. */
  duplicate: boolean;
}

export interface ClaimedDelivery extends LaneLease {
  instanceId: string;
  address: string;
  id: string;
  messageId: string;
  seq: number;
  part: string;
  replyTo: string | null;
  answers: string | null;
  replaces: string | null;
  /** Attempts including this one: the claim has recorded it. */
  attempts: number;
  /** An earlier attempt was recorded and its result was not: the platform may have acted. */
  uncertain: boolean;
  /** The platform has told already that it has this part: nothing is left to send. */
  confirmed: boolean;
  scheduled: boolean;
  waitMs: number | null;
  typingFor: string | null;
  /** When a part last left the lane; null where none has. */
  lastSentAt: number | null;
  /** When the chat's other side last wrote; null where it never did. */
  heardAt: number | null;
  createdAt: number;
  expiresAt: number;
  /** JSON array of AttemptEntry: what earlier attempts ended in. */
  log: string;
}

/**
 * How an attempt ended. `accepted`, `sent`, `dead` and `held` free the lane for the next part; `retry` keeps the part at the head of
 * its lane until `at`; `postponed` does the same and takes the recorded attempt back, since nothing left.
 */
export interface DeliveryCompletion {
  lease: LaneLease;
  instanceId: string;
  deliveryId: string;
  seq: number;
  outcome: 'accepted' | 'sent' | 'dead' | 'held' | 'retry' | 'postponed';
  at: number;
  /** JSON array of platform message ids; null leaves what is known of them. */
  platformIds: string | null;
  /** The first platform message id: what delivery statuses are matched by. */
  platformId: string | null;
  errorCode: string | null;
  log: string;
  deadLetter: NewDeadLetter | null;
}

export interface NewDeadLetter {
  id: string;
  kind: 'turn' | 'delivery' | 'webhook';
  instanceId: string;
  chatId: string | null;
  /** The turn's or delivery's id; the dead letter's own for a webhook. */
  refId: string;
  code: string;
  /** A sentence for the operator. */
  detail: string;
  /** Only for a webhook: the body as it came. */
  raw: Uint8Array | null;
  createdAt: number;
}

/**
 * One engine's hot statements. Every call is one transaction over its whole batch, durable when it resolves. A batch
 * fails as a whole with DataError when one of its rows cannot be stored; the group commit then halves it. Any other
 * failure means that the database is in trouble: repeating the call is safe, whatever became of it.
 */
export interface HotPath {
  /** Results in the batch's order, as of every call here. Within a chat, the batch's order is the order of the lane. */
  ingest(batch: NewEvent[]): Promise<IngestResult[]>;
  /** Leases the lanes that have waited longest. A new turn takes at most `maxMessages`; one that is tried again keeps its own. */
  claimTurns(query: ClaimQuery, maxMessages: number): Promise<ClaimedTurn[]>;
  /**
   * The lane, the turn, what it says, its dead letter and its shadow's job in one transaction; false, and nothing, where the lease is lost. The
   * lane goes on behind the turn's last message; behind a `merged` turn it has moved nowhere, and the next turn begins anew.
   */
  completeTurns(batch: TurnCompletion[]): Promise<boolean[]>;
  enqueue(batch: EnqueueRequest[]): Promise<EnqueueResult[]>;
  /** Leases lanes and records an attempt of the part at the head of each. */
  claimDeliveries(query: ClaimQuery): Promise<ClaimedDelivery[]>;
  completeDeliveries(batch: DeliveryCompletion[]): Promise<boolean[]>;
  /** Moves the lease's end to `until`; answers which leases were still held. */
  extendTurns(leases: LaneLease[], until: number): Promise<boolean[]>;
  extendDeliveries(leases: LaneLease[], until: number): Promise<boolean[]>;
  /** Makes turn lanes runnable at once without an attempt: what a graceful stop hands back. */
  releaseTurns(leases: LaneLease[], now: number): Promise<void>;
  /** Remembers a preview that has to be replaced, should this attempt end early. */
  recordPreview(lease: LaneLease, previewId: string): Promise<void>;
  /** When the first lane that is not due by `now` will be, or null: how long a worker may sleep. */
  nextReadyAt(lanes: 'turns' | 'deliveries', now: number): Promise<number | null>;
}
