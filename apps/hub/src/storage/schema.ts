import type { Generated, Kysely, Selectable } from 'kysely';

/**
 * Every table, as Kysely sees it: names in camel case, JSON as text, booleans as 0 and 1, times as epoch milliseconds.
 * Nothing references by foreign key: each row is deleted by who knows its lane, in bounded pieces.
 */
export interface Database {
  instances: InstancesTable;
  accessRules: AccessRulesTable;
  chats: ChatsTable;
  messages: MessagesTable;
  media: MediaTable;
  uploads: UploadsTable;
  outgoingFiles: OutgoingFilesTable;
  contacts: ContactsTable;
  turns: TurnsTable;
  outboxLanes: OutboxLanesTable;
  deliveries: DeliveriesTable;
  scheduled: ScheduledTable;
  deadLetters: DeadLettersTable;
  apiKeys: ApiKeysTable;
  leases: LeasesTable;
  replicas: ReplicasTable;
  cursors: CursorsTable;
  actionTokens: ActionTokensTable;
  earlyStatuses: EarlyStatusesTable;
  aliases: AliasesTable;
  instanceStates: InstanceStatesTable;
  replays: ReplaysTable;
  replayBatches: ReplayBatchesTable;
}

export type Db = Kysely<Database>;
/** A row as it is read. */
export type Row<Table extends keyof Database> = Selectable<Database[Table]>;

export interface InstancesTable {
  id: string;
  name: string;
  channel: string;
  enabled: number;
  /** JSON; secrets are sealed before they come here. */
  config: string;
  agent: string;
  /** JSON as `agent`; null where there is none. */
  shadowAgent: string | null;
  settings: string;
  account: string | null;
  pausedCode: string | null;
  pausedReason: string | null;
  createdAt: number;
  /** Grows with every change, also within one millisecond: what replicas poll. */
  updatedAt: number;
}

/** Whom the agent answers. Never updated. */
export interface AccessRulesTable {
  id: string;
  /** Null for a rule of all instances. */
  instanceId: string | null;
  action: 'allow' | 'block';
  pattern: string;
  createdAt: number;
}

/** A chat and its turn lane in one row: sequencer, cursor, lease, retry clock and fencing token. */
export interface ChatsTable {
  id: string;
  instanceId: string;
  externalId: string;
  /** Where answers go: the external id, unless the platform re-keyed the chat onto one that exists already. */
  address: string;
  kind: string;
  title: string | null;
  tailSeq: number;
  doneSeq: number;
  /** NULL idle, past runnable, future leased, settling or backing off. */
  readyAt: number | null;
  /** 1 while a worker holds the lane: what tells a lease from a wait. */
  leased: number;
  epoch: number;
  attempts: number;
  /** The turn at the head, from its first claim to its end, and the last message that belongs to it. */
  turnId: string | null;
  turnSeq: number | null;
  /** When the first message came that no turn holds yet, and how long the chat has to be quiet before they are read. */
  settleFrom: number | null;
  settleMs: number;
  previewId: string | null;
  createdAt: number;
  lastInboundAt: number | null;
  /** When somebody last wrote or pressed something, by the platform's clock: from then on its window for replies is open. */
  heardAt: number | null;
  /** Where answers go as a platform with several ids for one chat last had it; null where there is no such thing. */
  seenAddress: string | null;
  /** Since when the agent is paused here; null where it is not. */
  pausedAt: number | null;
  /** When the pause ends by itself; null where somebody has to end it. */
  pausedUntil: number | null;
  pausedReason: string | null;
}

/** The log. Never updated, but for the counter of redeliveries. */
export interface MessagesTable {
  id: string;
  instanceId: string;
  chatId: string | null;
  /** The place in the chat's turn lane; null for what is outbound or has no chat. */
  seq: number | null;
  direction: 'in' | 'out';
  eventId: string;
  type: string;
  senderId: string | null;
  /** Outbound: the turn that said it. */
  turnId: string | null;
  at: number;
  receivedAt: number;
  content: string;
  raw: Uint8Array | null;
  rawId: string | null;
  redeliveries: number;
}

/** A file that an inbound message names, and the job that fetches it, and then has it transcribed where that is wanted. */
export interface MediaTable {
  messageId: string;
  /** The place among the message's attachments, from 0. */
  position: number;
  instanceId: string;
  /** JSON of the MediaAttachment: all that the platform told of the file. */
  attachment: string;
  /** A file that could not be fetched and is tried again is `failed` meanwhile. */
  status: 'pending' | 'ready' | 'failed';
  code: string | null;
  /** A sentence: why it failed and what would help. */
  reason: string | null;
  /** Those begun of the job's step, including the one under way. */
  attempts: number;
  /** NULL done, past runnable, future claimed or waiting for another attempt. */
  readyAt: number | null;
  leased: number;
  epoch: number;
  /** SHA-256 of the bytes in hexadecimal: the file's name in the media store. */
  hash: string | null;
  size: number | null;
  /** As the bytes say; as the platform says where they do not tell. */
  mimeType: string | null;
  /** NULL where none is wanted, or the file is not here; then the job's second step. One that failed may be tried again. */
  transcriptStatus: 'pending' | 'ready' | 'failed' | null;
  /** What is said in the file; empty where nothing is. */
  transcript: string | null;
  transcriptCode: string | null;
  /** A sentence: why there is none, and what would help. */
  transcriptReason: string | null;
  createdAt: number;
}

/** A file that can be sent, by its id: uploaded through the API, or brought along by content as `data`. Swept by its last use. */
export interface UploadsTable {
  id: string;
  /** Who may send it; null for any instance. */
  instanceId: string | null;
  hash: string;
  size: number;
  mimeType: string | null;
  filename: string | null;
  createdAt: number;
  usedAt: number;
}

