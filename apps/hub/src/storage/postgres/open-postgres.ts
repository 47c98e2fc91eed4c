import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { Pool, types, type PoolConfig } from 'pg';
import type { OpenedEngine } from '../engine';
import { StoreError } from '../errors';
import { migrate } from '../migrations/migrations';
import type { Database } from '../schema';
import { PostgresPeers } from './peers';
import { createPostgresHotPath } from './postgres.hot-path';
import { Session } from './session';

/** Two flushes of each of four kinds, claims and heartbeats; and beside them what the API reads. */
const hotConnections = 8;
const generalConnections = 4;
const int8 = 20;

/** All numbers of the schema are times, counters and sequences: they are exact as JavaScript numbers. */
const numbers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? Number : types.getTypeParser(oid, format as 'text'),
};

/**
 * Every hot statement finds its rows by an index. Said to the planner, because it plans each of them once, while tables may
 * be empty or not analysed: reading all of an empty table looks cheap, and is kept when the table has grown. Where a join could still be turned round,
 * the statement asks by a subquery.
 */
export const hotSettings = `
  set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_bitmapscan = off; set jit = off`;

/** What the API asks is over in less time than compiling it takes. */
const generalSettings = `set jit = off`;

/** Opens `postgres://…` and brings its schema up to date. Any number of processes may do so at once. */
export async function openPostgres(url: string): Promise<OpenedEngine> {
  const config: PoolConfig = {
    connectionString: url,
    application_name: 'omni-hub',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: numbers as PoolConfig['types'],
  };
  const hotPool = new Pool({
    ...config,
    max: hotConnections,
    statement_timeout: 30_000,
    onConnect: (client) => client.query(hotSettings) as never,
  });
  const generalPool = new Pool({
    ...config,
    max: generalConnections,
    onConnect: (client) => client.query(generalSettings) as never,
  });
  const peers = new PostgresPeers(generalPool, config);
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: generalPool }),
    plugins: [new CamelCasePlugin()],
  });
  // A connection that breaks while nobody uses it is replaced by the pool.
  for (const pool of [hotPool, generalPool]) pool.on('error', () => undefined);
  const close = async () => {
    await peers.close();
    await db.destroy();
    await hotPool.end();
  };
  try {
    await peers.listen();
    await migrate(db, 'postgres');
  } catch (error) {
    await close();
    throw error instanceof StoreError ? error : unreachable(url, error as Error);
  }
  return {
    engine: 'postgres',
    db,
    hotPath: createPostgresHotPath(new Session(hotPool)),
    concurrency: 2,
    maxRows: 100,
    join: (recover) => peers.join(recover),
    onHint: (listener) => peers.on(listener),
    hint: (work) => peers.tell(work),
    close,
  };
}

/** Says where it went wrong and what to do; never the password. */
function unreachable(url: string, error: Error & { code?: string }): StoreError {
  const { hostname, port, pathname } = parse(url);
  const where = `${hostname}:${port || 5432}${pathname}`;
  return new StoreError(
    `The PostgreSQL database at ${where} cannot be used: ${adviceFor(error.code ?? '') ?? (error.message || error.code)}. ` +
      'See OMNI_DATABASE_URL.',
  );
}

function parse(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new StoreError(
      'OMNI_DATABASE_URL is no URL: it must look like postgres://user:password@host:5432/database, with special characters percent-encoded',
    );
  }
}

const adviceFor = (code: string): string | undefined =>
  ({
    ECONNREFUSED: 'nothing listens there; start the server or correct host and port',
    ENOTFOUND: 'there is no host of that name',
    ETIMEDOUT: 'it does not answer',
    '28P01': 'it refuses the user or the password',
    '28000': 'it refuses the user; see its pg_hba.conf',
    '3D000': 'it has no database of that name; create it first',
    '42501': 'the user may not create tables there; grant it the right to',
  })[code];
