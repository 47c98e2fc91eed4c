import { Recent } from '../flow/recent';
import type { NewContact } from '../storage/store';

/** Remembers which contacts this process has stored, and as what: an unchanged one needs no write. */
export class KnownContacts {
  private readonly stored = new Recent<string>(20_000);

  has(instanceId: string, contact: NewContact): boolean {
    return this.stored.get(key(instanceId, contact)) === facts(contact);
  }

  remember(instanceId: string, contact: NewContact): void {
    this.stored.set(key(instanceId, contact), facts(contact));
  }
}

const key = (instanceId: string, contact: NewContact) => `${instanceId} ${contact.externalId}`;
const facts = ({ name, username, phone, locale }: NewContact) =>
  JSON.stringify([name, username, phone, locale]);
