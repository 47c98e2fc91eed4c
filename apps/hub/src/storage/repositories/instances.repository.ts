import type { Account } from '@omni-hub/channel-sdk';
import { sql } from 'kysely';
import type { Db, Row } from '../schema';
import { removeOwned } from './deletion';

type Json = Record<string, unknown>;

/** An instance as it is stored: secrets sealed by the caller. */
export interface InstanceRow {
  id: string;
  name: string;
  channel: string;
  enabled: boolean;
  config: Json;
  agent: Json & { kind?: unknown };
  /** Asked too and never heard; null where there is none. */
  shadowAgent: Json | null;
  settings: Json;
  account: Account | null;
  pausedCode: string | null;
  pausedReason: string | null;
  createdAt: number;
  /** Grows with every change: the instance's version. */
  updatedAt: number;
}

export class InstancesRepository {
  constructor(private readonly db: Db) {}

  async list(): Promise<InstanceRow[]> {
    const rows = await this.db.selectFrom('instances').selectAll().orderBy('name').execute();
    return rows.map(fromTable);
  }

  async get(id: string): Promise<InstanceRow | null> {
    const row = await this.db.selectFrom('instances').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? fromTable(row) : null;
  }

  async getByName(name: string): Promise<InstanceRow | null> {
    const row = await this.db.selectFrom('instances').selectAll().where('name', '=', name).executeTakeFirst();
    return row ? fromTable(row) : null;
  }

  /** The same for as long as no instance was made, changed or deleted. */
  async version(): Promise<string> {
    const { count, sum } = await this.db
      .selectFrom('instances')
      .select(({ fn }) => [
        fn.countAll().as('count'),
        sql<string | null>`cast(sum(updated_at) as text)`.as('sum'),
      ])
      .executeTakeFirstOrThrow();
    return `${String(count)} ${sum}`;
  }

  async insert(row: InstanceRow): Promise<void> {
    await this.db.insertInto('instances').values(toTable(row)).execute();
  }

  async update(row: InstanceRow): Promise<void> {
    const { id, createdAt: _createdAt, updatedAt: _updatedAt, ...changes } = toTable(row);
    await this.change(id, changes).execute();
  }

  /** Null for both ends a pause. */
  async setPaused(id: string, code: string | null, reason: string | null): Promise<void> {
    await this.change(id, { pausedCode: code, pausedReason: reason }).execute();
  }

  /** Who the instance is at its platform. A repetition of what is known changes nothing. */
  async setAccount(id: string, account: Account): Promise<void> {
    const json = JSON.stringify(account);
    await this.change(id, { account: json })
      .where(({ eb }) => eb.or([eb('account', 'is', null), eb('account', '!=', json)]))
      .execute();
  }

  /** When the instance last received and last sent anything. */
  async lastActivity(id: string): Promise<{ lastInboundAt: number | null; lastSendAt: number | null }> {
    const inbound = await this.db
      .selectFrom('chats')
      .select(({ fn }) => fn.max('lastInboundAt').as('at'))
      .where('instanceId', '=', id)
      .executeTakeFirst();
    const sent = await this.db
      .selectFrom('outboxLanes')
      .innerJoin('chats', 'chats.id', 'outboxLanes.chatId')
      .select(({ fn }) => fn.max('outboxLanes.lastSentAt').as('at'))
      .where('chats.instanceId', '=', id)
      .executeTakeFirst();
    return { lastInboundAt: inbound?.at ?? null, lastSendAt: sent?.at ?? null };
  }

  /** Deletes the instance, so that nothing new comes, and then what it owned, a little at a time. */
  async delete(id: string): Promise<void> {
    await this.db.deleteFrom('instances').where('id', '=', id).execute();
    await this.db.deleteFrom('cursors').where('instanceId', '=', id).execute();
    for (const table of [
      'accessRules',
      'actionTokens',
      'aliases',
      'earlyStatuses',
      'instanceStates',
    ] as const)
      await this.db.deleteFrom(table).where('instanceId', '=', id).execute();
    await removeOwned(this.db, id);
  }

  private change(id: string, changes: Partial<Row<'instances'>>) {
    const updatedAt = sql<number>`case when updated_at >= ${Date.now()} then updated_at + 1 else ${Date.now()} end`;
    return this.db
      .updateTable('instances')
      .set({ ...changes, updatedAt })
      .where('id', '=', id);
  }
}

function fromTable(row: Row<'instances'>): InstanceRow {
  return {
    ...row,
    enabled: row.enabled === 1,
    config: JSON.parse(row.config) as Json,
    agent: JSON.parse(row.agent) as Json,
    shadowAgent: row.shadowAgent === null ? null : (JSON.parse(row.shadowAgent) as Json),
    settings: JSON.parse(row.settings) as Json,
    account: row.account === null ? null : (JSON.parse(row.account) as Account),
  };
}

function toTable(row: InstanceRow): Row<'instances'> {
  return {
    ...row,
    enabled: row.enabled ? 1 : 0,
    config: JSON.stringify(row.config),
    agent: JSON.stringify(row.agent),
    shadowAgent: row.shadowAgent && JSON.stringify(row.shadowAgent),
    settings: JSON.stringify(row.settings),
    account: row.account && JSON.stringify(row.account),
  };
}
