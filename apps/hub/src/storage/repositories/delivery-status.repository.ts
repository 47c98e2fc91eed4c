import { sql, type RawBuilder } from 'kysely';
import { newId } from '../../flow/ids';
import type { KnownStatus } from '../../flow/trace';
import type { Db, DeliveryStatus, Row } from '../schema';

/** What a platform told about a message that it had taken. */
export interface StatusUpdate {
  /** The platform's id of the message, as receipts have it. */
  platformId: string;
  /** The hub's own id of the delivery, where the platform told it back. */
  deliveryId: string | null;
  status: 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';
  /** By the platform's clock, epoch milliseconds; 0 where it does not say. */
  at: number;
  /** Only on `failed`. */
  code: string | null;
  detail: string | null;
}

/** What may follow what: a status only moves forward, so that a late `delivered` never undoes `read`. */
const from: Record<StatusUpdate['status'], DeliveryStatus[]> = {
  accepted: [],
  sent: ['accepted'],
  delivered: ['accepted', 'sent'],
  read: ['accepted', 'sent', 'delivered'],
  failed: ['accepted', 'sent'],
};

/** A part that the platform took and never said another word of. */
export const unacknowledged = 'UNACKNOWLEDGED';

/** Early statuses wait for their receipt for so long: most of them are of messages that another program sent. */
const earlyMs = 86_400_000;

/** What platforms tell about a part after they took it. */
export class DeliveryStatusRepository {
  constructor(private readonly db: Db) {}

  /**
   * Writes down what a platform told, all of it in one transaction. A status that says less than what is known changes
   * nothing; one for a message that is not known yet is kept until its receipt is recorded (`applyEarly`). One that names
   * the hub's own delivery clears up a send that had no answer: what waited to be sent again is not. A failure becomes a dead
   * letter. Answers whether lanes became ready to go on. Repeating it changes nothing.
   */
  async record(instanceId: string, updates: readonly StatusUpdate[]): Promise<boolean> {
    // Rows are locked in one order by all, and never a lane after its delivery. That a part was taken its receipt says itself.
    const inOrder = updates
      .filter(({ status, deliveryId }) => status !== 'accepted' || deliveryId !== null)
      .sort((a, b) => (a.platformId < b.platformId ? -1 : a.platformId > b.platformId ? 1 : 0));
    if (inOrder.length === 0) return false;
    const cleared = await this.db.transaction().execute(async (transaction) => {
      const chatIds: string[] = [];
      for (const update of inOrder) {
        const chatId = update.deliveryId && (await confirm(transaction, instanceId, update));
        if (chatId) chatIds.push(chatId);
        if (update.status === 'accepted') continue;
        if (await advance(transaction, instanceId, update)) continue;
        const known = await isKnown(transaction, instanceId, update.platformId);
        if (!known) await keepEarly(transaction, instanceId, update);
        // An end that was recorded meanwhile has not seen it.
        await advance(transaction, instanceId, update);
      }
      return chatIds;
    });
    for (const chatId of cleared) await this.goOn(chatId);
    return cleared.length > 0;
  }

  /**
   * Lets a part's lane go on at once where the platform has told of the part while its send was on the wire. Called after one
   * that had no answer. Answers whether it goes on.
   */
  async resumeIfTold(deliveryId: string): Promise<boolean> {
    const delivery = await this.db
      .selectFrom('deliveries')
      .select('chatId')
      .where('id', '=', deliveryId)
      .where('status', '=', 'pending')
      .where('platformId', 'is not', null)
      .executeTakeFirst();
    if (delivery) await this.goOn(delivery.chatId);
    return delivery !== undefined;
  }

  /** Applies what was told before the receipt was recorded. Called once it is. */
  async applyEarly(instanceId: string, platformId: string): Promise<void> {
    const early = await this.db
      .selectFrom('earlyStatuses')
      .select('update')
      .where('instanceId', '=', instanceId)
      .where('platformId', '=', platformId)
      .orderBy('createdAt')
      .execute();
    if (early.length === 0) return;
    await this.db.transaction().execute(async (transaction) => {
      for (const { update } of early)
        await advance(transaction, instanceId, JSON.parse(update) as StatusUpdate);
      await transaction
        .deleteFrom('earlyStatuses')
        .where('instanceId', '=', instanceId)
        .where('platformId', '=', platformId)
        .execute();
    });
  }

  /**
   * Gives a part the status that the platform had told before its end was written down, also where that end was that no answer
   * came. Called after the end of every part whose id the platform tells back.
   */
  async settle(deliveryId: string): Promise<void> {
    const told = (db: Db) =>
      db
        .selectFrom('deliveries')
        .selectAll()
        .where('id', '=', deliveryId)
        .where('platformId', 'is not', null)
        .where(({ or, and, eb }) =>
          or([
            eb('status', 'in', ['dead', 'held']),
            and([eb('status', '=', 'accepted'), eb('statuses', '!=', '[]')]),
          ]),
        )
        .executeTakeFirst();
    if (!(await told(this.db))) return;
    await this.db.transaction().execute(async (transaction) => {
      const delivery = await told(transaction);
      if (delivery) await takeAsSent(transaction, delivery);
    });
  }

