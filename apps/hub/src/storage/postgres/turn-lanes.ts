import { newId } from '../../flow/ids';
import { settledAt } from '../ingest-plan';
import { doneWith } from '../done-with';
import type { ClaimedMessage, ClaimedTurn, ClaimQuery, LaneLease, TurnCompletion } from '../store';
import { letterColumns, lettersOf, storeLetters } from './dead-letter-rows';
import { firstOfEachLease, leases } from './leases';
import { appendParts, messageColumns, partColumns, partsOf, wasDone } from './outbox-writes';
import { columnCount, rowSet, type Columns } from './rows';
import type { Prepared, Session } from './session';

const takesAll = 'c.turn_id is null and c.tail_seq <= c.done_seq + $5';

const claim: Prepared = {
  name: 'claim_turns',
  text: `
    with ready as (
      select id from chats where ready_at <= $1 and not (instance_id = any($4::text[]))
      order by ready_at limit $3 for update skip locked
    ),
    numbered as (select id, row_number() over () as ord from ready)
    update chats c set
      ready_at = $2, leased = 1, epoch = c.epoch + 1,
      turn_id = coalesce(c.turn_id, t.id),
      turn_seq = coalesce(c.turn_seq, least(c.tail_seq, c.done_seq + $5)),
      settle_from = case when ${takesAll} then null else c.settle_from end,
      settle_ms = case when ${takesAll} then 0 else c.settle_ms end
    from numbered join unnest($6::text[]) with ordinality as t(id, ord) on t.ord = numbered.ord
    where c.id = numbered.id
    returning c.id as "chatId", c.epoch, c.instance_id as "instanceId", coalesce(c.seen_address, c.address) as address,
      c.address as "filedAs", c.kind as "chatKind",
      c.title as "chatTitle", c.turn_id as "turnId", c.attempts, c.preview_id as "previewId",
      c.done_seq + 1 as "firstSeq", c.turn_seq as "lastSeq",
      c.paused_at as "pausedAt", c.paused_until as "pausedUntil", c.paused_reason as "pausedReason"`,
};

type ClaimedLane = Omit<ClaimedTurn, 'claimedBefore' | 'trace' | 'messages'>;

const claimedLanes = rowSet<ClaimedLane>('l', {
  chat_id: ['text', ({ chatId }) => chatId],
  first_seq: ['bigint', ({ firstSeq }) => firstSeq],
  last_seq: ['bigint', ({ lastSeq }) => lastSeq],
});

/** A statement of its own: the one that claims would not see a message that was committed after it began. */
const readMessages: Prepared = {
  name: 'read_turn_messages',
  text: `
    select m.chat_id as "chatId", m.id, m.seq, m.type, m.content as event, m.received_at as "receivedAt",
      c.person_id as "personId"
    from ${claimedLanes.sql}
    join messages m on m.chat_id = l.chat_id and m.seq between l.first_seq and l.last_seq
    left join contacts c on c.instance_id = m.instance_id and c.external_id = m.sender_id
    order by m.chat_id, m.seq`,
};

const readTraces: Prepared = {
  name: 'read_traces',
  text: `select id, trace from turns where id = any($1::text[])`,
};

const nextReadyAt = (doneSeq: string, now: string) => `case when c.tail_seq > ${doneSeq}
  then greatest(${now}, ${settledAt('least', 'c.last_inbound_at', 'c.settle_from', 'c.settle_ms')}) end`;

/** A turn of nothing but a gap in the sequence is no turn: its lane goes on behind it. */
const skipGaps: Prepared = {
  name: 'skip_turn_gaps',
  text: `
    update chats c set done_seq = c.turn_seq, ready_at = ${nextReadyAt('c.turn_seq', '$3::bigint')}, leased = 0, attempts = 0,
      turn_id = null, turn_seq = null, preview_id = null
    from ${leases.sql} where c.id = l.chat_id and c.epoch = l.epoch`,
};

const completionColumns: Columns<TurnCompletion> = {
  chat_id: ['text', ({ lease }) => lease.chatId],
  epoch: ['bigint', ({ lease }) => lease.epoch],
  id: ['text', ({ turn }) => turn.id],
  instance_id: ['text', ({ turn }) => turn.instanceId],
  first_seq: ['bigint', ({ turn }) => turn.firstSeq],
  last_seq: ['bigint', ({ turn }) => turn.lastSeq],
  status: ['text', ({ turn }) => turn.status],
  agent_kind: ['text', ({ turn }) => turn.agentKind],
  attempts: ['integer', ({ turn }) => turn.attempts],
  started_at: ['bigint', ({ turn }) => turn.startedAt],
  finished_at: ['bigint', ({ turn }) => turn.finishedAt],
  trace: ['text', ({ turn }) => turn.trace],
  retry_at: ['bigint', ({ retryAt }) => retryAt],
  done_seq: ['bigint', ({ turn }) => doneWith(turn)],
  keeps_preview: ['integer', ({ keepsPreview }) => Number(keepsPreview)],
  shadow: ['text', ({ shadow }) => shadow],
};
const afterCompletions = columnCount(completionColumns) + 1;
const afterMessages = afterCompletions + columnCount(messageColumns);
const afterParts = afterMessages + columnCount(partColumns);
const completions = rowSet('i', completionColumns);
const messages = rowSet('o', messageColumns, afterCompletions);
const parts = rowSet('p', partColumns, afterMessages);
const letters = rowSet('d', letterColumns, afterParts);

