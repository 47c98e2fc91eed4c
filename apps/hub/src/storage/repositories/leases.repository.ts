import type { Db } from '../schema';

/**
 * Named leases: at most one owner at a time over all processes, for as long as it renews. The processes' clocks have to
 * agree to well within a lease's time.
 */
export class LeasesRepository {
  constructor(private readonly db: Db) {}

  /** The lease's epoch, which grows with every change of owner, or null when another holds it. Never waits. */
  async acquire(name: string, owner: string, forMs: number): Promise<number | null> {
    const now = Date.now();
    const lease = await this.db
      .insertInto('leases')
      .values({ name, owner, epoch: 1, expiresAt: now + forMs })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet(({ eb }) => ({
            owner,
            epoch: eb('leases.epoch', '+', 1),
            expiresAt: now + forMs,
          }))
          .where(({ eb }) => eb.or([eb('leases.expiresAt', '<', now), eb('leases.owner', '=', owner)])),
      )
      .returning('epoch')
      .executeTakeFirst();
    return lease?.epoch ?? null;
  }

  /** False when the lease is another's by now. */
  async renew(name: string, owner: string, forMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('leases')
      .set({ expiresAt: Date.now() + forMs })
      .where('name', '=', name)
      .where('owner', '=', owner)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Lets another take the lease at once. The row stays, so that its epoch only ever grows. */
  async release(name: string, owner: string): Promise<void> {
    await this.db
      .updateTable('leases')
      .set({ owner: '', expiresAt: 0 })
      .where('name', '=', name)
      .where('owner', '=', owner)
      .execute();
  }

  /** Tells that a process lives, and answers how many do: seen within `withinMs`. */
  async beat(replica: string, withinMs: number): Promise<number> {
    const now = Date.now();
    await this.db
      .insertInto('replicas')
      .values({ id: replica, seenAt: now })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ seenAt: now }))
      .execute();
    await this.db
      .deleteFrom('replicas')
      .where('seenAt', '<', now - withinMs)
      .execute();
    const { count } = await this.db
      .selectFrom('replicas')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** Tells that a process ends, so that the others share what it had. */
  async leave(replica: string): Promise<void> {
    await this.db.deleteFrom('replicas').where('id', '=', replica).execute();
  }
}
