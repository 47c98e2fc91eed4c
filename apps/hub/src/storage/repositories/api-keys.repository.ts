import type { Db, Row } from '../schema';

export interface ApiKeyRow {
  id: string;
  name: string;
  /** SHA-256 of the key, hex. */
  hash: string;
  /** The key's first characters, for people to tell keys apart. */
  prefix: string;
  scopes: string[];
  /** Names of the instances that the key is bound to; null means all. */
  instances: string[] | null;
  createdAt: number;
  lastUsedAt: number | null;
  expiresAt: number | null;
}

export class ApiKeysRepository {
  constructor(private readonly db: Db) {}

  async list(): Promise<ApiKeyRow[]> {
    return (await this.db.selectFrom('apiKeys').selectAll().orderBy('id').execute()).map(fromTable);
  }

  async getByHash(hash: string): Promise<ApiKeyRow | null> {
    const row = await this.db.selectFrom('apiKeys').selectAll().where('hash', '=', hash).executeTakeFirst();
    return row ? fromTable(row) : null;
  }

  /** A key whose hash is stored already stays as it is. */
  async insert(key: Omit<ApiKeyRow, 'lastUsedAt'>): Promise<void> {
    const { scopes, instances, ...row } = key;
    await this.db
      .insertInto('apiKeys')
      .values({ ...row, scopes: JSON.stringify(scopes), instances: instances && JSON.stringify(instances) })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  }

  async touch(id: string, at: number): Promise<void> {
    await this.db.updateTable('apiKeys').set({ lastUsedAt: at }).where('id', '=', id).execute();
  }

  async delete(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db.deleteFrom('apiKeys').where('id', '=', id).executeTakeFirst();
    return numDeletedRows > 0n;
  }
}

const fromTable = (row: Row<'apiKeys'>): ApiKeyRow => ({
  ...row,
  scopes: JSON.parse(row.scopes) as string[],
  instances: row.instances === null ? null : (JSON.parse(row.instances) as string[]),
});
