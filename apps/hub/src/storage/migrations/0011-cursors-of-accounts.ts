import type { Kysely } from 'kysely';

/** Which account a listener's cursor is of: another one's would skip what it has not been given. */
export async function cursorsOfAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('cursors').addColumn('accountKey', 'text').execute();
}
