import { sql } from 'kysely';
import type { Db } from '../schema';

/** One message of a chat's past, in either direction. */
export interface PastMessage {
  id: string;
  direction: 'in' | 'out';
  /** The event's type, or that of the Content. */
  type: string;
  /** When it came, or was taken on to be said. */
  at: number;
  /** JSON of the event or of the Content; null where that is too long to be worth reading. */
  content: string | null;
  /** Outbound: the ids that the platform gave to its parts. */
  platformIds: string[];
}

/** A moment that is over: what was said after it, or by the turn that began then, is left out. */
export interface AsOf {
  at: number;
  turnId: string;
}

/** Events between two messages that are passed over (reactions, edits): so far back messages are looked for. */
const reach = 1_000;
/** Most messages leave in one part. */
const partsOfMessage = 4;
/** Longer content holds a file, not words. */
const maxContent = 256 * 1024;
const neverSaid = ['dead', 'held', 'failed'];
const wordless = ['reaction', 'edit', 'delete'];

const content = sql<string | null>`case when length(content) <= ${maxContent} then content end`.as('content');

/** What was said in a chat before a turn. Reads by the lanes' indexes alone, however long the chat's past is. */
export class HistoryRepository {
  constructor(private readonly db: Db) {}

  /**
   * The last messages of both directions, oldest first and at most `limit`: those from people with a place in the lane before `seq`,
   * and what the hub said that did not fail. With `asOf`, what it had said by then.
   */
  async before(chatId: string, seq: number, limit: number, asOf?: AsOf): Promise<PastMessage[]> {
    const [heard, said] = await Promise.all([this.heard(chatId, seq, limit), this.said(chatId, limit, asOf)]);
    return [...heard, ...said].sort(byTime).slice(-limit);
  }

  private async heard(chatId: string, seq: number, limit: number): Promise<PastMessage[]> {
    const rows = await this.db
      .selectFrom('messages')
      .select(['id', 'type', 'receivedAt', content])
      .where('chatId', '=', chatId)
      .where('seq', '>=', seq - reach)
      .where('seq', '<', seq)
      .where('type', 'in', ['message', 'action'])
      .orderBy('seq', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ receivedAt, ...row }) => ({
      ...row,
      direction: 'in',
      at: receivedAt,
      platformIds: [],
    }));
  }

  private async said(chatId: string, limit: number, asOf?: AsOf): Promise<PastMessage[]> {
    let select = this.db
      .selectFrom('deliveries')
      .select(['messageId', 'status', 'platformIds', 'createdAt'])
      .where('chatId', '=', chatId)
      .orderBy('seq', 'desc')
      .limit(limit * partsOfMessage);
    if (asOf) select = select.where('createdAt', '<=', asOf.at);
    const parts = await select.execute();
    const left = parts.filter(({ status }) => !neverSaid.includes(status));
    const ids = [...new Set(left.map(({ messageId }) => messageId))].slice(0, limit);
    if (ids.length === 0) return [];
    const rows = await this.db
      .selectFrom('messages')
      .select(['id', 'type', 'turnId', content])
      .where('id', 'in', ids)
      .where('type', 'not in', wordless)
      .execute();
    const others = rows.filter(({ turnId }) => turnId === null || turnId !== asOf?.turnId);
    return others.map(({ turnId: _turnId, ...row }) => {
      const own = left.filter(({ messageId }) => messageId === row.id);
      return {
        ...row,
        direction: 'out',
        at: Math.min(...own.map(({ createdAt }) => createdAt)),
        platformIds: own.flatMap(({ platformIds }) => JSON.parse(platformIds ?? '[]') as string[]),
      };
    });
  }
}

const byTime = (a: PastMessage, b: PastMessage) => a.at - b.at || (a.id < b.id ? -1 : 1);
