import type { LaneLease } from '../store';
import { rowSet } from './rows';
import type { Prepared, Session } from './session';

export const leases = rowSet<LaneLease>('l', {
  chat_id: ['text', ({ chatId }) => chatId],
  epoch: ['bigint', ({ epoch }) => epoch],
});

/** Of several writes with one lease the first counts: a statement changes a row once. */
export function firstOfEachLease<Item extends { lease: LaneLease }>(batch: readonly Item[]): Item[] {
  const first = new Map<string, Item>();
  for (const item of batch) {
    const key = `${item.lease.chatId}\n${item.lease.epoch}`;
    if (!first.has(key)) first.set(key, item);
  }
  return [...first.values()];
}

/** SQL: changes the lanes whose leases are still held, locked in the order of their keys. */
function changeHeld(table: string, id: string, order: string, changes: string): string {
  return `
    with held as (
      select lane.${id} from ${table} lane join ${leases.sql} on l.chat_id = lane.${id} and l.epoch = lane.epoch
      where lane.leased = 1 order by ${order} for update of lane
    )
    update ${table} lane set ${changes} from held
    where lane.${id} = held.${id} and lane.leased = 1
    returning lane.${id} as "chatId", lane.epoch`;
}

const chatOrder = 'lane.instance_id, lane.external_id';

const extendTurns: Prepared = {
  name: 'extend_turns',
  text: changeHeld('chats', 'id', chatOrder, 'ready_at = $3::bigint'),
};
const extendDeliveries: Prepared = {
  name: 'extend_deliveries',
  text: changeHeld('outbox_lanes', 'chat_id', 'lane.chat_id', 'ready_at = $3::bigint'),
};
const releaseTurns: Prepared = {
  name: 'release_turns',
  text: changeHeld('chats', 'id', chatOrder, 'ready_at = $3::bigint, leased = 0, epoch = lane.epoch + 1'),
};
const recordPreview: Prepared = {
  name: 'record_preview',
  text: changeHeld('chats', 'id', chatOrder, 'preview_id = $3::text'),
};

/** What a holder does with its leases. */
export class Leases {
  constructor(private readonly session: Session) {}

  extendTurns(held: LaneLease[], until: number): Promise<boolean[]> {
    return this.extend(extendTurns, held, until);
  }

  extendDeliveries(held: LaneLease[], until: number): Promise<boolean[]> {
    return this.extend(extendDeliveries, held, until);
  }

  async releaseTurns(held: LaneLease[], now: number): Promise<void> {
    await this.session.run(releaseTurns, [...leases.values(held), now]);
  }

  async recordPreview(lease: LaneLease, previewId: string): Promise<void> {
    await this.session.run(recordPreview, [...leases.values([lease]), previewId]);
  }

  private async extend(statement: Prepared, held: LaneLease[], until: number): Promise<boolean[]> {
    const rows = await this.session.run<{ chatId: string; epoch: number }>(statement, [
      ...leases.values(held),
      until,
    ]);
    const extended = new Set(rows.map(({ chatId, epoch }) => `${chatId}\n${epoch}`));
    return held.map(({ chatId, epoch }) => extended.has(`${chatId}\n${epoch}`));
  }
}
