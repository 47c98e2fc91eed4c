import type {
  ClaimedDelivery,
  ClaimQuery,
  DeliveryCompletion,
  EnqueueRequest,
  EnqueueResult,
  LaneLease,
} from '../store';
import { letterColumns, lettersOf, storeLetters } from './dead-letter-rows';
import { firstOfEachLease, leases } from './leases';
import { appendParts, messageColumns, partColumns, partsOf } from './outbox-writes';
import { columnCount, rowSet, type Columns } from './rows';
import type { Prepared, Session } from './session';

/** The chat's id is the new one's: where the chat is known already, the statement finds the other. */
const toSaid = ({ chat, message }: EnqueueRequest) => ({ message, chatId: chat.id, holder: message.id });

const requestColumns: Columns<EnqueueRequest> = {
  ...Object.fromEntries(
    Object.entries(messageColumns).map(([name, [type, read]]) => [
      name,
      [type, (request: EnqueueRequest) => read(toSaid(request))] as const,
    ]),
  ),
  external_id: ['text', ({ chat }) => chat.externalId],
  seen_address: ['text', ({ chat }) => chat.seenAddress],
  kind: ['text', ({ chat }) => chat.kind],
  title: ['text', ({ chat }) => chat.title],
};
const requests = rowSet('o', requestColumns);
const requestedParts = rowSet('p', partColumns, columnCount(requestColumns) + 1);

const enqueue: Prepared = {
  name: 'enqueue',
  text: `
    with fresh as (
      select * from ${requests.sql}
      where (
        select true from messages m where m.instance_id = o.instance_id and m.event_id = o.event_id and m.direction = 'out'
      ) is null
    ),
    rooms as (
      insert into chats (id, instance_id, external_id, address, seen_address, kind, title, created_at)
      select distinct on (instance_id, external_id) chat_id, instance_id, external_id, external_id, seen_address, kind,
        title, at
      from fresh order by instance_id, external_id, ord
      on conflict (instance_id, external_id) do update set external_id = excluded.external_id
      returning id, instance_id, external_id
    ),
    said as (
      insert into messages (id, instance_id, chat_id, direction, event_id, type, turn_id, at, received_at, content)
      select f.id, f.instance_id, r.id, 'out', f.event_id, f.type, f.turn_id, f.at, f.at, f.content
      from fresh f join rooms r on r.instance_id = f.instance_id and r.external_id = f.external_id order by f.ord
      on conflict (instance_id, event_id, direction) do nothing
      returning id, chat_id
    ),
    parts as (
      select p.id, p.message_id, said.chat_id, p.instance_id, p.part_index, p.part, p.reply_to, p.answers, p.replaces, p.fallback,
        p.scheduled, p.wait_ms, p.typing_for, p.at, p.expires_at, p.ord
      from ${requestedParts.sql} join said on said.id = p.holder
    ),
    ${appendParts}
    select id as "messageId", chat_id as "chatId" from said`,
};

const repeated = rowSet<EnqueueRequest>('r', {
  instance_id: ['text', ({ message }) => message.instanceId],
  event_id: ['text', ({ message }) => message.eventId],
});

const findEarlier: Prepared = {
  name: 'find_earlier_requests',
  text: `
    select r.ord, m.id as "messageId", m.chat_id as "chatId",
      array(select d.id from deliveries d where d.message_id = m.id order by d.seq) as "deliveryIds"
    from (
      select r.ord, (
        select m.id from messages m where m.instance_id = r.instance_id and m.event_id = r.event_id and m.direction = 'out'
      ) as id from ${repeated.sql}
    ) r
    join messages m on m.id = r.id`,
};

const claimLanes: Prepared = {
  name: 'claim_outbox_lanes',
  text: `
    with ready as (
      select chat_id from outbox_lanes where ready_at <= $1 and not (instance_id = any($4::text[]))
      order by ready_at limit $3 for update skip locked
    )
    update outbox_lanes o set ready_at = $2, leased = 1, epoch = o.epoch + 1
    from ready where o.chat_id = ready.chat_id
    returning o.chat_id as "chatId", o.epoch, o.instance_id as "instanceId", o.done_seq as "doneSeq",
      o.last_sent_at as "lastSentAt"`,
};

interface OutboxLane extends LaneLease {
  instanceId: string;
  doneSeq: number;
  lastSentAt: number | null;
}

const claimedLanes = rowSet<OutboxLane>('l', {
  chat_id: ['text', ({ chatId }) => chatId],
  done_seq: ['bigint', ({ doneSeq }) => doneSeq],
});

/** A statement of its own: the one that claims would not see a part that was committed after it began. */
const recordAttempts: Prepared = {
  name: 'record_attempts',
  text: `
    with heads as (
      select h.id, h.status, coalesce(c.seen_address, c.address) as address, c.heard_at
      from ${claimedLanes.sql}
      join chats c on c.id = l.chat_id
      cross join lateral (
        select id, status from deliveries where chat_id = l.chat_id and seq > l.done_seq order by seq limit 1
      ) h
    )
    update deliveries d set status = 'sending', attempts = d.attempts + 1, last_attempt_at = $3
    from heads where d.id = heads.id
    returning d.chat_id as "chatId", d.id, d.message_id as "messageId", d.seq, d.part, d.reply_to as "replyTo",
      d.answers, d.replaces, d.attempts, d.created_at as "createdAt", d.expires_at as "expiresAt", d.log, heads.address,
      heads.heard_at as "heardAt", d.wait_ms as "waitMs", d.typing_for as "typingFor", d.scheduled = 1 as scheduled, d.platform_id is not null as confirmed,
      heads.status = 'sending' as uncertain`,
};

