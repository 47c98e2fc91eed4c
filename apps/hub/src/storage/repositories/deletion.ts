import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../schema';

const chunk = 500;
const chatsAtOnce = 100;

/**
 * Deletes all that an instance owned, a little at a time and each piece by an index: its files' jobs, then chat by chat, lanes
 * first, so that nothing of it is claimed any more, and then what has no chat.
 */
export async function removeOwned(db: Db, instanceId: string): Promise<void> {
  for (const table of ['media', 'outgoing_files'])
    await deleteAll(db, table, 'message_id', sql`instance_id = ${instanceId}`);
  for (;;) {
    const chats = await db
      .selectFrom('chats')
      .select('id')
      .where('instanceId', '=', instanceId)
      .limit(chatsAtOnce)
      .execute();
    if (chats.length === 0) break;
    const ofChats = sql`chat_id in (${sql.join(chats.map(({ id }) => id))})`;
    await deleteAll(db, 'outbox_lanes', 'chat_id', ofChats);
    for (const table of ['deliveries', 'turns', 'messages']) await deleteAll(db, table, 'id', ofChats);
    await db
      .deleteFrom('chats')
      .where(
        'id',
        'in',
        chats.map(({ id }) => id),
      )
      .execute();
  }
  const others = [
    'messages',
    'contacts',
    'scheduled',
    'dead_letters',
    'replays',
    'replay_batches',
    'uploads',
  ];
  for (const table of others) await deleteAll(db, table, 'id', sql`instance_id = ${instanceId}`);
}

/** Deletes what meets the condition in pieces that no other writer has to wait for long; answers how many rows went. */
export async function deleteAll(
  db: Db,
  table: string,
  key: string,
  condition: RawBuilder<unknown>,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ${sql.ref(key)} in (
        select ${sql.ref(key)} from ${sql.table(table)} where ${condition} order by ${sql.ref(key)} limit ${chunk}
      )`.execute(db);
    removed += Number(numAffectedRows);
    if (numAffectedRows < BigInt(chunk)) return removed;
  }
}
