import { LRUCache } from 'lru-cache';

/**
 * Remembers the entries that were used last, at most so many, and none for longer than `rememberMs` where that is given. Takes the memory
 * of what it holds: LRUCache's own `max` sets aside the memory of all of them at once.
 */
export class Recent<Value extends object | string | number> extends LRUCache<string, Value> {
  constructor(atMost: number, rememberMs?: number) {
    super({ maxSize: atMost, sizeCalculation: () => 1, ttl: rememberMs });
  }
}
