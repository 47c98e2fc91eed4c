import { sql } from 'kysely';
import type { Db, Row } from '../schema';
import { toPage, type Page } from './page';

export type AccessRuleRow = Row<'accessRules'>;

export class AccessRulesRepository {
  constructor(private readonly db: Db) {}

  /** All rules of all instances: what each process keeps in memory. */
  async all(): Promise<AccessRuleRow[]> {
    return this.db.selectFrom('accessRules').selectAll().orderBy('id').execute();
  }

  /** Newest first. With an instance, its own rules only. */
  async list(query: {
    instanceId: string | null;
    limit: number;
    cursor: string | null;
  }): Promise<Page<AccessRuleRow>> {
    let select = this.db
      .selectFrom('accessRules')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    if (query.instanceId) select = select.where('instanceId', '=', query.instanceId);
    if (query.cursor) select = select.where('id', '<', query.cursor);
    return toPage(await select.execute(), query.limit);
  }

  /** The same for as long as no rule was made or deleted. A rule never changes. */
  async version(): Promise<string> {
    const { count, sum, last } = await this.db
      .selectFrom('accessRules')
      .select(({ fn }) => [
        fn.countAll().as('count'),
        sql<string | null>`cast(sum(created_at) as text)`.as('sum'),
        fn.max('id').as('last'),
      ])
      .executeTakeFirstOrThrow();
    return `${String(count)} ${sum} ${last}`;
  }

  async insert(rule: AccessRuleRow): Promise<void> {
    await this.db.insertInto('accessRules').values(rule).execute();
  }

  async delete(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('accessRules')
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}
