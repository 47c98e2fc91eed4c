import type { Db, Row } from '../schema';

/** How the instances' accounts stand with their platforms. */
export class InstanceStatesRepository {
  constructor(private readonly db: Db) {}

  list(): Promise<Row<'instanceStates'>[]> {
    return this.db.selectFrom('instanceStates').selectAll().execute();
  }

  async setConnection(instanceId: string, connection: string, detail: string, at: number): Promise<void> {
    await this.set(instanceId, { connection, connectionDetail: detail, connectionAt: at });
  }

  /** A restriction that goes on keeps the time at which it began. */
  async restrict(
    instanceId: string,
    code: string,
    reason: string,
    now: number,
    until: number,
  ): Promise<void> {
    const restriction = { restrictedCode: code, restrictedReason: reason, restrictedUntil: until };
    const { numUpdatedRows } = await this.db
      .updateTable('instanceStates')
      .set(restriction)
      .where('instanceId', '=', instanceId)
      .where('restrictedUntil', '>', now)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) await this.set(instanceId, { ...restriction, restrictedSince: now });
  }

  async lift(instanceId: string): Promise<void> {
    const none = {
      restrictedCode: null,
      restrictedReason: null,
      restrictedSince: null,
      restrictedUntil: null,
    };
    await this.db.updateTable('instanceStates').set(none).where('instanceId', '=', instanceId).execute();
  }

  private async set(instanceId: string, changes: Partial<Row<'instanceStates'>>): Promise<void> {
    await this.db
      .insertInto('instanceStates')
      .values({ instanceId, ...changes })
      .onConflict((conflict) => conflict.column('instanceId').doUpdateSet(changes))
      .execute();
  }
}
