import type { Database } from 'better-sqlite3';
import type { HotPath } from '../store';
import { DeadLetterLog } from './dead-letter-log';
import { Log } from './log';
import { OutboxLanes } from './outbox-lanes';
import { TurnLanes } from './turn-lanes';

/** HotPath without the promises: the worker thread's event loop is what makes it asynchronous. */
export type SyncHotPath = {
  [Method in keyof HotPath]: (...args: Parameters<HotPath[Method]>) => Awaited<ReturnType<HotPath[Method]>>;
};

/** SQLite's hot statements, prepared once. Each call must run inside a transaction of the caller's. */
export function createSqliteHotPath(db: Database): SyncHotPath {
  const deadLetters = new DeadLetterLog(db);
  const outbox = new OutboxLanes(db, deadLetters);
  const turns = new TurnLanes(db, outbox, deadLetters);
  const log = new Log(db);
  const nextReadyAt = (lanes: string) =>
    db.prepare(`select min(ready_at) from ${lanes} where ready_at > ?`).pluck();
  const next = { turns: nextReadyAt('chats'), deliveries: nextReadyAt('outbox_lanes') };
  return {
    ingest: (batch) => log.ingest(batch),
    claimTurns: (query, maxMessages) => turns.claim(query, maxMessages),
    completeTurns: (batch) => turns.complete(batch),
    enqueue: (batch) => outbox.enqueue(batch),
    claimDeliveries: (query) => outbox.claim(query),
    completeDeliveries: (batch) => outbox.complete(batch),
    extendTurns: (leases, until) => turns.extend(leases, until),
    extendDeliveries: (leases, until) => outbox.extend(leases, until),
    releaseTurns: (leases, now) => turns.release(leases, now),
    recordPreview: (lease, previewId) => turns.recordPreview(lease, previewId),
    nextReadyAt: (lanes, now) => next[lanes].get(now) as number | null,
  };
}