const skipGaps: Prepared = {
  name: 'skip_outbox_gaps',
  text: `
    update outbox_lanes o set done_seq = o.tail_seq, ready_at = null, leased = 0
    from ${leases.sql} where o.chat_id = l.chat_id and o.epoch = l.epoch`,
};

const isAgain = ({ outcome }: DeliveryCompletion) => outcome === 'retry' || outcome === 'postponed';

const completionColumns: Columns<DeliveryCompletion> = {
  chat_id: ['text', ({ lease }) => lease.chatId],
  epoch: ['bigint', ({ lease }) => lease.epoch],
  id: ['text', ({ deliveryId }) => deliveryId],
  seq: ['bigint', ({ seq }) => seq],
  status: ['text', (one) => (isAgain(one) ? 'pending' : one.outcome)],
  taken_back: ['integer', ({ outcome }) => (outcome === 'postponed' ? 1 : 0)],
  at: ['bigint', ({ at }) => at],
  finished_at: ['bigint', (one) => (isAgain(one) ? null : one.at)],
  platform_ids: ['text', ({ platformIds }) => platformIds],
  platform_id: ['text', ({ platformId }) => platformId],
  error_code: ['text', ({ errorCode }) => errorCode],
  log: ['text', ({ log }) => log],
};
const completions = rowSet('i', completionColumns);
const letters = rowSet('d', letterColumns, columnCount(completionColumns) + 1);

const complete: Prepared = {
  name: 'complete_deliveries',
  text: `
    with locked as (
      select i.* from outbox_lanes o join ${completions.sql} on i.chat_id = o.chat_id
      order by o.chat_id for update of o
    ),
    done as (
      update outbox_lanes o set
        leased = 0,
        done_seq = case when i.finished_at is null then o.done_seq else i.seq end,
        ready_at = case when i.finished_at is null or o.tail_seq > i.seq then i.at end,
        last_sent_at = case when i.status in ('accepted', 'sent') then i.at else o.last_sent_at end
      from locked i
      where o.chat_id = i.chat_id and o.epoch = i.epoch and o.leased = 1
      returning i.*, i.id as holder
    ),
    saved as (
      update deliveries d set
        status = i.status, attempts = d.attempts - i.taken_back, platform_ids = coalesce(i.platform_ids, d.platform_ids),
        platform_id = coalesce(i.platform_id, d.platform_id), error_code = i.error_code, log = i.log, finished_at = i.finished_at
      from done i where d.id = i.id
    ),
    ${storeLetters(letters.sql)}
    select holder from done`,
};

/** The lanes of what leaves: one part at a time for each chat, in the order in which it was said. */
export class OutboxLanes {
  constructor(private readonly session: Session) {}

  async enqueue(batch: EnqueueRequest[]): Promise<EnqueueResult[]> {
    const said = await this.session.run<{ messageId: string; chatId: string }>(enqueue, [
      ...requests.values(batch),
      ...requestedParts.values(partsOf(batch.map(toSaid))),
    ]);
    const chatIds = new Map(said.map(({ messageId, chatId }) => [messageId, chatId]));
    const earlier = await this.earlier(batch.filter(({ message }) => !chatIds.has(message.id)));
    return batch.map((request) => {
      const { id: messageId, deliveries } = request.message;
      const chatId = chatIds.get(messageId);
      if (chatId === undefined) return earlier.get(request)!;
      return { messageId, chatId, deliveryIds: deliveries.map(({ id }) => id), duplicate: false };
    });
  }

  async claim({ now, leaseMs, limit, excludeInstances }: ClaimQuery): Promise<ClaimedDelivery[]> {
    const lanes = await this.session.run<OutboxLane>(claimLanes, [
      now,
      now + leaseMs,
      limit,
      excludeInstances,
    ]);
    if (lanes.length === 0) return [];
    const heads = await this.session.run<Omit<ClaimedDelivery, 'epoch' | 'instanceId' | 'lastSentAt'>>(
      recordAttempts,
      [...claimedLanes.values(lanes), now],
    );
    const byChat = new Map(heads.map((head) => [head.chatId, head]));
    const gaps = lanes.filter(({ chatId }) => !byChat.has(chatId));
    if (gaps.length > 0) await this.session.run(skipGaps, leases.values(gaps));
    return lanes.flatMap(({ chatId, epoch, instanceId, lastSentAt }) => {
      const head = byChat.get(chatId);
      return head ? [{ ...head, epoch, instanceId, lastSentAt }] : [];
    });
  }

  async complete(batch: DeliveryCompletion[]): Promise<boolean[]> {
    const first = firstOfEachLease(batch);
    const done = await this.session.run<{ holder: string }>(complete, [
      ...completions.values(first),
      ...letters.values(lettersOf(first, ({ deliveryId }) => deliveryId)),
    ]);
    const ended = new Set(done.map(({ holder }) => holder));
    const chosen = new Set(first);
    return batch.map((one) => chosen.has(one) && ended.has(one.deliveryId));
  }

  private async earlier(again: EnqueueRequest[]): Promise<Map<EnqueueRequest, EnqueueResult>> {
    if (again.length === 0) return new Map();
    const rows = await this.session.run<Omit<EnqueueResult, 'duplicate'> & { ord: number }>(
      findEarlier,
      repeated.values(again),
    );
    return new Map(rows.map(({ ord, ...found }) => [again[ord - 1], { ...found, duplicate: true }]));
  }
}
