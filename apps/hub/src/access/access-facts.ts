import type { ChatEvent } from '@omni-hub/contracts';
import type { LiveInstance } from '../instances/live-instance';
import type { Store } from '../storage/open-store';
import type { ClaimedTurn } from '../storage/store';
import { namesOf } from './names';
import type { RuleSet } from './rule-set';

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
  turn: Pick<ClaimedTurn, 'filedAs'>,
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
