import {
  CompiledQuery,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';
import type { SqlResult } from './protocol';
import type { WorkerThread } from './worker-thread';

/**
 * Kysely over the two worker threads. Reads run on the general one, beside the hot path. A single write runs on the hot
 * one, between its batches and in their transaction, so that it never waits for a lock. A transaction of several
 * statements runs on the general one and makes the hot path wait: keep it short.
 */
export function sqliteDialect(general: WorkerThread, hot: WorkerThread): Dialect {
  return {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createDriver: () => new WorkerDriver(general, hot),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** SQLite undoes changes of the schema as well. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class WorkerDriver implements Driver {
  private readonly connection: WorkerConnection;
  /** Resolves when whoever holds the connection gives it back. */
  private free: Promise<void> = Promise.resolve();
  private release: () => void = () => undefined;

  constructor(general: WorkerThread, hot: WorkerThread) {
    this.connection = new WorkerConnection(general, hot);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.free;
    let release = () => {};
    this.free = new Promise((resolve) => (release = resolve));
    await before;
    this.release = release;
    return this.connection;
  }

  async releaseConnection(): Promise<void> {
    this.release();
  }

  async beginTransaction(): Promise<void> {
    await this.connection.onGeneral(CompiledQuery.raw('begin immediate'));
    this.connection.inTransaction = true;
  }

  async commitTransaction(): Promise<void> {
    await this.endTransaction('commit');
  }

  async rollbackTransaction(): Promise<void> {
    await this.endTransaction('rollback');
  }

  async destroy(): Promise<void> {}

  private async endTransaction(how: 'commit' | 'rollback'): Promise<void> {
    await this.connection.onGeneral(CompiledQuery.raw(how));
    this.connection.inTransaction = false;
  }
}

class WorkerConnection implements DatabaseConnection {
  inTransaction = false;

  constructor(
    private readonly general: WorkerThread,
    private readonly hot: WorkerThread,
  ) {}

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const isWrite = !SelectQueryNode.is(query.query);
    return this.run(isWrite && !this.inTransaction ? this.hot : this.general, query);
  }

  onGeneral<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.run(this.general, query);
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('results are not streamed: read page by page');
  }

  private async run<R>(thread: WorkerThread, query: CompiledQuery): Promise<QueryResult<R>> {
    const { sql, parameters } = query;
    const { rows, changes } = await thread.call<SqlResult>({ op: 'sql', sql, params: parameters });
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  }
}