/** A file of an outbound message, where it is known what it is. Lives as long as its message, or as it is scheduled. */
export interface OutgoingFilesTable {
  messageId: string;
  /** SHA-256 of the part's source: a message may name the same file twice. */
  source: string;
  instanceId: string;
  hash: string;
  size: number;
  mimeType: string | null;
  filename: string | null;
  createdAt: number;
}

export interface ContactsTable {
  id: string;
  instanceId: string;
  externalId: string;
  personId: string;
  name: string | null;
  username: string | null;
  phone: string | null;
  locale: string | null;
  updatedAt: number;
}

export interface TurnsTable {
  id: string;
  instanceId: string;
  chatId: string;
  firstSeq: number;
  lastSeq: number;
  status: string;
  agentKind: string | null;
  attempts: number;
  startedAt: number;
  finishedAt: number;
  trace: string;
}

export interface OutboxLanesTable {
  chatId: string;
  instanceId: string;
  tailSeq: number;
  doneSeq: number;
  readyAt: number | null;
  leased: number;
  epoch: number;
  lastSentAt: number | null;
}

/** One part on its way. `seq` is its place in the chat's outbox lane. */
export interface DeliveriesTable {
  id: string;
  messageId: string;
  instanceId: string;
  chatId: string;
  seq: number;
  partIndex: number;
  part: string;
  replyTo: string | null;
  answers: string | null;
  replaces: string | null;
  /** How long the part waits after what left the chat before it; null for what is not paced. */
  waitMs: number | null;
  typingFor: string | null;
  status: DeliveryStatus;
  attempts: number;
  platformIds: string | null;
  platformId: string | null;
  errorCode: string | null;
  fallback: string | null;
  /** 1 for what was scheduled: it never counts as an answer. */
  scheduled: Generated<number>;
  /** JSON array of KnownStatus: what the platform told after it took the part, in the order in which that was told. */
  statuses: Generated<string>;
  log: string;
  createdAt: number;
  expiresAt: number;
  lastAttemptAt: number | null;
  finishedAt: number | null;
}

/**
 * `pending` waits, `sending` has a recorded attempt without a recorded result; the others are done. Where the platform's
 * answer is not the whole truth a part is `accepted` at first; `sent`, `delivered`, `read` and `failed` are what the
 * platform tells later.
 */
export type DeliveryStatus =
  | 'pending'
  | 'sending'
  | 'accepted'
  | 'sent'
  | 'dead'
  | 'held'
  | 'delivered'
  | 'read'
  | 'failed';

export interface ScheduledTable {
  /** The id that the message will have. */
  id: string;
  instanceId: string;
  eventId: string;
  sendAt: number;
  request: string;
  claimedUntil: number;
  createdAt: number;
}

export interface DeadLettersTable {
  id: string;
  kind: 'turn' | 'delivery' | 'webhook';
  instanceId: string;
  chatId: string | null;
  refId: string;
  code: string;
  detail: string;
  raw: Uint8Array | null;
  createdAt: number;
  replayedAt: number | null;
}

export interface ApiKeysTable {
  id: string;
  name: string;
  hash: string;
  prefix: string;
  scopes: string;
  instances: string | null;
  createdAt: number;
  lastUsedAt: number | null;
  expiresAt: number | null;
}

export interface LeasesTable {
  name: string;
  owner: string;
  epoch: number;
  expiresAt: number;
}

export interface ReplicasTable {
  id: string;
  seenAt: number;
}

export interface CursorsTable {
  instanceId: string;
  cursor: string;
  /** The account that the cursor is of, hashed; null where an older version kept it. */
  accountKey: string | null;
}

/** What a platform told about a message before its receipt was recorded. */
export interface EarlyStatusesTable {
  instanceId: string;
  platformId: string;
  status: string;
  /** JSON of the StatusUpdate. */
  update: string;
  createdAt: number;
}

/** Under which id a person or chat is filed that has several. */
export interface AliasesTable {
  instanceId: string;
  alias: string;
  externalId: string;
}

/** How an instance's account stands with its platform; restricted while `restrictedUntil` is ahead. */
export interface InstanceStatesTable {
  instanceId: string;
  connection: string | null;
  connectionDetail: string | null;
  connectionAt: number | null;
  restrictedCode: string | null;
  restrictedReason: string | null;
  restrictedSince: number | null;
  restrictedUntil: number | null;
}

export interface ActionTokensTable {
  instanceId: string;
  token: string;
  value: string;
  createdAt: number;
}

/** A finished turn that is asked again, and what came of it; its id is the key of the request. */
export interface ReplaysTable {
  id: string;
  kind: 'single' | 'batch' | 'shadow';
  batchId: string | null;
  instanceId: string;
  turnId: string;
  status: Generated<ReplayStatus>;
  agentKind: string | null;
  /** JSON array of what the agent answered, files by their hash. */
  content: Generated<string>;
  code: string | null;
  /** A sentence: why there is no answer. */
  detail: string | null;
  /** How long the agents took, and what the turn ended in; null where that is not known. */
  ms: number | null;
  originalMs: number | null;
  originalStatus: string | null;
  /** 1 where both answers are the same. */
  same: number | null;
  /** NULL done, past runnable, future claimed. */
  readyAt: number | null;
  leased: Generated<number>;
  epoch: Generated<number>;
  createdAt: number;
  finishedAt: number | null;
}

export type ReplayStatus = 'pending' | 'answered' | 'silent' | 'deferred' | 'failed';

/** Which turns were asked again together, and of whom. */
export interface ReplayBatchesTable {
  id: string;
  instanceId: string;
  /** JSON; secrets are sealed before they come here. Null for the instance's own agent. */
  agent: string | null;
  /** JSON of what chose the turns. */
  filter: string;
  createdAt: number;
}
