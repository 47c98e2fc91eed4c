import type { ChatEvent } from '@omni-hub/contracts';
import { namesOf } from '../access/names';
import type { RuleSet } from '../access/rule-set';
import type { LiveInstance } from '../instances/live-instance';
import type { Store } from '../storage/open-store';
import type { ClaimedTurn } from '../storage/store';
import type { Counted } from './contact-rates';

/** What the gates of a turn are told beside its messages. */
export interface TurnFacts {
  access: AccessFacts | null;
  /** The messages of a contact that were let through lately. */
  counted: (contactId: string) => readonly Counted[];
}

export interface AccessFacts {
  rules: RuleSet;
  /** All that the sender of an event, and its chat, are known by; the sender first. */
  names: (event: ChatEvent) => readonly string[];
}

/** Reads from the store once for each turn, and only where a rule concerns the instance. */
export async function readAccessFacts(
  rules: RuleSet | null,
  store: Pick<Store, 'aliases'>,
  instance: LiveInstance,
  turn: ClaimedTurn,
  events: readonly ChatEvent[],
): Promise<AccessFacts | null> {
  if (!rules) return null;
  const ids = new Set([...events.flatMap(idsIn), turn.filedAs]);
  const known = new Map<string, string[]>();
  for (const one of await store.aliases.known(instance.id, [...ids]))
    known.set(one.id, namesOf(one, instance.channel));
  return {
    rules,
    names: (event) => {
      const { phone = null } = senderOf(event) ?? {};
      const told =
        phone === null ? [] : namesOf({ id: idsIn(event)[0], aliases: [], phone }, instance.channel);
      return [
        ...new Set([...[...idsIn(event), turn.filedAs].flatMap((id) => known.get(id) ?? [id]), ...told]),
      ];
    },
  };
}

/** Who did it, where an event tells. */
export const senderOf = (event: ChatEvent) => ('sender' in event ? event.sender : null);

function idsIn(event: ChatEvent): string[] {
  const sender = senderOf(event);
  return sender ? [sender.id, event.chat.id] : [event.chat.id];
}
