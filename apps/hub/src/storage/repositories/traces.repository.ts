import { sql } from 'kysely';
import type { Db } from '../schema';
import type { Engine } from '../store';
import { traceJson } from './trace-json';
import { outboxMs, outcome, readIn, reason, totalMs } from './trace-outcome';

/** Messages by their ids, which are made when they come: from the first on, before the second. */
export interface IdRange {
  from: string;
  before: string;
}

/** Which messages; null leaves a question open. */
export interface TracesFilter {
  instanceId: string | null;
  /** The chat's own id in the hub. */
  chatId: string | null;
  direction: 'in' | 'out' | null;
}

/** What messages ended in; null leaves a question open. What is on its way has no reason here, and is found by any. */
export interface EndedIn {
  outcome: string | null;
  reason: string | null;
}

/** What is measured of one message. Times in milliseconds. */
export interface TraceFacts {
  id: string;
  instanceId: string;
  direction: 'in' | 'out';
  outcome: string;
  /** Null for what is on its way, and where nothing stood in the way. */
  reason: string | null;
  /** Of the turn whose last message this is; null for the others, and where no agent was asked. */
  agentKind: string | null;
  turnStatus: string | null;
  agentMs: number | null;
  /** Inbound: until its turn began; null before. */
  waitedMs: number | null;
  /** Outbound, once the platform has all of it: how long that took. */
  outboxMs: number | null;
  /** Inbound, once the platform has all of the answer: since it came. */
  totalMs: number | null;
}

/**
 * Questions about many messages at once, newest first. Each call reads what is between two ids, and no more than that: who
 * asks goes on by the edges that `edge` finds, so that nobody waits long for the database.
 */
export class TracesRepository {
  constructor(
    private readonly db: Db,
    private readonly engine: Engine,
  ) {}

  /** The id from which on `rows` messages are within the range; null where there are no more than that. */
  async edge({ from, before }: IdRange, chatId: string | null, rows: number): Promise<string | null> {
    let select = this.db
      .selectFrom('messages')
      .select('id')
      .where('id', '>=', from)
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .offset(rows - 1)
      .limit(2);
    if (chatId) select = select.where('chatId', '=', chatId);
    const [edge, beyond] = await select.execute();
    return beyond ? edge.id : null;
  }

  /** The newest of those that fit, at most `limit` of them. */
  async find(range: IdRange, filter: TracesFilter, ended: EndedIn, limit: number): Promise<string[]> {
    if (!ended.outcome && !ended.reason) {
      const rows = await this.messages(range, filter).select('id').limit(limit).execute();
      return rows.map(({ id }) => id);
    }
    let select = this.concluded(range, filter).select('looked.id').orderBy('looked.id', 'desc').limit(limit);
    if (ended.outcome) select = select.where('looked.outcome', '=', ended.outcome);
    if (ended.reason) {
      const because = reason(traceJson(this.engine));
      select = select.where(
        sql<boolean>`(looked.outcome in ('waiting', 'sending') or ${because} = ${ended.reason})`,
      );
    }
    return (await select.execute()).map(({ id }) => id);
  }

  /** What is measured of each of those that fit. */
  async facts(range: IdRange, filter: TracesFilter): Promise<TraceFacts[]> {
    const json = traceJson(this.engine);
    const isLastOfTurn = sql`looked.direction = 'in' and looked.seq = looked.last_seq`;
    const rows = await this.concluded(range, filter)
      .select(['looked.id', 'looked.instanceId', 'looked.direction', 'looked.outcome'])
      .select([
        reason(json).as('reason'),
        sql<string | null>`case when ${isLastOfTurn} then looked.agent_kind end`.as('agentKind'),
        sql<string | null>`case when ${isLastOfTurn} then looked.turn_status end`.as('turnStatus'),
        sql<number | null>`case when ${isLastOfTurn} then ${json.agentMs(sql`looked.trace`)} end`.as(
          'agentMs',
        ),
        sql<
          number | null
        >`case when looked.direction = 'in' then looked.started_at - looked.received_at end`.as('waitedMs'),
        outboxMs.as('outboxMs'),
        totalMs.as('totalMs'),
      ])
      .orderBy('looked.id', 'desc')
      .execute();
    return rows;
  }

  /** Messages with their outcome, and their turns. Worked out once for each of them, whatever is asked of it then. */
  private concluded(range: IdRange, filter: TracesFilter) {
    return this.db
      .with(
        (name) => name('read').materialized(),
        () =>
          this.messages(range, filter)
            .select(['id', 'instanceId', 'chatId', 'seq', 'direction', 'type', 'receivedAt', 'turnId'])
            .select([
              sql<string | null>`case when type = 'ignored' then content end`.as('event'),
              readIn.as('readIn'),
            ]),
      )
      .with(
        (name) => name('looked').materialized(),
        (db) =>
          db
            .selectFrom('read as looked')
            .leftJoin('turns', (join) =>
              join
                .onRef('turns.id', '=', 'looked.readIn')
                .on(sql<boolean>`(looked.turn_id is not null or turns.first_seq <= looked.seq)`),
            )
            .select(['looked.id', 'looked.instanceId', 'looked.seq', 'looked.direction', 'looked.receivedAt'])
            .select(['looked.event', 'turns.id as turn', 'turns.status as turnStatus', 'turns.lastSeq'])
            .select(['turns.agentKind', 'turns.startedAt', 'turns.trace', outcome.as('outcome')]),
      )
      .selectFrom('looked');
  }

  private messages({ from, before }: IdRange, { instanceId, chatId, direction }: TracesFilter) {
    let select = this.db
      .selectFrom('messages')
      .where('id', '>=', from)
      .where('id', '<', before)
      .orderBy('id', 'desc');
    if (instanceId) select = select.where('instanceId', '=', instanceId);
    if (chatId) select = select.where('chatId', '=', chatId);
    if (direction) select = select.where('direction', '=', direction);
    return select;
  }
}
