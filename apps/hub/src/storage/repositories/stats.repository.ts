import { sql } from 'kysely';
import type { Db } from '../schema';

/** How much waits, and for how long. Ages in milliseconds; 0 when nothing waits. */
export interface StoreStats {
  /** Chats with messages that are not done with, and outbox lanes with parts that have not left. */
  turnLanes: number;
  deliveryLanes: number;
  deliveries: number;
  /** How long the longest overdue lane has been ready without being claimed. */
  oldestTurnMs: number;
  oldestDeliveryMs: number;
  scheduled: number;
  /** Files that are to be fetched, now or once more. */
  media: number;
  /** Recordings that are to be transcribed, now or once more. */
  transcripts: number;
  /** Turns that are to be asked again. */
  replays: number;
  /** Not replayed yet. */
  deadLetters: number;
}

export class StatsRepository {
  constructor(private readonly db: Db) {}

  /** Reads the working rows only, so that it costs the same whatever the history holds. */
  async read(now: number): Promise<StoreStats> {
    const overdue = sql<number | null>`min(case when leased = 0 then ready_at end)`;
    const turns = await this.db
      .selectFrom('chats')
      .select(({ fn }) => [fn.countAll().as('lanes'), overdue.as('oldest')])
      .where('readyAt', 'is not', null)
      .executeTakeFirstOrThrow();
    const outbox = await this.db
      .selectFrom('outboxLanes')
      .select(({ fn }) => [fn.countAll().as('lanes'), overdue.as('oldest')])
      .select(sql<number | null>`sum(tail_seq - done_seq)`.as('parts'))
      .where('readyAt', 'is not', null)
      .executeTakeFirstOrThrow();
    const count = async (table: 'scheduled' | 'deadLetters') => {
      let select = this.db.selectFrom(table).select(({ fn }) => fn.countAll().as('rows'));
      if (table === 'deadLetters') select = select.where('replayedAt' as never, 'is', null);
      return Number((await select.executeTakeFirstOrThrow()).rows);
    };
    const jobs = await this.db
      .selectFrom('media')
      .select(sql<number | null>`sum(case when status = 'ready' then 0 else 1 end)`.as('files'))
      .select(sql<number | null>`sum(case when status = 'ready' then 1 else 0 end)`.as('transcripts'))
      .where('readyAt', 'is not', null)
      .executeTakeFirstOrThrow();
    const { waiting } = await this.db
      .selectFrom('replays')
      .select(({ fn }) => fn.countAll().as('waiting'))
      .where('readyAt', 'is not', null)
      .executeTakeFirstOrThrow();
    const age = (at: number | null) => (at === null ? 0 : Math.max(0, now - at));
    return {
      turnLanes: Number(turns.lanes),
      deliveryLanes: Number(outbox.lanes),
      deliveries: Number(outbox.parts ?? 0),
      oldestTurnMs: age(turns.oldest),
      oldestDeliveryMs: age(outbox.oldest),
      scheduled: await count('scheduled'),
      media: Number(jobs.files ?? 0),
      transcripts: Number(jobs.transcripts ?? 0),
      replays: Number(waiting),
      deadLetters: await count('deadLetters'),
    };
  }
}
