import type { Kysely } from 'kysely';

/** Finished turns that are asked again: of whom, in which batch, and what came of it. */
export async function replays(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('instances').addColumn('shadowAgent', 'text').execute();
  await db.schema
    .createTable('replays')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('batchId', 'text')
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('turnId', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull().defaultTo('pending'))
    .addColumn('agentKind', 'text')
    .addColumn('content', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('code', 'text')
    .addColumn('detail', 'text')
    .addColumn('ms', 'bigint')
    .addColumn('originalStatus', 'text')
    .addColumn('originalMs', 'bigint')
    .addColumn('same', 'integer')
    .addColumn('readyAt', 'bigint')
    .addColumn('leased', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('epoch', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('finishedAt', 'bigint')
    .execute();
  await db.schema
    .createIndex('replaysReady')
    .on('replays')
    .columns(['kind', 'readyAt'])
    .where('readyAt' as never, 'is not', null)
    .execute();
  await db.schema.createIndex('replaysOfTurn').on('replays').column('turnId').execute();
  await db.schema
    .createIndex('replaysOfInstance')
    .on('replays')
    .columns(['instanceId', 'kind', 'turnId'])
    .execute();
  await db.schema
    .createIndex('replaysOfBatch')
    .on('replays')
    .columns(['batchId', 'id'])
    .where('batchId' as never, 'is not', null)
    .execute();

  await db.schema
    .createTable('replayBatches')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('agent', 'text')
    .addColumn('filter', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
}
