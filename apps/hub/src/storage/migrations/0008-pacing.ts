import type { Kysely } from 'kysely';

/** Answers that are said at a person's pace: how long a part waits, and the message whose answer is typed meanwhile. */
export async function pacing(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('deliveries').addColumn('waitMs', 'integer').execute();
  await db.schema.alterTable('deliveries').addColumn('typingFor', 'text').execute();
}
