import { sql } from 'kysely';
import type { Db, Row } from '../schema';
import { toPage, type Page } from './page';

/** A chat with the state of its lane. `waitingSince` tells something while `tailSeq` is beyond `doneSeq`. */
export interface ChatRow extends Row<'chats'> {
  /** When the oldest message came that is not done with. */
  waitingSince: number;
}

export type MessageSummaryRow = Omit<Row<'messages'>, 'raw' | 'rawId'>;

export interface Target {
  externalId: string;
  kind: string;
  title: string | null;
}

const waitingSince = sql<number | null>`(
  select received_at from messages where messages.chat_id = chats.id and messages.seq > chats.done_seq
  order by messages.seq limit 1
)`.as('waitingSince');

export class ChatsRepository {
  constructor(private readonly db: Db) {}

  /** Newest first. */
  async list(query: {
    instanceId: string | null;
    limit: number;
    cursor: string | null;
  }): Promise<Page<ChatRow>> {
    let select = this.db
      .selectFrom('chats')
      .selectAll()
      .select(waitingSince)
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    if (query.instanceId) select = select.where('instanceId', '=', query.instanceId);
    if (query.cursor) select = select.where('id', '<', query.cursor);
    const { items, nextCursor } = toPage(await select.execute(), query.limit);
    return { items: items.map(toChat), nextCursor };
  }

  async get(id: string): Promise<ChatRow | null> {
    const row = await this.db
      .selectFrom('chats')
      .selectAll()
      .select(waitingSince)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toChat(row) : null;
  }

  /** Both directions, in the order in which the hub stored them. */
  async messages(
    chatId: string,
    query: { limit: number; cursor: string | null; order: 'newest' | 'oldest' },
  ): Promise<Page<MessageSummaryRow>> {
    const newest = query.order === 'newest';
    let select = this.db
      .selectFrom('messages')
      .select(['id', 'instanceId', 'chatId', 'seq', 'direction', 'eventId', 'type', 'senderId', 'turnId'])
      .select(['at', 'receivedAt', 'content', 'redeliveries'])
      .where('chatId', '=', chatId)
      .orderBy('id', newest ? 'desc' : 'asc')
      .limit(query.limit + 1);
    if (query.cursor) select = select.where('id', newest ? '<' : '>', query.cursor);
    return toPage(await select.execute(), query.limit);
  }

  /**
   * Follows a chat to its new id. It keeps its history under the new id; where the new id has a chat already, the old one
   * stays, and what it still has to say goes to the new address. Repeating it changes nothing.
   */
  async rekey(instanceId: string, from: string, to: string): Promise<void> {
    const old = this.db
      .updateTable('chats')
      .where('instanceId', '=', instanceId)
      .where('externalId', '=', from);
    const { numUpdatedRows } = await old
      .set({ address: to, externalId: to, seenAddress: null })
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('chats as other')
              .select('other.id')
              .where('other.instanceId', '=', instanceId)
              .where('other.externalId', '=', to),
          ),
        ),
      )
      .executeTakeFirst();
    if (numUpdatedRows === 0n) await old.set({ address: to, seenAddress: null }).execute();
  }

  /** Keeps the agent from answering in a chat; null in `until` waits for `resume`. False where there is no such chat. */
  async pause(id: string, since: number, until: number | null, reason: string | null): Promise<boolean> {
    return this.setPause(id, { pausedAt: since, pausedUntil: until, pausedReason: reason });
  }

  async resume(id: string): Promise<boolean> {
    return this.setPause(id, { pausedAt: null, pausedUntil: null, pausedReason: null });
  }

  private async setPause(
    id: string,
    pause: Pick<Row<'chats'>, 'pausedAt' | 'pausedUntil' | 'pausedReason'>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('chats')
      .set(pause)
      .where('id', '=', id)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** When the chat's other side last wrote; null where it never did, or there is no such chat. */
  async heardAt(instanceId: string, externalId: string): Promise<number | null> {
    const chat = await this.db
      .selectFrom('chats')
      .select('heardAt')
      .where('instanceId', '=', instanceId)
      .where('externalId', '=', externalId)
      .executeTakeFirst();
    return chat?.heardAt ?? null;
  }

  /** Who `to` means: a chat's or contact's id, a phone number, a username with or without @. Null when unknown. */
  async findTarget(instanceId: string, to: string): Promise<Target | null> {
    const chat = await this.db
      .selectFrom('chats')
      .select(['externalId', 'kind', 'title'])
      .where('instanceId', '=', instanceId)
      .where(({ eb }) => eb.or([eb('externalId', '=', to), eb('id', '=', to)]))
      .executeTakeFirst();
    if (chat) return chat;
    const contact =
      (await this.contact(instanceId).where('externalId', '=', to).executeTakeFirst()) ??
      (await this.contactByPhone(instanceId, to)) ??
      (await this.contact(instanceId)
        .where(sql<string>`lower(username)`, '=', to.replace(/^@/, '').toLowerCase())
        .executeTakeFirst());
    return contact ? { externalId: contact.externalId, kind: 'direct', title: contact.name } : null;
  }

  private async contactByPhone(instanceId: string, to: string) {
    if (!/^\+?[\d\s().-]{5,}$/.test(to)) return undefined;
    const digits = to.replace(/\D/g, '');
    return this.contact(instanceId)
      .where('phone', 'in', [digits, `+${digits}`])
      .executeTakeFirst();
  }

  private contact(instanceId: string) {
    return this.db
      .selectFrom('contacts')
      .select(['externalId', 'name'])
      .where('instanceId', '=', instanceId)
      .orderBy('updatedAt', 'desc')
      .limit(1);
  }
}

const toChat = (row: Row<'chats'> & { waitingSince: number | null }): ChatRow => ({
  ...row,
  waitingSince: row.waitingSince ?? row.lastInboundAt ?? row.createdAt,
});
