import type { Kysely } from 'kysely';

/** Files that are sent: those that were uploaded, and those of messages on their way out. */
export async function outgoingFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('uploads')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('instanceId', 'text')
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('mimeType', 'text')
    .addColumn('filename', 'text')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('usedAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('uploadsByHash').on('uploads').column('hash').execute();
  await db.schema.createIndex('uploadsByUse').on('uploads').column('usedAt').execute();
  await db.schema.createIndex('uploadsOfInstance').on('uploads').column('instanceId').execute();

  await db.schema
    .createTable('outgoingFiles')
    .addColumn('messageId', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('instanceId', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('mimeType', 'text')
    .addColumn('filename', 'text')
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('outgoingFilesId', ['messageId', 'source'] as never)
    .execute();
  await db.schema.createIndex('outgoingFilesByHash').on('outgoingFiles').column('hash').execute();
  await db.schema.createIndex('outgoingFilesOfInstance').on('outgoingFiles').column('instanceId').execute();
}
