import type { Db } from '../schema';

/** Where each listener goes on after a restart. */
export class CursorsRepository {
  constructor(private readonly db: Db) {}

  async get(instanceId: string): Promise<string | null> {
    const select = this.db.selectFrom('cursors').select('cursor').where('instanceId', '=', instanceId);
    return (await select.executeTakeFirst())?.cursor ?? null;
  }

  async set(instanceId: string, cursor: string): Promise<void> {
    await this.db
      .insertInto('cursors')
      .values({ instanceId, cursor })
      .onConflict((conflict) => conflict.column('instanceId').doUpdateSet({ cursor }))
      .execute();
  }
}
