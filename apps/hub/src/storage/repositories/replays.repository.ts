import { sql } from 'kysely';
import type { Db, ReplayStatus, Row } from '../schema';
import type { ClaimQuery } from '../store';

export type ReplayRow = Row<'replays'>;
/** Replays that are jobs; a single one is done while its caller waits. */
export type ReplayJobKind = 'batch' | 'shadow';

/** Proof of holding a job. A write with an epoch that is not the row's changes nothing and answers false. */
export interface ReplayLease {
  id: string;
  epoch: number;
}

/** What came of asking again. */
export interface ReplayResult {
  status: 'answered' | 'silent' | 'deferred' | 'failed';
  agentKind: string | null;
  /** JSON array. */
  content: string;
  code: string | null;
  detail: string | null;
  ms: number | null;
  originalMs: number | null;
  originalStatus: string | null;
  same: boolean;
}

/** How often an answer that several add to at once is tried. */
const tries = 10;

/**
 * Finished turns that are asked again, each a row and, in a batch or of a shadow agent, a job. `readyAt` says what a job is, as in
 * the lanes: null done, past runnable, future claimed.
 */
export class ReplaysRepository {
  constructor(private readonly db: Db) {}

  /** A replay that is no job. What it says until it is finished is true where that never comes. */
  async begin(replay: Pick<ReplayRow, 'id' | 'instanceId' | 'turnId'>, now: number): Promise<void> {
    const detail = 'the hub ended while the agent was asked: replay the turn again';
    await this.db
      .insertInto('replays')
      .values({ ...replay, kind: 'single', status: 'failed', code: 'AGENT_STOPPED', detail, createdAt: now })
      .execute();
  }

  async finish(id: string, result: ReplayResult, now: number): Promise<void> {
    await this.db.updateTable('replays').set(ended(result, now)).where('id', '=', id).execute();
  }

  /** Takes the jobs of the kind that have waited longest, for `leaseMs`. No other process gets them meanwhile. */
  async claim(kind: ReplayJobKind, query: ClaimQuery): Promise<ReplayRow[]> {
    const { now, leaseMs, limit, excludeInstances } = query;
    let due = this.due(kind).select('id').where('readyAt', '<=', now).orderBy('id').limit(limit);
    if (excludeInstances.length > 0) due = due.where('instanceId', 'not in', excludeInstances);
    const claimed: ReplayRow[] = [];
    for (const { id } of await due.execute()) {
      const row = await this.db
        .updateTable('replays')
        .set(({ eb }) => ({ readyAt: now + leaseMs, leased: 1, epoch: eb('epoch', '+', 1) }))
        .where('id', '=', id)
        .where('readyAt', '<=', now)
        .returningAll()
        .executeTakeFirst();
      if (row) claimed.push(row);
    }
    return claimed;
  }

  /** Moves the claims' ends to `until`; answers which were still held. */
  async extend(leases: ReplayLease[], until: number): Promise<boolean[]> {
    return Promise.all(leases.map((lease) => this.write(lease, { readyAt: until })));
  }

  async complete(lease: ReplayLease, result: ReplayResult, now: number): Promise<boolean> {
    const { numUpdatedRows } = await this.held(lease).set(ended(result, now)).executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Hands a claim back as if it had not been made. */
  async release(lease: ReplayLease, now: number): Promise<boolean> {
    return this.write(lease, { readyAt: now, leased: 0 });
  }

  /** A job that nobody wants any more. */
  async drop({ id, epoch }: ReplayLease): Promise<void> {
    await this.db.deleteFrom('replays').where('id', '=', id).where('epoch', '=', epoch).execute();
  }

  /** When the first job of the kind that is not due by `now` will be, or null. */
  async nextReadyAt(kind: ReplayJobKind, now: number): Promise<number | null> {
    const row = await this.due(kind)
      .select('readyAt')
      .where('readyAt', '>', now)
      .orderBy('readyAt')
      .limit(1)
      .executeTakeFirst();
    return row?.readyAt ?? null;
  }

  /** Drops the newest of an instance's shadow jobs beyond so many that wait; answers how many went of which instance. */
  async trimShadows(keep: number): Promise<{ instanceId: string; dropped: number }[]> {
    const crowded = await this.due('shadow')
      .select(({ fn }) => ['instanceId', fn.countAll().as('waiting')])
      .groupBy('instanceId')
      .having(({ fn }) => fn.countAll(), '>', keep)
      .execute();
    const dropped = crowded.map(async ({ instanceId, waiting }) => {
      const { numDeletedRows } = await this.db
        .deleteFrom('replays')
        .where('id', 'in', (from) =>
          from
            .selectFrom('replays')
            .select('id')
            .where('kind', '=', 'shadow')
            .where('readyAt', 'is not', null)
            .where('leased', '=', 0)
            .where('instanceId', '=', instanceId)
            .orderBy('id', 'desc')
            .limit(Number(waiting) - keep),
        )
        .executeTakeFirst();
      return { instanceId, dropped: Number(numDeletedRows) };
    });
    return (await Promise.all(dropped)).filter((one) => one.dropped > 0);
  }

  /**
   * Adds what an agent answers later to its replay, and answers the replay as it is then: null where there is none of that id. Safe
   * also while the agent is still being asked, and for several messages at once.
   */
  async hear(id: string, message: object, maxMessages: number): Promise<ReplayRow | null> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const row = await this.get(id);
      if (!row) return null;
      const content = [...(JSON.parse(row.content) as object[]), message];
      if (content.length > maxMessages) return row;
      const changed = await this.db
        .updateTable('replays')
        .set({
          content: JSON.stringify(content),
          status: sql<ReplayStatus>`case when status = 'deferred' then 'answered' else status end`,
        })
        .where('id', '=', id)
        .where('content', '=', row.content)
        .returningAll()
        .executeTakeFirst();
      if (changed) return changed;
    }
    throw new Error('the answer to a replay could not be added: others were added all the time');
  }

  /** Whether both answers are the same by now. */
  async compare(id: string, same: boolean): Promise<void> {
    await this.db
      .updateTable('replays')
      .set({ same: Number(same) })
      .where('id', '=', id)
      .execute();
  }

  /** The newest replays of a turn, of all kinds. */
  async ofTurn(turnId: string, limit: number): Promise<ReplayRow[]> {
    return this.db
      .selectFrom('replays')
      .selectAll()
      .where('turnId', '=', turnId)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  async get(id: string): Promise<ReplayRow | null> {
    return (await this.db.selectFrom('replays').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
  }

  private due(kind: ReplayJobKind) {
    return this.db.selectFrom('replays').where('kind', '=', kind).where('readyAt', 'is not', null);
  }

  private held({ id, epoch }: ReplayLease) {
    return this.db
      .updateTable('replays')
      .where('id', '=', id)
      .where('leased', '=', 1)
      .where('epoch', '=', epoch);
  }

  private async write(lease: ReplayLease, changes: { readyAt: number; leased?: number }): Promise<boolean> {
    const { numUpdatedRows } = await this.held(lease).set(changes).executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}

/** An agent that says that it answers later may have done so already. */
function ended({ status, content, same, ...facts }: ReplayResult, now: number) {
  const done = { ...facts, same: Number(same), readyAt: null, leased: 0, finishedAt: now };
  if (status !== 'deferred') return { ...done, status, content };
  return {
    ...done,
    status: sql<ReplayStatus>`case when content = '[]' then 'deferred' else 'answered' end`,
  };
}
