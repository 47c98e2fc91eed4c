import { newId } from '../../flow/ids';
import type { HotStore } from '../hot-store';
import type { Db, Row } from '../schema';
import type { NewDeadLetter, NewEvent } from '../store';
import { toPage, type Page } from './page';

export type DeadLetterRow = Row<'deadLetters'>;
export type ReplayResult = 'replayed' | 'already' | 'not_replayable' | 'not_found';

export interface DeadLettersQuery {
  instanceId: string | null;
  kind: NewDeadLetter['kind'] | null;
  code: string | null;
  limit: number;
  cursor: string | null;
  /** Only what can still be replayed. */
  replayable?: boolean;
}

export class DeadLettersRepository {
  constructor(
    private readonly db: Db,
    private readonly hot: HotStore,
  ) {}

  async add(letter: NewDeadLetter): Promise<void> {
    await this.db.insertInto('deadLetters').values(letter).execute();
  }

  /** Newest first. */
  async list(query: DeadLettersQuery): Promise<Page<DeadLetterRow>> {
    let select = this.db
      .selectFrom('deadLetters')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    if (query.instanceId) select = select.where('instanceId', '=', query.instanceId);
    if (query.kind) select = select.where('kind', '=', query.kind);
    if (query.code) select = select.where('code', '=', query.code);
    if (query.cursor) select = select.where('id', '<', query.cursor);
    if (query.replayable) select = select.where('replayedAt', 'is', null).where('kind', '!=', 'webhook');
    return toPage(await select.execute(), query.limit);
  }

  async get(id: string): Promise<DeadLetterRow | null> {
    const select = this.db.selectFrom('deadLetters').selectAll().where('id', '=', id);
    return (await select.executeTakeFirst()) ?? null;
  }

  async delete(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('deadLetters')
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /**
   * Puts what failed back on its road: a turn's messages at the end of their chat's lane, a part at the end of its outbox
   * lane, to leave before `expiresAt`. Once only: what comes of it is a letter of its own. What retention has swept, and a
   * body that was not understood, cannot be replayed. Ended halfway and called again, it goes on and repeats nothing.
   */
  async replay(id: string, expiresAt: number): Promise<ReplayResult> {
    const letter = await this.get(id);
    if (!letter) return 'not_found';
    if (letter.replayedAt !== null) return 'already';
    if (letter.kind === 'webhook') return 'not_replayable';
    return letter.kind === 'turn' ? this.replayTurn(letter) : this.replayDelivery(letter, expiresAt);
  }

  private async replayTurn(letter: DeadLetterRow): Promise<ReplayResult> {
    const messages = await this.db
      .selectFrom('turns')
      .innerJoin('messages', 'messages.chatId', 'turns.chatId')
      .innerJoin('chats', 'chats.id', 'turns.chatId')
      .selectAll('messages')
      .select(['chats.externalId', 'chats.kind', 'chats.title'])
      .where('turns.id', '=', letter.refId)
      .where(({ eb, ref }) => eb.between('messages.seq', ref('turns.firstSeq'), ref('turns.lastSeq')))
      .orderBy('messages.seq')
      .execute();
    if (messages.length === 0) return 'not_replayable';
    const receivedAt = Date.now();
    const events = messages.map(
      ({ externalId, kind, title, ...message }): NewEvent => ({
        ...message,
        id: newId(),
        eventId: `${message.eventId}#replay:${letter.id}`,
        receivedAt,
        chat: { id: message.chatId!, externalId, seenAddress: null, kind, title },
        contact: null,
        event: message.content,
        raw: null,
        rawId: message.rawId ?? message.id,
        heardAt: null,
        settleMs: 0,
      }),
    );
    await Promise.all(events.map((event) => this.hot.ingest(event)));
    return this.markReplayed(this.db, letter.id, receivedAt);
  }

  private async replayDelivery(letter: DeadLetterRow, expiresAt: number): Promise<ReplayResult> {
    const createdAt = Date.now();
    return this.db.transaction().execute(async (transaction) => {
      const delivery = await transaction
        .selectFrom('deliveries')
        .selectAll()
        .where('id', '=', letter.refId)
        .executeTakeFirst();
      if (!delivery) return 'not_replayable';
      const result = await this.markReplayed(transaction, letter.id, createdAt);
      if (result === 'already') return result;
      const { tailSeq } = await transaction
        .updateTable('outboxLanes')
        .set(({ eb, fn, val }) => ({
          tailSeq: eb('tailSeq', '+', 1),
          readyAt: fn.coalesce('readyAt', val(createdAt)),
        }))
        .where('chatId', '=', delivery.chatId)
        .returning('tailSeq')
        .executeTakeFirstOrThrow();
      const { messageId, instanceId, chatId, partIndex, part, replyTo, fallback } = delivery;
      await transaction
        .insertInto('deliveries')
        .values({
          ...{ messageId, instanceId, chatId, partIndex, part, replyTo, fallback, createdAt, expiresAt },
          ...{ id: newId(), seq: tailSeq, replaces: null, status: 'pending', attempts: 0, log: '[]' },
        })
        .execute();
      return result;
    });
  }

  /** The guard against two at once: only one of them finds the letter unmarked. */
  private async markReplayed(db: Db, id: string, at: number): Promise<'replayed' | 'already'> {
    const { numUpdatedRows } = await db
      .updateTable('deadLetters')
      .set({ replayedAt: at })
      .where('id', '=', id)
      .where('replayedAt', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n ? 'replayed' : 'already';
  }
}
