import type { Kysely, Selectable } from 'kysely';

/**
 * Every table, as Kysely sees it: names in camel case, JSON as text, booleans as 0 and 1, times as epoch milliseconds.
 * Nothing references by foreign key: each row is deleted by who knows its lane, in bounded pieces.
 */
export interface Database {
  instances: InstancesTable;
  chats: ChatsTable;
  messages: MessagesTable;
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
  settings: string;
  account: string | null;
  pausedCode: string | null;
  pausedReason: string | null;
  createdAt: number;
  /** Grows with every change, also within one millisecond: what replicas poll. */
  updatedAt: number;
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
  replaces: string | null;
  status: DeliveryStatus;
  attempts: number;
  platformIds: string | null;
  platformId: string | null;
  errorCode: string | null;
  fallback: string | null;
  log: string;
  createdAt: number;
  expiresAt: number;
  lastAttemptAt: number | null;
  finishedAt: number | null;
}

/**
 * `pending` waits, `sending` has a recorded attempt without a recorded result; `sent`, `dead` and `held` are done.
 * `delivered`, `read` and `failed` are what the platform told later about one that was sent.
 */
export type DeliveryStatus =
  | 'pending'
  | 'sending'
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
}

export interface ActionTokensTable {
  instanceId: string;
  token: string;
  value: string;
  createdAt: number;
}
