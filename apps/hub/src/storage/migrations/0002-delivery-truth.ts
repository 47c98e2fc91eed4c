import { sql, type Kysely } from 'kysely';

/**
 * What became of a send after the platform took it, when people last wrote, which ids are one person's, and how accounts
 * stand with their platforms.
 */
export async function deliveryTruth(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('chats').addColumn('heardAt', 'bigint').execute();
  await db.schema.alterTable('chats').addColumn('seenAddress', 'text').execute();
  await db.schema
    .alterTable('deliveries')
    .addColumn('scheduled', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('deliveries')
    .addColumn('statuses', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
  await sql`create index deliveries_unacknowledged on deliveries (instance_id, finished_at) where status = 'accepted'`.execute(
    db,
  );

  await db.schema
    .createTable('earlyStatuses')
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('platformId', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('update', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('earlyStatusesId', ['instanceId', 'platformId', 'status'] as never)
    .execute();
  await db.schema.createIndex('earlyStatusesAge').on('earlyStatuses').column('createdAt').execute();

  await db.schema
    .createTable('aliases')
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('alias', 'text', (column) => column.notNull())
    .addColumn('externalId', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('aliasesId', ['instanceId', 'alias'] as never)
    .execute();

  await db.schema
    .createTable('instanceStates')
    .addColumn('instanceId', 'text', (column) => column.primaryKey())
    .addColumn('connection', 'text')
    .addColumn('connectionDetail', 'text')
    .addColumn('connectionAt', 'bigint')
    .addColumn('restrictedCode', 'text')
    .addColumn('restrictedReason', 'text')
    .addColumn('restrictedSince', 'bigint')
    .addColumn('restrictedUntil', 'bigint')
    .execute();
}
