import type { Database, Statement } from 'better-sqlite3';
import type {
  ClaimedDelivery,
  ClaimQuery,
  DeliveryCompletion,
  EnqueueRequest,
  EnqueueResult,
  LaneLease,
  NewOutbound,
} from '../store';
import type { DeadLetterLog } from './dead-letter-log';

interface OutboxLane extends LaneLease {
  instanceId: string;
  doneSeq: number;
  lastSentAt: number | null;
}

interface Head extends Omit<ClaimedDelivery, keyof OutboxLane | 'uncertain' | 'confirmed' | 'scheduled'> {
  status: string;
  confirmed: number;
  scheduled: number;
}

/** The lanes of what leaves: one part at a time for each chat, in the order in which it was said. */
export class OutboxLanes {
  private readonly findMessage: Statement;
  private readonly findDeliveries: Statement;
  private readonly saveChat: Statement;
  private readonly insertMessage: Statement;
  private readonly growLane: Statement;
  private readonly insertDelivery: Statement;
  private readonly lease: Statement;
  private readonly readHead: Statement;
  private readonly recordAttempt: Statement;
  private readonly skipGap: Statement;
  private readonly advance: Statement;
  private readonly keep: Statement;
  private readonly saveDelivery: Statement;
  private readonly extendLease: Statement;

  constructor(
    db: Database,
    private readonly deadLetters: DeadLetterLog,
  ) {
    this.findMessage = db.prepare(`
      select id as messageId, chat_id as chatId from messages
      where instance_id = ? and event_id = ? and direction = 'out'
    `);
    this.findDeliveries = db.prepare(`select id from deliveries where message_id = ? order by seq`).pluck();
    this.saveChat = db
      .prepare(
        `insert into chats (id, instance_id, external_id, address, seen_address, kind, title, created_at)
         values (@id, @instanceId, @externalId, @externalId, @seenAddress, @kind, @title, @at)
         on conflict (instance_id, external_id) do update set external_id = excluded.external_id returning id`,
      )
      .pluck();
    this.insertMessage = db.prepare(`
      insert into messages (id, instance_id, chat_id, direction, event_id, type, turn_id, at, received_at, content)
      values (@id, @instanceId, @chatId, 'out', @eventId, @type, @turnId, @at, @at, @content)
    `);
    this.growLane = db
      .prepare(
        `insert into outbox_lanes (chat_id, instance_id, tail_seq, ready_at) values (@chatId, @instanceId, @count, @at)
         on conflict (chat_id) do update set tail_seq = tail_seq + @count, ready_at = coalesce(ready_at, @at)
         returning tail_seq`,
      )
      .pluck();
    this.insertDelivery = db.prepare(`
      insert into deliveries (id, message_id, instance_id, chat_id, seq, part_index, part, reply_to, answers, replaces, fallback,
        scheduled, wait_ms, typing_for, created_at, expires_at)
      values (@id, @messageId, @instanceId, @chatId, @seq, @partIndex, @part, @replyTo, @answers, @replaces, @fallback,
        @scheduled, @waitMs, @typingFor, @at, @expiresAt)
    `);
    this.lease = db.prepare(`
      update outbox_lanes set ready_at = @until, leased = 1, epoch = epoch + 1
      where chat_id in (
        select chat_id from outbox_lanes
        where ready_at <= @now and instance_id not in (select value from json_each(@excluded))
        order by ready_at limit @limit
      )
      returning chat_id as chatId, instance_id as instanceId, epoch, done_seq as doneSeq, last_sent_at as lastSentAt
    `);
    this.readHead = db.prepare(`
      select d.id, d.message_id as messageId, d.seq, d.part, d.reply_to as replyTo, d.answers, d.replaces, d.status, d.attempts + 1 as attempts,
        d.created_at as createdAt, d.expires_at as expiresAt, d.log, coalesce(c.seen_address, c.address) as address,
        c.heard_at as heardAt, d.scheduled, d.wait_ms as waitMs, d.typing_for as typingFor,
        d.platform_id is not null as confirmed
      from deliveries d join chats c on c.id = d.chat_id
      where d.chat_id = @chatId and d.seq > @doneSeq order by d.seq limit 1
    `);
    this.recordAttempt = db.prepare(
      `update deliveries set status = 'sending', attempts = attempts + 1, last_attempt_at = ? where id = ?`,
    );
    this.skipGap = db.prepare(
      `update outbox_lanes set done_seq = tail_seq, ready_at = null, leased = 0 where chat_id = ?`,
    );
    this.advance = db.prepare(`
      update outbox_lanes set
        done_seq = @seq, leased = 0,
        ready_at = case when tail_seq > @seq then @at end,
        last_sent_at = case when @outcome in ('accepted', 'sent') then @at else last_sent_at end
      where chat_id = @chatId and epoch = @epoch and leased = 1
    `);
    this.keep = db.prepare(
      `update outbox_lanes set ready_at = @at, leased = 0 where chat_id = @chatId and epoch = @epoch and leased = 1`,
    );
    this.saveDelivery = db.prepare(`
      update deliveries set
        status = @status, attempts = attempts - @takenBack, platform_ids = coalesce(@platformIds, platform_ids), platform_id = coalesce(@platformId, platform_id),
        error_code = @errorCode, log = @log, finished_at = @finishedAt
      where id = @deliveryId
    `);
    this.extendLease = db.prepare(
      `update outbox_lanes set ready_at = @until where chat_id = @chatId and epoch = @epoch and leased = 1`,
    );
  }

