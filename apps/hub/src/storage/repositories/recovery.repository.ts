import { sql } from 'kysely';
import type { Db } from '../schema';
import type { Engine } from '../store';

/** Lanes, and the columns in whose order every statement locks them: PostgreSQL deadlocks otherwise. */
const lanes = [
  { table: 'chats', id: 'id', order: 'instance_id, external_id' },
  { table: 'outbox_lanes', id: 'chat_id', order: 'chat_id' },
];

/** What is left of processes that ended without a word. */
export class RecoveryRepository {
  constructor(
    private readonly db: Db,
    private readonly engine: Engine,
  ) {}

  /**
   * Makes free what dead processes held, so that nothing waits for their leases to run out: what they were doing begins anew, and
   * their late writes change nothing. Only while no other process works on the database.
   */
  async freeAll(now: number): Promise<void> {
    for (const lane of lanes) await this.freeLanes(lane, now);
    for (const jobs of ['media', 'replays'] as const)
      await this.db
        .updateTable(jobs)
        .set(({ eb }) => ({ readyAt: now, leased: 0, epoch: eb('epoch', '+', 1) }))
        .where('readyAt', 'is not', null)
        .where('leased', '=', 1)
        .execute();
    await this.db.updateTable('scheduled').set({ claimedUntil: 0 }).where('claimedUntil', '>', now).execute();
    await this.db.updateTable('leases').set({ owner: '', expiresAt: 0 }).execute();
    await this.db.deleteFrom('replicas').execute();
  }

  private async freeLanes({ table, id, order }: (typeof lanes)[number], now: number): Promise<void> {
    const locked = sql.raw(this.engine === 'postgres' ? 'for update' : '');
    await sql`
      with held as (
        select ${sql.ref(id)} as lane from ${sql.table(table)} where ready_at is not null and leased = 1
        order by ${sql.raw(order)} ${locked}
      )
      update ${sql.table(table)} set ready_at = ${now}, leased = 0, epoch = epoch + 1
      where ${sql.ref(id)} in (select lane from held)`.execute(this.db);
  }
}
