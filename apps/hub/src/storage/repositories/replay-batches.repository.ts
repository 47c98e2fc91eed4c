import { sql } from 'kysely';
import { newId } from '../../flow/ids';
import type { Db, Row } from '../schema';
import { deleteAll } from './deletion';
import { toPage, type Page } from './page';

export type ReplayBatchRow = Row<'replayBatches'>;

const chunk = 500;

/** Turns that are asked again together. */
export class ReplayBatchesRepository {
  constructor(private readonly db: Db) {}

  /** The batch with a job for each of the turns, in their order, or nothing. */
  async add(batch: ReplayBatchRow, turnIds: string[]): Promise<void> {
    const { id: batchId, instanceId, createdAt } = batch;
    const jobs = turnIds.map((turnId) => ({
      ...{ id: newId(), kind: 'batch' as const, batchId, instanceId, turnId },
      ...{ readyAt: createdAt, createdAt },
    }));
    await this.db.transaction().execute(async (transaction) => {
      await transaction.insertInto('replayBatches').values(batch).execute();
      for (let from = 0; from < jobs.length; from += chunk)
        await transaction
          .insertInto('replays')
          .values(jobs.slice(from, from + chunk))
          .execute();
    });
  }

  async get(id: string): Promise<ReplayBatchRow | null> {
    const select = this.db.selectFrom('replayBatches').selectAll().where('id', '=', id);
    return (await select.executeTakeFirst()) ?? null;
  }

  /** Newest first. */
  async list(query: {
    instanceId: string | null;
    limit: number;
    cursor: string | null;
  }): Promise<Page<ReplayBatchRow>> {
    let select = this.db
      .selectFrom('replayBatches')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    if (query.instanceId) select = select.where('instanceId', '=', query.instanceId);
    if (query.cursor) select = select.where('id', '<', query.cursor);
    return toPage(await select.execute(), query.limit);
  }

  /** With all of its replays; what is being asked is not written down any more. */
  async remove(id: string): Promise<boolean> {
    await deleteAll(this.db, 'replays', 'id', sql`batch_id = ${id}`);
    const { numDeletedRows } = await this.db
      .deleteFrom('replayBatches')
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }
}
