import { v7 } from 'uuid';

/** A UUIDv7: ids made later by one process sort later. */
export const newId = (): string => v7();

/** The smallest id of a moment: what was made before it has a smaller one. */
export function firstIdAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** When an id was made, epoch milliseconds. */
export const timeOfId = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** Greater than every id. */
export const beyondEveryId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
