import type { Database, Statement } from 'better-sqlite3';
import { contactsOf, groupByLane, settledAt, type LaneGrowth } from '../ingest-plan';
import type { IngestResult, NewEvent } from '../store';

/** Puts events into the log of messages and makes their lanes runnable. */
export class Log {
  private readonly findKnown: Statement;
  private readonly countRedelivery: Statement;
  private readonly saveContact: Statement;
  private readonly growLane: Statement;
  private readonly insertMessage: Statement;

  constructor(db: Database) {
    this.findKnown = db
      .prepare(`select id from messages where instance_id = ? and event_id = ? and direction = 'in'`)
      .pluck();
    this.countRedelivery = db.prepare(`update messages set redeliveries = redeliveries + 1 where id = ?`);
    this.saveContact = db.prepare(`
      insert into contacts (id, instance_id, external_id, person_id, name, username, phone, locale, updated_at)
      values (@id, @instanceId, @externalId, @id, @name, @username, @phone, @locale, @at)
      on conflict (instance_id, external_id) do update set
        name = coalesce(excluded.name, name), username = coalesce(excluded.username, username),
        phone = coalesce(excluded.phone, phone), locale = coalesce(excluded.locale, locale),
        updated_at = excluded.updated_at
    `);
    const lastAt = 'max(coalesce(last_inbound_at, 0), excluded.last_inbound_at)';
    const heardAt = 'coalesce(max(heard_at, excluded.heard_at), heard_at, excluded.heard_at)';
    const from = 'coalesce(settle_from, excluded.settle_from)';
    const ms = 'max(settle_ms, excluded.settle_ms)';
    this.growLane = db.prepare(`
      insert into chats (id, instance_id, external_id, address, kind, title, tail_seq, created_at, last_inbound_at,
        heard_at, seen_address, settle_from, settle_ms, ready_at)
      values (@id, @instanceId, @externalId, @externalId, @kind, @title, @count, @firstAt, @lastAt,
        @heardAt, @seenAddress, @firstAt, @settleMs, ${settledAt('min', '@lastAt', '@firstAt', '@settleMs')})
      on conflict (instance_id, external_id) do update set
        tail_seq = tail_seq + excluded.tail_seq,
        kind = case when kind = 'thread' then kind else excluded.kind end,
        title = coalesce(excluded.title, title),
        seen_address = coalesce(excluded.seen_address, seen_address),
        heard_at = ${heardAt},
        last_inbound_at = ${lastAt},
        settle_from = ${from},
        settle_ms = ${ms},
        ready_at = case when turn_id is null then ${settledAt('min', lastAt, from, ms)} else ready_at end
      returning id, tail_seq as tailSeq
    `);
    this.insertMessage = db.prepare(`
      insert into messages (id, instance_id, chat_id, seq, direction, event_id, type, sender_id, at, received_at,
        content, raw, raw_id)
      values (@id, @instanceId, @chatId, @seq, 'in', @eventId, @type, @senderId, @at, @receivedAt, @event, @raw, @rawId)
    `);
  }

  ingest(batch: NewEvent[]): IngestResult[] {
    const { results, fresh } = this.sift(batch);
    for (const { instanceId, contact, at } of contactsOf(fresh)) {
      this.saveContact.run({ ...contact, instanceId, at });
    }
    for (const lane of groupByLane(fresh)) this.append(lane);
    for (const event of fresh) {
      if (!event.chat) this.insertMessage.run({ ...event, chatId: null, seq: null });
    }
    for (const { id, duplicate } of results) if (duplicate) this.countRedelivery.run(id);
    return results;
  }

  /** Tells new events from those that the log or the batch itself already holds. */
  private sift(batch: NewEvent[]): { results: IngestResult[]; fresh: NewEvent[] } {
    const inBatch = new Map<string, string>();
    const fresh: NewEvent[] = [];
    const results = batch.map((event) => {
      const key = `${event.instanceId}\n${event.eventId}`;
      const known =
        inBatch.get(key) ?? (this.findKnown.get(event.instanceId, event.eventId) as string | undefined);
      if (known !== undefined) return { id: known, duplicate: true };
      inBatch.set(key, event.id);
      fresh.push(event);
      return { id: event.id, duplicate: false };
    });
    return { results, fresh };
  }

  private append({ instanceId, chat, events, ...clock }: LaneGrowth): void {
    const lane = this.growLane.get({ ...chat, ...clock, instanceId, count: events.length }) as {
      id: string;
      tailSeq: number;
    };
    events.forEach((event, index) => {
      const seq = lane.tailSeq - events.length + 1 + index;
      this.insertMessage.run({ ...event, chatId: lane.id, seq });
    });
  }
}
