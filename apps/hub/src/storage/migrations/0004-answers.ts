import type { Kysely } from 'kysely';

/** What the first part of an answer to a press or a command needs to be shown as its answer. */
export async function answers(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('deliveries').addColumn('answers', 'text').execute();
}
