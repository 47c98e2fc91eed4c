import { sql, type RawBuilder } from 'kysely';
import type { Engine } from '../store';

/** What is asked of the JSON that turns and events are stored as: SQL of a column of it. */
export interface TraceJson {
  /** The code of the last attempt at the agent, or how that ended; null where the agent was not asked. */
  lastAttempt(trace: RawBuilder<unknown>): RawBuilder<string | null>;
  /** How long the agent took in all attempts; null where it was not asked. */
  agentMs(trace: RawBuilder<unknown>): RawBuilder<number | null>;
  /** The reason of the gate that stopped a message; null where none did. */
  stoppedBy(trace: RawBuilder<unknown>, messageId: RawBuilder<unknown>): RawBuilder<string | null>;
  /** What the platform calls an event that was ignored. */
  rawKind(event: RawBuilder<unknown>): RawBuilder<string | null>;
}

export const traceJson = (engine: Engine): TraceJson => (engine === 'postgres' ? onPostgres : onSqlite);

const onSqlite: TraceJson = {
  lastAttempt: (trace) =>
    sql`coalesce(json_extract(${trace}, '$.agent[#-1].code'), json_extract(${trace}, '$.agent[#-1].outcome'))`,
  agentMs: (trace) => sql`(
    select sum(json_extract(attempt.value, '$.ms')) from json_each(${trace}, '$.agent') attempt
  )`,
  stoppedBy: (trace, messageId) => sql`(
    select json_extract(decision.value, '$.reason') from json_each(${trace}, '$.decisions') decision
    where json_extract(decision.value, '$.messageId') = ${messageId}
      and json_extract(decision.value, '$.verdict') = 'stop'
    order by decision.key desc limit 1
  )`,
  rawKind: (event) => sql`json_extract(${event}, '$.rawKind')`,
};

/** PostgreSQL reads no JSON that escapes a NUL or half a pair: each of them becomes a space. */
const readable = (json: RawBuilder<unknown>) => sql`(case when position('\\u' in ${json}) > 0
  then regexp_replace(${json}, '\\\\u(0000|d[89a-f][0-9a-f]{2})', '\\\\u0020', 'g') else ${json} end)::json`;

const onPostgres: TraceJson = {
  lastAttempt: (trace) => sql`(
    select coalesce(attempt.last ->> 'code', attempt.last ->> 'outcome')
    from (select ${readable(trace)} -> 'agent' -> -1 as last) attempt
  )`,
  agentMs: (trace) => sql`(
    select sum((attempt.value ->> 'ms')::double precision) from json_array_elements(${readable(trace)} -> 'agent') attempt
  )`,
  stoppedBy: (trace, messageId) => sql`(
    select decision.value ->> 'reason'
    from json_array_elements(${readable(trace)} -> 'decisions') with ordinality as decision(value, place)
    where decision.value ->> 'messageId' = ${messageId} and decision.value ->> 'verdict' = 'stop'
    order by decision.place desc limit 1
  )`,
  rawKind: (event) => sql`(${readable(event)} ->> 'rawKind')`,
};