const retries = (column: string, otherwise: string) =>
  `case when i.retry_at is null then ${otherwise} else ${column} end`;

/**
 * Locks in the order of the chats' keys, as ingest does, and compares the sequences on the row that it changes: both are
 * needed, or lanes deadlock or lose wake-ups.
 */
const complete: Prepared = {
  name: 'complete_turns',
  text: `
    with locked as (
      select i.* from chats c join ${completions.sql} on i.chat_id = c.id
      order by c.instance_id, c.external_id for update of c
    ),
    done as (
      update chats c set
        leased = 0,
        ready_at = ${retries('i.retry_at', nextReadyAt('i.done_seq', 'i.finished_at'))},
        done_seq = ${retries('c.done_seq', 'i.done_seq')},
        attempts = ${retries('i.attempts', '0')},
        turn_id = ${retries('c.turn_id', 'null')},
        turn_seq = ${retries('i.last_seq', 'null')},
        preview_id = ${retries('c.preview_id', 'case when i.keeps_preview = 1 then c.preview_id end')}
      from locked i
      where c.id = i.chat_id and c.epoch = i.epoch and c.turn_id = i.id and c.leased = 1
      returning i.*, i.id as holder
    ),
    saved as (
      insert into turns (id, instance_id, chat_id, first_seq, last_seq, status, agent_kind, attempts, started_at,
        finished_at, trace)
      select id, instance_id, chat_id, first_seq, last_seq, status, agent_kind, attempts, started_at, finished_at, trace
      from done
      on conflict (id) do update set
        last_seq = excluded.last_seq, status = excluded.status, agent_kind = excluded.agent_kind, attempts = excluded.attempts,
        finished_at = excluded.finished_at, trace = excluded.trace
    ),
    shadowed as (
      insert into replays (id, kind, instance_id, turn_id, ready_at, created_at)
      select shadow, 'shadow', instance_id, id, finished_at, finished_at from done where shadow is not null
    ),
    said as (
      insert into messages (id, instance_id, chat_id, direction, event_id, type, turn_id, at, received_at, content)
      select o.id, o.instance_id, o.chat_id, 'out', o.event_id, o.type, o.turn_id, o.at, o.at, o.content
      from ${messages.sql} where ${wasDone('o.holder')} order by o.ord
    ),
    parts as (select p.* from ${parts.sql} where ${wasDone('p.holder')}),
    ${appendParts},
    ${storeLetters(letters.sql)}
    select holder from done`,
};

/** The lanes of chats: claimed for one turn at a time, and moved on when it ends. */
export class TurnLanes {
  constructor(private readonly session: Session) {}

  async claim(query: ClaimQuery, maxMessages: number): Promise<ClaimedTurn[]> {
    const { now, leaseMs, limit, excludeInstances } = query;
    const turnIds = Array.from({ length: limit }, newId);
    const lanes = await this.session.run<ClaimedLane>(claim, [
      now,
      now + leaseMs,
      limit,
      excludeInstances,
      maxMessages,
      turnIds,
    ]);
    if (lanes.length === 0) return [];
    const byChat = await this.messagesOf(lanes);
    const traces = await this.tracesOf(lanes.filter(({ attempts }) => attempts > 0));
    const gaps = lanes.filter(({ chatId }) => !byChat.has(chatId));
    if (gaps.length > 0) await this.session.run(skipGaps, [...leases.values(gaps), now]);
    return lanes
      .filter(({ chatId }) => byChat.has(chatId))
      .map((lane) => ({
        ...lane,
        claimedBefore: !turnIds.includes(lane.turnId),
        trace: traces.get(lane.turnId) ?? null,
        messages: byChat.get(lane.chatId)!,
      }));
  }

  async complete(batch: TurnCompletion[]): Promise<boolean[]> {
    const first = firstOfEachLease(batch);
    const said = first.flatMap(({ lease, turn, outbound }) =>
      outbound.map((message) => ({ message, chatId: lease.chatId, holder: turn.id })),
    );
    const done = await this.session.run<{ holder: string }>(complete, [
      ...completions.values(first),
      ...messages.values(said),
      ...parts.values(partsOf(said)),
      ...letters.values(lettersOf(first, ({ turn }) => turn.id)),
    ]);
    const ended = new Set(done.map(({ holder }) => holder));
    const chosen = new Set(first);
    return batch.map((one) => chosen.has(one) && ended.has(one.turn.id));
  }

  private async messagesOf(lanes: ClaimedLane[]): Promise<Map<string, ClaimedMessage[]>> {
    const rows = await this.session.run<ClaimedMessage & LaneLease>(readMessages, claimedLanes.values(lanes));
    const byChat = new Map<string, ClaimedMessage[]>();
    for (const { chatId, ...message } of rows) {
      const known = byChat.get(chatId);
      if (known) known.push(message as ClaimedMessage);
      else byChat.set(chatId, [message as ClaimedMessage]);
    }
    return byChat;
  }

  private async tracesOf(retried: ClaimedLane[]): Promise<Map<string, string>> {
    if (retried.length === 0) return new Map();
    const ids = retried.map(({ turnId }) => turnId);
    const rows = await this.session.run<{ id: string; trace: string }>(readTraces, [ids]);
    return new Map(rows.map(({ id, trace }) => [id, trace]));
  }
}
