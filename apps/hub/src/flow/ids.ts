import { v7 } from 'uuid';

/** A UUIDv7: ids made later by one process sort later. */
export const newId = (): string => v7();
