import type { Db } from '../schema';
import type { EnqueueRequest, NewDelivery } from '../store';

/** How long a process has to enqueue what it took; then another may. */
const takenForMs = 30_000;

/** Messages that leave later. They are in no lane until they are due: a later one must not hold up an earlier one. */
export class ScheduledRepository {
  constructor(private readonly db: Db) {}

  /**
   * A second request with the same event id changes nothing and is answered with the first one's id, also when that one
   * has left already.
   */
  async add(request: EnqueueRequest, sendAt: number): Promise<{ id: string; duplicate: boolean }> {
    const { id, instanceId, eventId } = request.message;
    const sent = await this.db
      .selectFrom('messages')
      .select('id')
      .where('instanceId', '=', instanceId)
      .where('eventId', '=', eventId)
      .where('direction', '=', 'out')
      .executeTakeFirst();
    if (sent) return { id: sent.id, duplicate: true };
    const stored = await this.db
      .insertInto('scheduled')
      .values({
        id,
        instanceId,
        eventId,
        sendAt,
        request: JSON.stringify(request),
        claimedUntil: 0,
        createdAt: Date.now(),
      })
      .onConflict((conflict) => conflict.columns(['instanceId', 'eventId']).doUpdateSet({ eventId }))
      .returning('id')
      .executeTakeFirstOrThrow();
    return { id: stored.id, duplicate: stored.id !== id };
  }

  /** Takes what is due, in order. Another process gets it only if this one has not removed it within half a minute. */
  async due(now: number, limit: number): Promise<{ id: string; request: EnqueueRequest }[]> {
    const rows = await this.db
      .updateTable('scheduled')
      .set({ claimedUntil: now + takenForMs })
      .where('claimedUntil', '<=', now)
      .where('id', 'in', (from) =>
        from
          .selectFrom('scheduled as s')
          .select('s.id')
          .where('s.sendAt', '<=', now)
          .where('s.claimedUntil', '<=', now)
          .orderBy('s.sendAt')
          .limit(limit),
      )
      .returning(['id', 'sendAt', 'request'])
      .execute();
    return rows
      .sort((a, b) => a.sendAt - b.sendAt || (a.id < b.id ? -1 : 1))
      .map(({ id, request }) => ({ id, request: readRequest(request) }));
  }

  async remove(id: string): Promise<void> {
    await this.db.deleteFrom('scheduled').where('id', '=', id).execute();
  }
}

/** What was scheduled before deliveries had a field has its default. */
function readRequest(json: string): EnqueueRequest {
  const { chat, message } = JSON.parse(json) as EnqueueRequest;
  const deliveries = message.deliveries.map((delivery): NewDelivery => ({ ...unpaced, ...delivery }));
  return { chat, message: { ...message, deliveries } };
}

const unpaced = { answers: null, waitMs: null, typingFor: null };
