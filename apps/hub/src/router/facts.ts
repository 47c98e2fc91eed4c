import type { AccessFacts } from '../access/access-facts';
import type { Counted } from './contact-rates';

/** What the gates of a turn are told beside its messages. */
export interface TurnFacts {
  access: AccessFacts | null;
  /** The messages of a contact that were let through lately. */
  counted: (contactId: string) => readonly Counted[];
}
