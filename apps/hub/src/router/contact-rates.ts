import { LRUCache } from 'lru-cache';

/** Beyond this many messages those contacts are forgotten first that were quiet longest, and start anew. */
const maxRemembered = 50_000;

/** A message that counts towards its contact's rate. */
export interface Counted {
  contactId: string;
  messageId: string;
  /** When the hub received it. */
  at: number;
}

/**
 * The messages of each contact that were let through lately: what `contactRate` is held against. In memory of this process: after
 * a start everybody begins anew, and of several processes each counts what it works on.
 */
export class ContactRates {
  private readonly remembered = new LRUCache<string, readonly Counted[]>({
    maxSize: maxRemembered,
    sizeCalculation: (counted) => counted.length,
  });

  of(instanceId: string, contactId: string): readonly Counted[] {
    return this.remembered.get(`${instanceId} ${contactId}`) ?? [];
  }

  /** A message that is counted again, since its turn is tried again, counts once. */
  note(instanceId: string, counted: readonly Counted[], windowMs: number): void {
    for (const one of counted) {
      const others = this.of(instanceId, one.contactId).filter(
        ({ messageId, at }) => messageId !== one.messageId && at > one.at - windowMs,
      );
      this.remembered.set(`${instanceId} ${one.contactId}`, [...others, one]);
    }
  }
}

/** When those messages came that count against a message: of the same contact, before it and within the window, each once. Oldest first. Pure. */
export function countedBefore(message: Counted, counted: readonly Counted[], windowMs: number): number[] {
  const before = counted.filter(
    ({ contactId, messageId, at }) =>
      contactId === message.contactId &&
      messageId !== message.messageId &&
      at <= message.at &&
      at > message.at - windowMs,
  );
  const once = new Map(before.map(({ messageId, at }) => [messageId, at]));
  return [...once.values()].sort((one, other) => one - other);
}
