import { sql, type CreateTableBuilder, type Kysely } from 'kysely';
import type { Engine } from '../store';

/** The tables as of the first release. */
export async function initial(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await configuration(db);
  await turnLanes(db, engine);
  await outboxLanes(db, engine);
  await deadLetters(db, engine);
}

async function configuration(db: Kysely<unknown>): Promise<void> {
  await table(db, 'instances', ['id'])
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('config', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('account', 'text')
    .addColumn('pausedCode', 'text')
    .addColumn('pausedReason', 'text')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .execute();
  await table(db, 'apiKeys', ['id'])
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('prefix', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('instances', 'text')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('lastUsedAt', 'bigint')
    .addColumn('expiresAt', 'bigint')
    .execute();
  await table(db, 'leases', ['name'])
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .execute();
  await table(db, 'replicas', ['id'])
    .addColumn('seenAt', 'bigint', (column) => column.notNull())
    .execute();
  await table(db, 'cursors', ['instanceId'])
    .addColumn('cursor', 'text', (column) => column.notNull())
    .execute();
  await table(db, 'actionTokens', ['instanceId', 'token'])
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('actionTokensAge').on('actionTokens').column('createdAt').execute();
}

async function turnLanes(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await table(db, 'chats', ['id'])
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('externalId', 'text', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('title', 'text')
    .addColumn('tailSeq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('doneSeq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('readyAt', 'bigint')
    .addColumn('leased', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('epoch', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('turnId', 'text')
    .addColumn('turnSeq', 'bigint')
    .addColumn('settleFrom', 'bigint')
    .addColumn('settleMs', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('previewId', 'text')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('lastInboundAt', 'bigint')
    .addUniqueConstraint('chatsKey', ['instanceId', 'externalId'])
    .execute();
  await readyIndex(db, 'chats');
  await keepRoomForUpdates(db, engine, 'chats');

  await table(db, 'messages', ['id'])
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('chatId', 'text')
    .addColumn('seq', 'bigint')
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('eventId', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('senderId', 'text')
    .addColumn('turnId', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('receivedAt', 'bigint', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('raw', bytes(engine))
    .addColumn('rawId', 'text')
    .addColumn('redeliveries', 'integer', (column) => column.notNull().defaultTo(0))
    .addUniqueConstraint('messagesKey', ['instanceId', 'eventId', 'direction'])
    .execute();
  await db.schema.createIndex('messagesOfChat').on('messages').columns(['chatId', 'id']).execute();
  await db.schema
    .createIndex('messagesOfLane')
    .on('messages')
    .columns(['chatId', 'seq'])
    .where('seq', 'is not', null)
    .execute();
  await db.schema
    .createIndex('messagesOfTurn')
    .on('messages')
    .column('turnId')
    .where('turnId', 'is not', null)
    .execute();

  await table(db, 'contacts', ['id'])
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('externalId', 'text', (column) => column.notNull())
    .addColumn('personId', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('username', 'text')
    .addColumn('phone', 'text')
    .addColumn('locale', 'text')
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('contactsKey', ['instanceId', 'externalId'])
    .execute();
  await db.schema
    .createIndex('contactsByPhone')
    .on('contacts')
    .columns(['instanceId', 'phone'])
    .where('phone', 'is not', null)
    .execute();
  await sql`create index contacts_by_username on contacts (instance_id, lower(username)) where username is not null`.execute(
    db,
  );

  await table(db, 'turns', ['id'])
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('chatId', 'text', (column) => column.notNull())
    .addColumn('firstSeq', 'bigint', (column) => column.notNull())
    .addColumn('lastSeq', 'bigint', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('agentKind', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('startedAt', 'bigint', (column) => column.notNull())
    .addColumn('finishedAt', 'bigint', (column) => column.notNull())
    .addColumn('trace', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('turnsOfChat').on('turns').columns(['chatId', 'lastSeq']).execute();
}

async function outboxLanes(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await table(db, 'outboxLanes', ['chatId'])
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('tailSeq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('doneSeq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('readyAt', 'bigint')
    .addColumn('leased', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('epoch', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('lastSentAt', 'bigint')
    .execute();
  await readyIndex(db, 'outboxLanes');
  await keepRoomForUpdates(db, engine, 'outboxLanes');

  await table(db, 'deliveries', ['id'])
    .addColumn('messageId', 'text', (column) => column.notNull())
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('chatId', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('partIndex', 'integer', (column) => column.notNull())
    .addColumn('part', 'text', (column) => column.notNull())
    .addColumn('replyTo', 'text')
    .addColumn('replaces', 'text')
    .addColumn('status', 'text', (column) => column.notNull().defaultTo('pending'))
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('platformIds', 'text')
    .addColumn('platformId', 'text')
    .addColumn('errorCode', 'text')
    .addColumn('fallback', 'text')
    .addColumn('log', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .addColumn('lastAttemptAt', 'bigint')
    .addColumn('finishedAt', 'bigint')
    .execute();
  await keepRoomForUpdates(db, engine, 'deliveries');
  await db.schema
    .createIndex('deliveriesOfLane')
    .on('deliveries')
    .columns(['chatId', 'seq'])
    .unique()
    .execute();
  await db.schema.createIndex('deliveriesOfMessage').on('deliveries').column('messageId').execute();
  await db.schema
    .createIndex('deliveriesAtPlatform')
    .on('deliveries')
    .columns(['instanceId', 'platformId'])
    .where('platformId', 'is not', null)
    .execute();

  await table(db, 'scheduled', ['id'])
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('eventId', 'text', (column) => column.notNull())
    .addColumn('sendAt', 'bigint', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('claimedUntil', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('scheduledKey', ['instanceId', 'eventId'])
    .execute();
  await db.schema.createIndex('scheduledDue').on('scheduled').column('sendAt').execute();
}

async function deadLetters(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await table(db, 'deadLetters', ['id'])
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('chatId', 'text')
    .addColumn('refId', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('raw', bytes(engine))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('replayedAt', 'bigint')
    .execute();
  await db.schema
    .createIndex('deadLettersOfInstance')
    .on('deadLetters')
    .columns(['instanceId', 'id'])
    .execute();
  await db.schema.createIndex('deadLettersByRef').on('deadLetters').column('refId').execute();
}

/** A table with its primary key of text columns. */
function table(db: Kysely<unknown>, name: string, key: string[]): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const column of key) builder = builder.addColumn(column, 'text', (text) => text.notNull());
  return builder.addPrimaryKeyConstraint(`${name}Id`, key as [string]);
}

/** What claims look for. The instance is in the index, so that passing over paused instances reads no rows in SQLite. */
async function readyIndex(db: Kysely<unknown>, name: string): Promise<void> {
  await db.schema
    .createIndex(`${name}Ready`)
    .on(name)
    .columns(['readyAt', 'instanceId'])
    .where('readyAt', 'is not', null)
    .execute();
}

/** Rows that are updated for each message leave dead versions behind: room for them on the page, and vacuum often. */
async function keepRoomForUpdates(db: Kysely<unknown>, engine: Engine, name: string): Promise<void> {
  if (engine !== 'postgres') return;
  await sql`alter table ${sql.table(name)} set (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000
  )`.execute(db);
}

const bytes = (engine: Engine) => (engine === 'postgres' ? 'bytea' : 'blob');
