import { CamelCasePlugin, Kysely } from 'kysely';
import { resolve } from 'node:path';
import { migrate } from '../migrations/migrations';
import type { Database } from '../schema';
import type { OpenedEngine } from '../engine';
import type { HotPath } from '../store';
import { sqliteDialect } from './sqlite.dialect';
import { WorkerThread } from './worker-thread';

/** Opens `sqlite:<file>`: takes the lock and brings the schema up to date. */
export async function openSqlite(url: string): Promise<OpenedEngine> {
  const path = resolve(url.slice('sqlite:'.length));
  const hot = await WorkerThread.open({ path, role: 'hot' });
  let general: WorkerThread | null = null;
  try {
    general = await WorkerThread.open({ path, role: 'general' });
    const db = new Kysely<Database>({
      dialect: sqliteDialect(general, hot),
      plugins: [new CamelCasePlugin()],
    });
    await migrate(db, 'sqlite');
    await hot.call({ op: 'prepare' });
    const threads = [general, hot];
    return {
      engine: 'sqlite',
      db,
      hotPath: hotPathOver(hot),
      concurrency: 1,
      maxRows: 200,
      join: (recover) => recover(),
      hint: () => undefined,
      onHint: () => () => undefined,
      close: async () => {
        for (const thread of threads) await thread.close();
      },
    };
  } catch (error) {
    await general?.close();
    await hot.close();
    throw error;
  }
}

function hotPathOver(thread: WorkerThread): HotPath {
  const call =
    <Method extends keyof HotPath>(method: Method) =>
    (...args: Parameters<HotPath[Method]>) =>
      thread.call<Awaited<ReturnType<HotPath[Method]>>>({ op: 'hot', method, args });
  const ingest = call('ingest');
  return {
    ingest: (batch) => {
      for (const event of batch) event.raw &&= exactBytes(event.raw);
      return ingest(batch);
    },
    claimTurns: call('claimTurns'),
    completeTurns: call('completeTurns'),
    enqueue: call('enqueue'),
    claimDeliveries: call('claimDeliveries'),
    completeDeliveries: call('completeDeliveries'),
    extendTurns: call('extendTurns'),
    extendDeliveries: call('extendDeliveries'),
    releaseTurns: call('releaseTurns'),
    recordPreview: call('recordPreview'),
    nextReadyAt: call('nextReadyAt'),
  };
}

/** A message between threads copies the whole buffer behind a view: small bodies are views into a large shared one. */
const exactBytes = (view: Uint8Array) =>
  view.byteLength === view.buffer.byteLength ? view : Uint8Array.from(view);
