import type { ClaimedDelivery } from '../storage/store';

/** When a part has been typed that waits as if a person wrote it, by the store alone; 0 for what is not paced. */
export function typedBy({
  waitMs,
  createdAt,
  lastSentAt,
}: Pick<ClaimedDelivery, 'waitMs' | 'createdAt' | 'lastSentAt'>): number {
  return waitMs === null ? 0 : Math.max(createdAt, lastSentAt ?? 0) + waitMs;
}
