import { sql, type RawBuilder } from 'kysely';
import { firstIdAt } from '../../flow/ids';
import type { Db } from '../schema';
import { deleteAll } from './deletion';

/** Duplicates are recognised for at least this long. */
const keepAtLeastMs = 7 * 86_400_000;

/**
 * Sweeps what is done and old, so that the working tables stay small. Ids are UUIDv7, and so the primary key finds what
 * is old. Whatever still has work to do stays, however old it is.
 */
export class RetentionRepository {
  constructor(private readonly db: Db) {}

  /** Deletes what was made before `before`, a little at a time; answers how many rows went. Never the last seven days. */
  async sweep(before: number): Promise<number> {
    const limit = Math.min(before, Date.now() - keepAtLeastMs);
    const oldest = firstIdAt(limit);
    const sweeps: [string, RawBuilder<unknown>][] = [
      ['deliveries', sql`id < ${oldest} and finished_at is not null`],
      ['turns', sql`id < ${oldest} and status <> 'retrying'`],
      ['messages', sql`id < ${oldest} and not exists (${unread}) and not exists (${unsent})`],
      ['dead_letters', sql`id < ${oldest}`],
      ['replays', sql`turn_id < ${oldest}`],
      ['replay_batches', sql`id < ${oldest}`],
    ];
    let removed = 0;
    for (const [table, condition] of sweeps) removed += await deleteAll(this.db, table, 'id', condition);
    removed += await deleteAll(
      this.db,
      'media',
      'message_id',
      sql`message_id < ${oldest} and not exists (${itsMessage})`,
    );
    removed += await deleteAll(
      this.db,
      'outgoing_files',
      'message_id',
      sql`message_id < ${oldest} and not exists (${sentWith}) and not exists (${scheduledWith})`,
    );
    removed += await deleteAll(this.db, 'uploads', 'id', sql`used_at < ${limit}`);
    const tokens = await this.db.deleteFrom('actionTokens').where('createdAt', '<', limit).executeTakeFirst();
    return removed + Number(tokens.numDeletedRows);
  }
}

const unread = sql`select 1 from chats where chats.id = messages.chat_id and messages.seq > chats.done_seq`;
const unsent = sql`select 1 from deliveries where deliveries.message_id = messages.id and deliveries.finished_at is null`;
const itsMessage = sql`select 1 from messages where messages.id = media.message_id`;
const sentWith = sql`select 1 from messages where messages.id = outgoing_files.message_id`;
const scheduledWith = sql`select 1 from scheduled where scheduled.id = outgoing_files.message_id`;
