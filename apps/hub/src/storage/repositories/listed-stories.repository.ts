import { sql } from 'kysely';
import type { Db, Row } from '../schema';
import { readIn } from './trace-outcome';

/** As much of a message as its place in a list and what became of it are made of. */
export interface ListedStory {
  /** `content` is empty but for what was ignored. */
  message: Pick<
    Row<'messages'>,
    'id' | 'instanceId' | 'chatId' | 'direction' | 'type' | 'at' | 'receivedAt' | 'content'
  >;
  chat: Row<'chats'> | null;
  /** The turn that the message was read in, or that said it; null before its first attempt ended. */
  turn: Row<'turns'> | null;
  /** Outbound: the message's own parts. Inbound: the parts of its turn's answer. In order. */
  deliveries: ListedPart[];
}

const partColumns = ['messageId', 'partIndex', 'status', 'errorCode', 'log', 'statuses'] as const;
type ListedPart = Pick<Row<'deliveries'>, (typeof partColumns)[number]>;

/** The stories of a page of messages, with a handful of statements however many they are. */
export class ListedStoriesRepository {
  constructor(private readonly db: Db) {}

  /** Of the messages that are there, newest first. */
  async read(ids: string[]): Promise<ListedStory[]> {
    if (ids.length === 0) return [];
    const messages = await this.db
      .selectFrom('messages')
      .select(['id', 'instanceId', 'chatId', 'seq', 'direction', 'type', 'at', 'receivedAt', 'turnId'])
      .select([
        sql<string>`case when type = 'ignored' then content else '' end`.as('content'),
        readIn.as('readIn'),
      ])
      .where('id', 'in', ids)
      .orderBy('id', 'desc')
      .execute();
    const [turns, chats] = await Promise.all([
      this.turns(known(messages.map((message) => message.readIn))),
      this.chats(known(messages.map(({ chatId }) => chatId))),
    ]);
    const stories = messages.map(({ seq, readIn: turnId, turnId: saidBy, ...message }) => {
      const turn = turns.get(turnId ?? '');
      const isIts = turn !== undefined && (saidBy !== null || turn.firstSeq <= seq!);
      return { message, chat: chats.get(message.chatId ?? '') ?? null, turn: isIts ? turn : null };
    });
    const outbound = stories.filter(({ message }) => message.direction === 'out');
    const inbound = stories.filter(({ message }) => message.direction === 'in');
    const [own, answers] = await Promise.all([
      this.partsOf(outbound.map(({ message }) => message.id)),
      this.answersOf(known(inbound.map(({ turn }) => turn?.id ?? null))),
    ]);
    return stories.map((story) => ({
      ...story,
      deliveries:
        (story.message.direction === 'out' ? own.get(story.message.id) : answers.get(story.turn?.id ?? '')) ??
        [],
    }));
  }

  private async turns(ids: string[]): Promise<Map<string, Row<'turns'>>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.selectFrom('turns').selectAll().where('id', 'in', ids).execute();
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async chats(ids: string[]): Promise<Map<string, Row<'chats'>>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db.selectFrom('chats').selectAll().where('id', 'in', ids).execute();
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async partsOf(messageIds: string[]): Promise<Map<string, ListedPart[]>> {
    if (messageIds.length === 0) return new Map();
    const parts = await this.db
      .selectFrom('deliveries')
      .select(partColumns)
      .where('messageId', 'in', messageIds)
      .orderBy('seq')
      .execute();
    return groupedBy(parts, ({ messageId }) => messageId);
  }

  private async answersOf(turnIds: string[]): Promise<Map<string, ListedPart[]>> {
    if (turnIds.length === 0) return new Map();
    const parts = await this.db
      .selectFrom('messages')
      .innerJoin('deliveries', 'deliveries.messageId', 'messages.id')
      .select(partColumns.map((column) => `deliveries.${column}` as const))
      .select('messages.turnId')
      .where('messages.turnId', 'in', turnIds)
      .orderBy('deliveries.seq')
      .execute();
    return groupedBy(parts, ({ turnId }) => turnId!);
  }
}

const known = (ids: (string | null)[]) => [...new Set(ids.filter((id) => id !== null))];

function groupedBy<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
