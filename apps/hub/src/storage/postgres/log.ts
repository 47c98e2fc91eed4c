import { contactsOf, settledAt, type SeenContact } from '../ingest-plan';
import type { IngestResult, NewEvent } from '../store';
import { columnCount, rowSet, type Columns } from './rows';
import type { Prepared, Session } from './session';

const eventColumns: Columns<NewEvent> = {
  id: ['text', ({ id }) => id],
  instance_id: ['text', ({ instanceId }) => instanceId],
  event_id: ['text', ({ eventId }) => eventId],
  type: ['text', ({ type }) => type],
  sender_id: ['text', ({ senderId }) => senderId],
  at: ['bigint', ({ at }) => at],
  received_at: ['bigint', ({ receivedAt }) => receivedAt],
  content: ['text', ({ event }) => event],
  raw: ['bytea', ({ raw }) => raw],
  raw_id: ['text', ({ rawId }) => rawId],
  settle_ms: ['integer', ({ settleMs }) => settleMs],
  chat_id: ['text', ({ chat }) => chat?.id],
  external_id: ['text', ({ chat }) => chat?.externalId],
  seen_address: ['text', ({ chat }) => chat?.seenAddress],
  kind: ['text', ({ chat }) => chat?.kind],
  title: ['text', ({ chat }) => chat?.title],
  heard_at: ['bigint', ({ heardAt }) => heardAt],
};
const events = rowSet('e', eventColumns);

const contacts = rowSet<SeenContact>(
  'c',
  {
    id: ['text', ({ contact }) => contact.id],
    instance_id: ['text', ({ instanceId }) => instanceId],
    external_id: ['text', ({ contact }) => contact.externalId],
    name: ['text', ({ contact }) => contact.name],
    username: ['text', ({ contact }) => contact.username],
    phone: ['text', ({ contact }) => contact.phone],
    locale: ['text', ({ contact }) => contact.locale],
    at: ['bigint', ({ at }) => at],
  },
  columnCount(eventColumns) + 1,
);

const lastAt = 'greatest(chats.last_inbound_at, excluded.last_inbound_at)';
const settleFrom = 'coalesce(chats.settle_from, excluded.settle_from)';
const settleMs = 'greatest(chats.settle_ms, excluded.settle_ms)';

/**
 * The row of a chat, locked in the order of its key, is the sequencer: sequence order is commit order, on any number of
 * processes. A batch that another process stores at the same time may leave a gap in a sequence, never two messages.
 */
