import type { HotPath } from '../store';
import { Leases } from './leases';
import { Log } from './log';
import { OutboxLanes } from './outbox-lanes';
import type { Session } from './session';
import { TurnLanes } from './turn-lanes';

const nextReadyAt = (table: string) => ({
  name: `next_ready_${table}`,
  text: `select min(ready_at) as at from ${table} where ready_at > $1`,
});
const next = { turns: nextReadyAt('chats'), deliveries: nextReadyAt('outbox_lanes') };

/** PostgreSQL's hot statements. Each is one transaction of one round trip, but for the claims, which read after they lease. */
export function createPostgresHotPath(session: Session): HotPath {
  const log = new Log(session);
  const turns = new TurnLanes(session);
  const outbox = new OutboxLanes(session);
  const leases = new Leases(session);
  return {
    ingest: (batch) => log.ingest(batch),
    claimTurns: (query, maxMessages) => turns.claim(query, maxMessages),
    completeTurns: (batch) => turns.complete(batch),
    enqueue: (batch) => outbox.enqueue(batch),
    claimDeliveries: (query) => outbox.claim(query),
    completeDeliveries: (batch) => outbox.complete(batch),
    extendTurns: (held, until) => leases.extendTurns(held, until),
    extendDeliveries: (held, until) => leases.extendDeliveries(held, until),
    releaseTurns: (held, now) => leases.releaseTurns(held, now),
    recordPreview: (lease, previewId) => leases.recordPreview(lease, previewId),
    nextReadyAt: async (lanes, now) => (await session.run<{ at: number | null }>(next[lanes], [now]))[0].at,
  };
}