  enqueue(batch: EnqueueRequest[]): EnqueueResult[] {
    return batch.map(({ chat, message }) => {
      const earlier = this.findMessage.get(message.instanceId, message.eventId) as
        | Pick<EnqueueResult, 'messageId' | 'chatId'>
        | undefined;
      if (earlier) {
        const deliveryIds = this.findDeliveries.all(earlier.messageId) as string[];
        return { ...earlier, deliveryIds, duplicate: true };
      }
      const chatId = this.saveChat.get({ ...chat, instanceId: message.instanceId, at: message.at }) as string;
      this.append(chatId, message);
      const deliveryIds = message.deliveries.map(({ id }) => id);
      return { messageId: message.id, chatId, deliveryIds, duplicate: false };
    });
  }

  /** Writes a message and puts its parts at the lane's end. */
  append(chatId: string, message: NewOutbound): void {
    const { id: messageId, instanceId, at, deliveries } = message;
    this.insertMessage.run({ ...message, chatId });
    if (deliveries.length === 0) return;
    const tail = this.growLane.get({ chatId, instanceId, count: deliveries.length, at }) as number;
    deliveries.forEach((delivery, partIndex) => {
      const seq = tail - deliveries.length + 1 + partIndex;
      this.insertDelivery.run({
        ...delivery,
        ...{ messageId, instanceId, chatId, seq, partIndex, at },
        scheduled: delivery.scheduled ? 1 : 0,
      });
    });
  }

  claim({ now, leaseMs, limit, excludeInstances }: ClaimQuery): ClaimedDelivery[] {
    const excluded = JSON.stringify(excludeInstances);
    const lanes = this.lease.all({ now, until: now + leaseMs, excluded, limit }) as OutboxLane[];
    const claimed: ClaimedDelivery[] = [];
    for (const { doneSeq, ...lane } of lanes) {
      const head = this.readHead.get({ chatId: lane.chatId, doneSeq }) as Head | undefined;
      if (!head) {
        this.skipGap.run(lane.chatId);
        continue;
      }
      const { status, confirmed, scheduled, ...delivery } = head;
      this.recordAttempt.run(now, delivery.id);
      claimed.push({
        ...lane,
        ...delivery,
        uncertain: status === 'sending',
        confirmed: confirmed === 1,
        scheduled: scheduled === 1,
      });
    }
    return claimed;
  }

  complete(batch: DeliveryCompletion[]): boolean[] {
    return batch.map((completion) => {
      const { lease, outcome, at, seq, deadLetter } = completion;
      const again = outcome === 'retry' || outcome === 'postponed';
      const moved = again
        ? this.keep.run({ ...lease, at })
        : this.advance.run({ ...lease, at, seq, outcome });
      if (moved.changes === 0) return false;
      this.saveDelivery.run({
        ...completion,
        status: again ? 'pending' : outcome,
        takenBack: outcome === 'postponed' ? 1 : 0,
        finishedAt: again ? null : at,
      });
      if (deadLetter) this.deadLetters.add(deadLetter);
      return true;
    });
  }

  extend(leases: LaneLease[], until: number): boolean[] {
    return leases.map(({ chatId, epoch }) => this.extendLease.run({ chatId, epoch, until }).changes > 0);
  }
}
