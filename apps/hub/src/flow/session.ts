import type { LiveInstance } from '../instances/live-instance';
import type { ClaimedTurn } from '../storage/store';
import type { AskedEvent } from './agent-request';

/**
 * What an agent remembers a conversation by, as the instance's `session` says: its chat, the contact that writes, or the person
 * that the contact is, who is the same for all instances. Pure.
 */
export function sessionIdOf(
  { name, settings }: LiveInstance,
  { filedAs }: Pick<ClaimedTurn, 'filedAs'>,
  { personId, event }: AskedEvent,
): string {
  if (settings.session === 'chat') return `${name}/${filedAs}`;
  return settings.session === 'person' && personId ? `person/${personId}` : `${name}/${event.sender.id}`;
}
