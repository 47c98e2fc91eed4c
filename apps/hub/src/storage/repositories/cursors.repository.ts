import type { Db } from '../schema';

/** Where each listener goes on after a restart. A cursor means something to the account that it was reached with, and to no other. */
export class CursorsRepository {
  constructor(private readonly db: Db) {}

  /** Null where there is none, and where the instance had another account. */
  async get(instanceId: string, accountKey: string): Promise<string | null> {
    const row = await this.db
      .selectFrom('cursors')
      .select('cursor')
      .where('instanceId', '=', instanceId)
      // Those that older versions kept name no account.
      .where(({ eb }) => eb.or([eb('accountKey', 'is', null), eb('accountKey', '=', accountKey)]))
      .executeTakeFirst();
    return row?.cursor ?? null;
  }

  async set(instanceId: string, accountKey: string, cursor: string): Promise<void> {
    await this.db
      .insertInto('cursors')
      .values({ instanceId, accountKey, cursor })
      .onConflict((conflict) => conflict.column('instanceId').doUpdateSet({ accountKey, cursor }))
      .execute();
  }
}