  /**
   * Parts that the platform accepted before `before` and never acknowledged become dead letters, once each, and stay what
   * they are: an acknowledgement that comes late takes the letter back. Answers how many became so.
   */
  async giveUpWaiting(instanceId: string, before: number, now: number): Promise<number> {
    return this.db.transaction().execute(async (transaction) => {
      const late = await transaction
        .updateTable('deliveries')
        .set({ errorCode: unacknowledged })
        .where('instanceId', '=', instanceId)
        .where('status', '=', 'accepted')
        .where('finishedAt', '<', before)
        .where('errorCode', 'is', null)
        .returning(['id', 'chatId'])
        .execute();
      const detail =
        'the platform accepted it and has not said since that it left, so it may not have arrived; look at the chat, and replay it if it is not there';
      for (const { id, chatId } of late) {
        await addLetter(transaction, { id, chatId, instanceId }, unacknowledged, detail, now);
      }
      return late.length;
    });
  }

  /** Forgets early statuses that no receipt came for. */
  async sweep(now: number): Promise<void> {
    await this.db
      .deleteFrom('earlyStatuses')
      .where('createdAt', '<', now - earlyMs)
      .execute();
  }

  private async goOn(chatId: string): Promise<void> {
    await this.db
      .updateTable('outboxLanes')
      .set({ readyAt: Date.now() })
      .where('chatId', '=', chatId)
      .where('leased', '=', 0)
      .where('readyAt', 'is not', null)
      .execute();
  }
}

/** Notes the platform's id of a part whose send had no answer. Answers its chat where the part waits to be sent again. */
async function confirm(db: Db, instanceId: string, update: StatusUpdate): Promise<string | null> {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ platformId: update.platformId, platformIds: JSON.stringify([update.platformId]) })
    .where('id', '=', update.deliveryId!)
    .where('instanceId', '=', instanceId)
    .where('platformId', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return null;
  const delivery = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('id', '=', update.deliveryId!)
    .executeTakeFirstOrThrow();
  if (delivery.status === 'dead' || delivery.status === 'held') await takeAsSent(db, delivery);
  return delivery.status === 'pending' ? delivery.chatId : null;
}

/** The part has left whatever was thought of it: its status is the furthest that the platform has told. */
async function takeAsSent(db: Db, delivery: Row<'deliveries'>): Promise<void> {
  let furthest: KnownStatus | null = null;
  let status: DeliveryStatus = 'accepted';
  for (const known of JSON.parse(delivery.statuses) as KnownStatus[]) {
    if (!from[known.status].includes(status)) continue;
    furthest = known;
    status = known.status as DeliveryStatus;
  }
  await db
    .updateTable('deliveries')
    .set({ status, errorCode: furthest?.code ?? null })
    .where('id', '=', delivery.id)
    .execute();
  await removeLetter(db, delivery.id);
  if (furthest?.status === 'failed') await addFailure(db, delivery, furthest);
}

/** Moves a part on; true where there was one to move, or to note it on. */
async function advance(db: Db, instanceId: string, update: StatusUpdate): Promise<boolean> {
  const { platformId, status, at, code, detail } = update;
  const noted: KnownStatus = { status, at, code, detail };
  const moved =
    from[status].length === 0
      ? undefined
      : await of(platformId, from[status], {
          status: status as DeliveryStatus,
          errorCode: code,
          statuses: withStatus(noted),
        });
  if (moved) {
    await removeLetter(db, moved.id);
    if (status === 'failed') await addFailure(db, { ...moved, instanceId }, noted);
    return true;
  }
  // A confirmed part whose lane has not come to its end yet takes its status from the note.
  return (await of(platformId, ['pending', 'sending'], { statuses: withStatus(noted) })) !== undefined;

  function of(id: string, states: DeliveryStatus[], changes: object) {
    return db
      .updateTable('deliveries')
      .set(changes)
      .where('instanceId', '=', instanceId)
      .where('platformId', '=', id)
      .where('status', 'in', states)
      .returning(['id', 'chatId'])
      .executeTakeFirst();
  }
}

/** SQL: the list with one more entry. */
function withStatus(status: KnownStatus): RawBuilder<string> {
  const json = JSON.stringify(status);
  return sql<string>`case when statuses = '[]' then ${`[${json}]`}
    else substr(statuses, 1, length(statuses) - 1) || ${`,${json}]`} end`;
}

async function isKnown(db: Db, instanceId: string, platformId: string): Promise<boolean> {
  const row = await db
    .selectFrom('deliveries')
    .select('id')
    .where('instanceId', '=', instanceId)
    .where('platformId', '=', platformId)
    .executeTakeFirst();
  return row !== undefined;
}

async function keepEarly(db: Db, instanceId: string, update: StatusUpdate): Promise<void> {
  const { platformId, status } = update;
  await db
    .insertInto('earlyStatuses')
    .values({ instanceId, platformId, status, update: JSON.stringify(update), createdAt: Date.now() })
    .onConflict((conflict) => conflict.columns(['instanceId', 'platformId', 'status']).doNothing())
    .execute();
}

interface LetterOf {
  id: string;
  chatId: string;
  instanceId: string;
}

async function addFailure(db: Db, delivery: LetterOf, { code, detail }: KnownStatus): Promise<void> {
  const why = detail ?? 'the platform could not deliver it and does not say why';
  await addLetter(db, delivery, code ?? 'REJECTED', why, Date.now());
}

async function addLetter(
  db: Db,
  delivery: LetterOf,
  code: string,
  detail: string,
  createdAt: number,
): Promise<void> {
  const { id: refId, chatId, instanceId } = delivery;
  await db
    .insertInto('deadLetters')
    .values({ id: newId(), kind: 'delivery', instanceId, chatId, refId, code, detail, raw: null, createdAt })
    .execute();
}

/** What was given up has arrived after all. A letter that was replayed stays: it tells of what was sent again. */
async function removeLetter(db: Db, refId: string): Promise<void> {
  await db.deleteFrom('deadLetters').where('refId', '=', refId).where('replayedAt', 'is', null).execute();
}
