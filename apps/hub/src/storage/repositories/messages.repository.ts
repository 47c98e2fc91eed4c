import { maxMessagesOfTurn } from '../hot-store';
import type { Db, Row } from '../schema';
import { ChatsRepository, type ChatRow } from './chats.repository';
import type { MediaRow } from './media.repository';
import { toPage, type Page } from './page';

/** All that is stored about one message: what its view and its trace are made of. */
export interface MessageStory {
  message: Row<'messages'>;
  chat: ChatRow | null;
  /** The turn that the message was read in, or that said it; null before its first attempt ended. */
  turn: Row<'turns'> | null;
  /** Inbound: the turns before it that were given up for one with more messages, oldest first. */
  merged: Row<'turns'>[];
  /** Outbound: the message's own parts. Inbound: the parts of its turn's answer. In order. */
  deliveries: Row<'deliveries'>[];
  /** Inbound: its files, in the order of the attachments. */
  media: MediaRow[];
}

export interface MessagesQuery {
  instanceId: string | null;
  /** The platform's own id of the event; quick together with the instance. */
  eventId: string | null;
  limit: number;
  cursor: string | null;
}

export class MessagesRepository {
  private readonly chats: ChatsRepository;

  constructor(private readonly db: Db) {
    this.chats = new ChatsRepository(db);
  }

  async story(id: string): Promise<MessageStory | null> {
    const message = await this.db.selectFrom('messages').selectAll().where('id', '=', id).executeTakeFirst();
    if (!message) return null;
    const chat = message.chatId === null ? null : await this.chats.get(message.chatId);
    const turn = (await this.turnOf(message)) ?? null;
    return {
      message,
      chat,
      turn,
      merged: await this.mergedOf(message),
      deliveries: await this.deliveriesOf(message, turn),
      media: await this.mediaOf(message),
    };
  }

  /** Newest first; with an event id, the one message that the platform's event became. */
  async list(query: MessagesQuery): Promise<Page<Row<'messages'>>> {
    let select = this.db
      .selectFrom('messages')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    if (query.instanceId) select = select.where('instanceId', '=', query.instanceId);
    if (query.eventId) select = select.where('eventId', '=', query.eventId);
    if (query.cursor) select = select.where('id', '<', query.cursor);
    return toPage(await select.execute(), query.limit);
  }

  /** What a message says, whose it is, and the turn that said it. */
  async source(id: string): Promise<{ instanceId: string; turnId: string | null; content: string } | null> {
    const select = this.db
      .selectFrom('messages')
      .select(['instanceId', 'turnId', 'content'])
      .where('id', '=', id);
    return (await select.executeTakeFirst()) ?? null;
  }

  private async turnOf({ chatId, seq, turnId }: Row<'messages'>): Promise<Row<'turns'> | undefined> {
    const turns = this.db.selectFrom('turns').selectAll();
    if (turnId) return turns.where('id', '=', turnId).executeTakeFirst();
    if (chatId === null || seq === null) return undefined;
    const turn = await turns
      .where('chatId', '=', chatId)
      .where('lastSeq', '>=', seq)
      .where('status', '!=', 'merged')
      .orderBy('lastSeq')
      .limit(1)
      .executeTakeFirst();
    return turn && turn.firstSeq <= seq ? turn : undefined;
  }

  private async mergedOf({ chatId, seq }: Row<'messages'>): Promise<Row<'turns'>[]> {
    if (chatId === null || seq === null) return [];
    return this.db
      .selectFrom('turns')
      .selectAll()
      .where('chatId', '=', chatId)
      .where('lastSeq', '>=', seq)
      .where('lastSeq', '<', seq + maxMessagesOfTurn)
      .where('firstSeq', '<=', seq)
      .where('status', '=', 'merged')
      .orderBy('id')
      .execute();
  }

  private async mediaOf({ id, type }: Row<'messages'>): Promise<MediaRow[]> {
    if (type !== 'message') return [];
    return this.db.selectFrom('media').selectAll().where('messageId', '=', id).orderBy('position').execute();
  }

  private async deliveriesOf(
    message: Row<'messages'>,
    turn: Row<'turns'> | null,
  ): Promise<Row<'deliveries'>[]> {
    const select = this.db.selectFrom('deliveries').selectAll().orderBy('seq');
    if (message.direction === 'out') return select.where('messageId', '=', message.id).execute();
    if (!turn) return [];
    return select
      .where('messageId', 'in', (from) =>
        from
          .selectFrom('messages')
          .select('messages.id')
          .where('messages.chatId', '=', turn.chatId)
          .where('messages.turnId', '=', turn.id),
      )
      .execute();
  }
}
