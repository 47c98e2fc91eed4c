import type { Kysely } from 'kysely';

/** Who is answered: rules by contact and chat, and chats in which the agent is paused. */
export async function accessRules(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accessRules')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('instanceId', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('pattern', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.alterTable('chats').addColumn('pausedAt', 'bigint').execute();
  await db.schema.alterTable('chats').addColumn('pausedUntil', 'bigint').execute();
  await db.schema.alterTable('chats').addColumn('pausedReason', 'text').execute();
  await db.schema.createIndex('aliasesOfOne').on('aliases').columns(['instanceId', 'externalId']).execute();
}
