import type { Db, Row } from '../schema';
import type { ClaimedMessage } from '../store';

/** How far a chat's lane reaches, and the agent's pause in it. */
export type LaneState = Pick<Row<'chats'>, 'tailSeq' | 'pausedAt' | 'pausedUntil' | 'pausedReason'>;

/** What waits in the lanes of chats. */
export class WaitingRepository {
  constructor(private readonly db: Db) {}

  /** By the chat's id. */
  async lanes(chatIds: readonly string[]): Promise<Map<string, LaneState>> {
    if (chatIds.length === 0) return new Map();
    const rows = await this.db
      .selectFrom('chats')
      .select(['id', 'tailSeq', 'pausedAt', 'pausedUntil', 'pausedReason'])
      .where('id', 'in', [...chatIds])
      .execute();
    return new Map(rows.map(({ id, ...lane }) => [id, lane]));
  }

  /** The messages from one place to another, both included, as a claim would answer them. */
  async messages(chatId: string, from: number, to: number): Promise<ClaimedMessage[]> {
    const rows = await this.db
      .selectFrom('messages as m')
      .leftJoin('contacts as c', (join) =>
        join.onRef('c.instanceId', '=', 'm.instanceId').onRef('c.externalId', '=', 'm.senderId'),
      )
      .select(['m.id', 'm.seq', 'm.type', 'm.content as event', 'm.receivedAt', 'c.personId'])
      .where('m.chatId', '=', chatId)
      .where('m.seq', '>=', from)
      .where('m.seq', '<=', to)
      .orderBy('m.seq')
      .execute();
    return rows.map(({ seq, ...message }) => ({ ...message, seq: seq! }));
  }
}