const ingest: Prepared = {
  name: 'ingest',
  text: `
    with fresh as (
      select * from ${events.sql}
      where (
        select true from messages m where m.instance_id = e.instance_id and m.event_id = e.event_id and m.direction = 'in'
      ) is null
    ),
    grown as (
      select instance_id, external_id, count(*) as count,
        (array_agg(chat_id order by ord desc))[1] as chat_id,
        (array_agg(kind order by ord desc))[1] as kind,
        (array_agg(title order by ord desc) filter (where title is not null))[1] as title,
        (array_agg(seen_address order by ord desc) filter (where seen_address is not null))[1] as seen_address,
        max(heard_at) as heard_at,
        min(received_at) as first_at, max(received_at) as last_at,
        max(settle_ms) as settle_ms
      from fresh where external_id is not null group by instance_id, external_id
    ),
    lanes as (
      insert into chats (id, instance_id, external_id, address, kind, title, tail_seq, created_at, last_inbound_at,
        heard_at, seen_address, settle_from, settle_ms, ready_at)
      select chat_id, instance_id, external_id, external_id, kind, title, count, first_at, last_at,
        heard_at, seen_address, first_at, settle_ms, ${settledAt('least', 'last_at', 'first_at', 'settle_ms')}
      from grown order by instance_id, external_id
      on conflict (instance_id, external_id) do update set
        tail_seq = chats.tail_seq + excluded.tail_seq,
        kind = case when chats.kind = 'thread' then chats.kind else excluded.kind end,
        title = coalesce(excluded.title, chats.title),
        seen_address = coalesce(excluded.seen_address, chats.seen_address),
        heard_at = greatest(chats.heard_at, excluded.heard_at),
        last_inbound_at = ${lastAt},
        settle_from = ${settleFrom},
        settle_ms = ${settleMs},
        ready_at = case when chats.turn_id is null then ${settledAt('least', lastAt, settleFrom, settleMs)}
          else chats.ready_at end
      returning id, instance_id, external_id, tail_seq
    ),
    people as (
      insert into contacts (id, instance_id, external_id, person_id, name, username, phone, locale, updated_at)
      select id, instance_id, external_id, id, name, username, phone, locale, at from ${contacts.sql} order by ord
      on conflict (instance_id, external_id) do update set
        name = coalesce(excluded.name, contacts.name), username = coalesce(excluded.username, contacts.username),
        phone = coalesce(excluded.phone, contacts.phone), locale = coalesce(excluded.locale, contacts.locale),
        updated_at = excluded.updated_at
    )
    insert into messages (id, instance_id, chat_id, seq, direction, event_id, type, sender_id, at, received_at,
      content, raw, raw_id)
    select f.id, f.instance_id, l.id,
      l.tail_seq - count(*) over chat + row_number() over (chat order by f.ord),
      'in', f.event_id, f.type, f.sender_id, f.at, f.received_at, f.content, f.raw, f.raw_id
    from fresh f
    left join lanes l on l.instance_id = f.instance_id and l.external_id = f.external_id
    window chat as (partition by f.instance_id, f.external_id)
    order by f.instance_id, f.external_id, f.ord
    on conflict (instance_id, event_id, direction) do nothing
    returning id`,
};

const redeliveries = rowSet<NewEvent>('r', {
  instance_id: ['text', ({ instanceId }) => instanceId],
  event_id: ['text', ({ eventId }) => eventId],
});

const countRedeliveries: Prepared = {
  name: 'count_redeliveries',
  text: `
    with known as (
      select (
        select m.id from messages m where m.instance_id = r.instance_id and m.event_id = r.event_id and m.direction = 'in'
      ) as id from ${redeliveries.sql}
    ),
    counted as (select id, count(*) as count from known group by id order by id)
    update messages m set redeliveries = m.redeliveries + counted.count
    from counted where m.id = counted.id
    returning m.id, m.instance_id, m.event_id`,
};

/** Puts events into the log of messages and makes their lanes runnable. */
export class Log {
  constructor(private readonly session: Session) {}

  async ingest(batch: NewEvent[]): Promise<IngestResult[]> {
    const first = [
      ...new Map(batch.map((event) => [keyOf(event), event] as const).reverse()).values(),
    ].reverse();
    const stored = await this.session.run<{ id: string }>(ingest, [
      ...events.values(first),
      ...contacts.values(contactsOf(first)),
    ]);
    const fresh = new Set(stored.map(({ id }) => id));
    const repeated = batch.filter(({ id }) => !fresh.has(id));
    const known = await this.countRedeliveries(repeated);
    return batch.map((event) =>
      fresh.has(event.id)
        ? { id: event.id, duplicate: false }
        : { id: known.get(keyOf(event)) ?? event.id, duplicate: true },
    );
  }

  /** Answers the ids under which repeated events are stored, by their keys. */
  private async countRedeliveries(repeated: NewEvent[]): Promise<Map<string, string>> {
    if (repeated.length === 0) return new Map();
    const rows = await this.session.run<{ id: string; instance_id: string; event_id: string }>(
      countRedeliveries,
      redeliveries.values(repeated),
    );
    return new Map(
      rows.map(({ id, instance_id, event_id }) => [
        keyOf({ instanceId: instance_id, eventId: event_id }),
        id,
      ]),
    );
  }
}

const keyOf = ({ instanceId, eventId }: Pick<NewEvent, 'instanceId' | 'eventId'>) =>
  `${instanceId}\n${eventId}`;
