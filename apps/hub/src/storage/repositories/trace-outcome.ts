import { sql, type RawBuilder } from 'kysely';
import { unacknowledged } from './delivery-status.repository';
import type { TraceJson } from './trace-json';

/**
 * What became of messages, as SQL: the rule of `conclude` (flow/conclusion.ts) for many at once. First `looked` is a message's
 * row with `read_in`, and `turns` that turn or nothing; once the outcome is known, `looked` has that and all else that is asked for.
 */

/** The id of the turn that a message was read in, or that said it; it need not reach back to the message. */
export const readIn = sql<string | null>`case when messages.turn_id is not null then messages.turn_id else (
  select reading.id from turns reading
  where reading.chat_id = messages.chat_id and reading.last_seq >= messages.seq and reading.status <> 'merged'
  order by reading.last_seq limit 1
) end`;

const own = sql`part.message_id = looked.id`;
const answerOf = (turnId: RawBuilder<unknown>) =>
  sql`part.message_id in (select said.id from messages said where said.turn_id = ${turnId})`;
const answer = answerOf(sql`looked.turn`);

/** A part that was replayed is sent anew: what became of it before is history. */
const isLast = sql`not exists (
  select 1 from deliveries later
  where later.message_id = part.message_id and later.part_index = part.part_index and later.seq > part.seq
)`;
const neverLeft = sql`part.status in ('dead', 'held', 'failed')`;

/** How the worst of the parts stands, from 0 (it never left) to 3 (it is taken); null where there is none. */
const worst = (parts: RawBuilder<unknown>) => sql<number | null>`(
  select min(case
    when ${neverLeft} then 0 when part.error_code = ${sql.lit(unacknowledged)} then 1
    when part.status in ('pending', 'sending') then 2 else 3 end)
  from deliveries part where ${parts} and ${isLast}
)`;

const firstThatNeverLeft = (column: 'status' | 'error_code', parts: RawBuilder<unknown>) => sql<
  string | null
>`(
  select ${sql.ref(`part.${column}`)} from deliveries part where ${parts} and ${neverLeft} and ${isLast}
  order by (
    select min(one.seq) from deliveries one
    where one.message_id = part.message_id and one.part_index = part.part_index
  ) limit 1
)`;

const ofParts = (taken: string, parts: RawBuilder<unknown>) => sql<string>`case ${worst(parts)}
  when 0 then ${firstThatNeverLeft('status', parts)}
  when 1 then 'unacknowledged' when 2 then 'sending' else ${sql.lit(taken)} end`;

export const outcome = sql<string>`case
  when looked.type = 'ignored' then 'ignored'
  when looked.direction = 'out' then ${ofParts('sent', own)}
  when turns.status = 'answered' then ${ofParts('answered', answerOf(sql`turns.id`))}
  when turns.status <> 'retrying' then turns.status
  when exists (select 1 from chats where chats.id = looked.chat_id) then 'waiting'
  else 'stored' end`;

/** The code of why, of a row that has its outcome; null for what is on its way, and where nothing stood in the way. */
export const reason = (json: TraceJson) => sql<string | null>`case
  when looked.outcome = 'ignored' then 'ignored_' || ${json.rawKind(sql`looked.event`)}
  when looked.outcome = 'stored' then 'no_chat'
  when looked.outcome = 'unacknowledged' then ${sql.lit(unacknowledged)}
  when looked.outcome in ('answered', 'sent', 'waiting', 'sending') then null
  when looked.direction = 'out' then coalesce(${firstThatNeverLeft('error_code', own)}, looked.outcome)
  when looked.turn_status = 'answered' then coalesce(${firstThatNeverLeft('error_code', answer)}, looked.outcome)
  else coalesce(
    ${json.lastAttempt(sql`looked.trace`)}, ${json.stoppedBy(sql`looked.trace`, sql`looked.id`)}, looked.turn_status
  ) end`;

/** From the message's commit until the platform had taken its last part. */
export const outboxMs = sql<number | null>`case when looked.outcome = 'sent' then (
  select max(part.finished_at - part.created_at) from deliveries part where ${own} and ${isLast}
) end`;

/** From the message's arrival until the platform had taken the last part of its answer. */
export const totalMs = sql<number | null>`case when looked.outcome = 'answered' then (
  select max(part.finished_at) from deliveries part where ${answer} and ${isLast}
) - looked.received_at end`;
