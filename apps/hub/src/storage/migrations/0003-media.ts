import type { Kysely } from 'kysely';

/** The files that people sent, each with the job that fetches it. */
export async function media(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('media')
    .addColumn('messageId', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('attachment', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('code', 'text')
    .addColumn('reason', 'text')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('readyAt', 'bigint')
    .addColumn('leased', 'integer', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text')
    .addColumn('size', 'bigint')
    .addColumn('mimeType', 'text')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('mediaId', ['messageId', 'position'] as never)
    .execute();
  await db.schema
    .createIndex('mediaReady')
    .on('media')
    .columns(['readyAt', 'instanceId'])
    .where('readyAt' as never, 'is not', null)
    .execute();
  await db.schema.createIndex('mediaByHash').on('media').column('hash').execute();
  await db.schema.createIndex('mediaOfInstance').on('media').column('instanceId').execute();
}
