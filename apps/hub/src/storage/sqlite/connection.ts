import BetterSqlite, { type Database } from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../errors';

/**
 * Proves that no other process uses the database: a transaction that is never ended on a file beside it. The operating
 * system takes the lock back when the process dies, however it dies, so that nothing is left to be cleaned up.
 */
export function lock(path: string): Database {
  mkdirSync(dirname(path), { recursive: true });
  const db = open(`${path}.lock`, () => new BetterSqlite(`${path}.lock`, { timeout: 0 }));
  try {
    db.exec('begin exclusive');
    return db;
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw unusable(`${path}.lock`, error);
    throw new StoreError(
      `The database ${path} is in use by another omni-hub, and SQLite serves one process only. Stop the other one, ` +
        'or give this one a file of its own by OMNI_DATABASE_URL; several processes share a postgres:// database.',
    );
  }
}

/** Of each connection, kilobytes: more brought nothing where the database was forty times as large, since the system keeps its pages too. */
const pageCache = 8 * 1024;

/** A connection whose commits survive a power cut. Waits up to ten seconds for the other connection's write. */
export function connect(path: string): Database {
  return open(path, () => {
    const db = new BetterSqlite(path, { timeout: 10_000 });
    db.pragma('journal_mode = wal');
    db.pragma('synchronous = full');
    db.pragma('wal_autocheckpoint = 4000');
    db.pragma('journal_size_limit = 67108864');
    db.pragma('temp_store = memory');
    db.pragma(`cache_size = -${pageCache}`);
    return db;
  });
}

function open(path: string, make: () => Database): Database {
  try {
    return make();
  } catch (error) {
    throw unusable(path, error);
  }
}

const unusable = (path: string, error: unknown) =>
  new StoreError(
    `The database ${path} cannot be opened: ${(error as Error).message}. The file must be an SQLite database in a folder ` +
      'that this user may write to; see OMNI_DATABASE_URL.',
  );
