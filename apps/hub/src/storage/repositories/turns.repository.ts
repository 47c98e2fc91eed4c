import { firstIdAt } from '../../flow/ids';
import type { Db, Row } from '../schema';
import { ChatsRepository, type ChatRow } from './chats.repository';
import { listedContent } from './listed-content';
import { toPage, type Page } from './page';

export type TurnRow = Row<'turns'>;

/** Which turns; null leaves a question open. */
export interface TurnsFilter {
  instanceId: string | null;
  /** The chat's own id in the hub. */
  chatId: string | null;
  status: string | null;
  agentKind: string | null;
  /** When they began: from the first on, before the second. */
  from: number | null;
  to: number | null;
}

export interface TurnsQuery extends TurnsFilter {
  limit: number;
  cursor: string | null;
}

/** A message that a turn was about. */
export interface TurnMessage extends Row<'messages'> {
  personId: string | null;
}

/** What a turn said: one message as it was committed. */
export interface SaidMessage {
  id: string;
  turnId: string;
  type: string;
  at: number;
  /** JSON of the Content; null where that is too long to be listed. */
  content: string | null;
}

/** All that is stored about one turn. */
export interface TurnStory {
  turn: TurnRow;
  /** Null where its chat is gone. */
  chat: ChatRow | null;
  /** Those that retention has left, in the order of the lane. */
  messages: TurnMessage[];
  /** In the order in which it was said; an answer that the agent gave later too. */
  said: (SaidMessage & { content: string })[];
}

/** Turns that were tried at least once. Their ids are made when they begin: the primary key finds a time. */
export class TurnsRepository {
  private readonly chats: ChatsRepository;

  constructor(private readonly db: Db) {
    this.chats = new ChatsRepository(db);
  }

  /** Newest first. */
  async list({ limit, cursor, ...filter }: TurnsQuery): Promise<Page<TurnRow>> {
    let select = this.select(filter)
      .selectAll()
      .limit(limit + 1);
    if (cursor) select = select.where('id', '<', cursor);
    return toPage(await select.execute(), limit);
  }

  /** The ids of the newest turns that are over and that the agent was asked about, oldest first. */
  async finished(filter: TurnsFilter, limit: number): Promise<string[]> {
    const rows = await this.select(filter)
      .select('id')
      .where('status', 'not in', ['retrying', 'merged'])
      .where('agentKind', 'is not', null)
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id).reverse();
  }

  async get(id: string): Promise<TurnRow | null> {
    return (await this.db.selectFrom('turns').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
  }

  async named(ids: string[]): Promise<Map<string, TurnRow>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.selectFrom('turns').selectAll().where('id', 'in', ids).execute();
    return new Map(rows.map((row) => [row.id, row]));
  }

  async story(id: string): Promise<TurnStory | null> {
    const turn = await this.get(id);
    if (!turn) return null;
    const [chat, messages, said] = await Promise.all([
      this.chats.get(turn.chatId),
      this.messagesOf(turn),
      this.db
        .selectFrom('messages')
        .select(['id', 'turnId', 'type', 'at', 'content'])
        .where('turnId', '=', id)
        .where('direction', '=', 'out')
        .orderBy('id')
        .execute(),
    ]);
    return { turn, chat, messages, said: said as TurnStory['said'] };
  }

  /** What each of these turns said. */
  async saidBy(turnIds: string[]): Promise<SaidMessage[]> {
    if (turnIds.length === 0) return [];
    const rows = await this.db
      .selectFrom('messages')
      .select(['id', 'turnId', 'type', 'at', listedContent])
      .where('turnId', 'in', turnIds)
      .where('direction', '=', 'out')
      .orderBy('id')
      .execute();
    return rows as SaidMessage[];
  }

  /** The hub's own id of a chat: of that id itself, or of the platform's within an instance. */
  async chatId(instanceId: string | null, chat: string): Promise<string | null> {
    const byId = await this.chats.get(chat);
    if (byId) return instanceId === null || byId.instanceId === instanceId ? byId.id : null;
    if (instanceId === null) return null;
    const row = await this.db
      .selectFrom('chats')
      .select('id')
      .where('instanceId', '=', instanceId)
      .where('externalId', '=', chat)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  private select({ instanceId, chatId, status, agentKind, from, to }: TurnsFilter) {
    let select = this.db.selectFrom('turns').orderBy('id', 'desc');
    if (instanceId) select = select.where('instanceId', '=', instanceId);
    if (chatId) select = select.where('chatId', '=', chatId);
    if (status) select = select.where('status', '=', status);
    if (agentKind) select = select.where('agentKind', '=', agentKind);
    if (from !== null) select = select.where('id', '>=', firstIdAt(from));
    if (to !== null) select = select.where('id', '<', firstIdAt(to));
    return select;
  }

  private messagesOf({ chatId, firstSeq, lastSeq }: TurnRow): Promise<TurnMessage[]> {
    return this.db
      .selectFrom('messages')
      .leftJoin('contacts', (join) =>
        join
          .onRef('contacts.instanceId', '=', 'messages.instanceId')
          .onRef('contacts.externalId', '=', 'messages.senderId'),
      )
      .selectAll('messages')
      .select('contacts.personId')
      .where('messages.chatId', '=', chatId)
      .where('messages.seq', '>=', firstSeq)
      .where('messages.seq', '<=', lastSeq)
      .orderBy('messages.seq')
      .execute();
  }
}
