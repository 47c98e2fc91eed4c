import type { Database, Statement } from 'better-sqlite3';
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { DataError, StoreError } from '../errors';
import { connect, lock } from './connection';
import type { Reply, Request, SqlResult, WireError, WorkerStart } from './protocol';
import { createSqliteHotPath, type SyncHotPath } from './sqlite.hot-path';

/** The most requests that share a transaction: bounds how long the first of them waits for the last. */
const commitAtMost = 64;
const rememberStatements = 300;

const port = parentPort as MessagePort;
const start = workerData as WorkerStart;
const statements = new Map<string, Statement>();
let hot: SyncHotPath | null = null;

try {
  serve();
} catch (error) {
  port.postMessage({ failed: toWire(error) });
  port.close();
}

function serve(): void {
  const held = start.role === 'hot' ? lock(start.path) : null;
  const db = connect(start.path);
  const answer = start.role === 'hot' ? committingTogether(db) : onItsOwn;

  port.on('message', (first: Request) => {
    const requests = [first];
    while (requests.length < commitAtMost) {
      const next = receiveMessageOnPort(port);
      if (!next) break;
      requests.push(next.message as Request);
    }
    const closing = requests.find(({ op }) => op === 'close');
    port.postMessage(answer(requests.filter(({ op }) => op !== 'close')));
    if (closing) close(closing.id);
  });
  port.postMessage({ ready: true });

  /**
   * Everything that waits is one transaction and one fsync, whatever kinds of work it is. Each request has a savepoint of
   * its own: one that fails is undone alone.
   */
  function committingTogether(database: Database): (requests: Request[]) => Reply[] {
    const alone = database.transaction(perform);
    const together = database.transaction((requests: Request[]) =>
      requests.map((request) => attempt(request, alone)),
    );
    return (requests) => {
      try {
        return together.immediate(requests);
      } catch (error) {
        return requests.map(({ id }) => ({ id, error: toWire(error) }));
      }
    };
  }

  function onItsOwn(requests: Request[]): Reply[] {
    return requests.map((request) => attempt(request));
  }

  function attempt(request: Request, work: (request: Request) => unknown = perform): Reply {
    try {
      return { id: request.id, result: work(request) };
    } catch (error) {
      // A failure that ended the whole transaction (disk full, I/O) is everyone's.
      if (work !== perform && !db.inTransaction) throw error;
      return { id: request.id, error: toWire(error) };
    }
  }

  function perform(request: Request): unknown {
    switch (request.op) {
      case 'hot': {
        if (!hot) throw new Error('the hot path is used before it is prepared');
        return (hot[request.method] as (...args: unknown[]) => unknown)(...request.args);
      }
      case 'sql':
        return run(prepare(db, request.sql), request.params);
      case 'prepare':
        hot = createSqliteHotPath(db);
        return undefined;
      case 'close':
        return undefined;
    }
  }

  function close(id: number): void {
    db.close();
    held?.close();
    port.postMessage([{ id, result: null }]);
    port.close();
  }
}

function prepare(db: Database, sql: string): Statement {
  const known = statements.get(sql);
  if (known) return known;
  if (statements.size >= rememberStatements) statements.delete(statements.keys().next().value!);
  const statement = db.prepare(sql);
  statements.set(sql, statement);
  return statement;
}

function run(statement: Statement, params: readonly unknown[]): SqlResult {
  if (statement.reader) return { rows: statement.all(params), changes: 0 };
  return { rows: [], changes: statement.run(params).changes };
}

/** What is wrong with a row, as opposed to the database: a value that cannot be bound, a constraint, a size. */
function toWire(error: unknown): WireError {
  const { code = '', message, name } = error as Error & { code?: string };
  const isData =
    error instanceof TypeError ||
    error instanceof RangeError ||
    /^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH)/.test(code);
  const known = error instanceof StoreError || error instanceof DataError;
  return {
    name: known ? name : isData ? 'DataError' : 'Error',
    message: code ? `${code}: ${message}` : message,
  };
}
