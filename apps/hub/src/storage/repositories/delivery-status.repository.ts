import type { Db, DeliveryStatus } from '../schema';

/** What may follow what: a status only moves forward, so that a late `delivered` never undoes `read`. */
const from: Record<string, DeliveryStatus[]> = {
  delivered: ['sent'],
  read: ['sent', 'delivered'],
  failed: ['sent'],
};

/** What platforms tell about a part after they took it. */
export class DeliveryStatusRepository {
  constructor(private readonly db: Db) {}

  /** Changes nothing for an unknown message and for a status that says less than what is known. */
  async record(
    instanceId: string,
    platformId: string,
    status: 'accepted' | 'sent' | 'delivered' | 'read' | 'failed',
    errorCode: string | null,
  ): Promise<void> {
    if (status === 'accepted' || status === 'sent') return;
    await this.db
      .updateTable('deliveries')
      .set({ status, errorCode })
      .where('instanceId', '=', instanceId)
      .where('platformId', '=', platformId)
      .where('status', 'in', from[status])
      .execute();
  }
}
