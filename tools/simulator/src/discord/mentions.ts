import type { SimulatedChannel } from './channel';
import type { Fields, StoredMessage } from './message';
import type { UserObject } from './user';
import type { World } from './world';

interface Allowed {
  parse?: string[];
  users?: string[];
  roles?: string[];
  replied_user?: boolean;
}

/** Whom a text mentions, as far as it is allowed to; what is not said is allowed. */
export function mentionsIn(
  world: World,
  channel: SimulatedChannel,
  content: string,
  repliedTo: UserObject | null,
  allowed: Fields | undefined,
): Pick<StoredMessage, 'mentions' | 'mentionRoles' | 'mentionEveryone'> {
  const { parse, users = [], roles = [], replied_user } = (allowed ?? {}) as Allowed;
  const parses = (kind: string) => (allowed === undefined ? true : (parse ?? []).includes(kind));
  const idsOf = (pattern: RegExp) => [...new Set([...content.matchAll(pattern)].map(([, id]) => id))];
  const named = idsOf(/<@!?(\d+)>/g).filter((id) => parses('users') || users.includes(id));
  const people = named.flatMap((id) => world.users.get(id) ?? []);
  const replied = repliedTo && (allowed === undefined || replied_user) ? [repliedTo] : [];
  return {
    mentions: [...new Map([...people, ...replied].map((user) => [user.id, user])).values()],
    mentionRoles: idsOf(/<@&(\d+)>/g).filter(
      (id) => channel.guild?.roles.has(id) && (parses('roles') || roles.includes(id)),
    ),
    mentionEveryone: channel.guild !== null && parses('everyone') && /@(everyone|here)\b/.test(content),
  };
}
