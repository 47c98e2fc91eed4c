import type { Kysely } from 'kysely';

/** Who else is the same person. */
export async function persons(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('contactsOfPerson').on('contacts').column('personId').execute();
}
