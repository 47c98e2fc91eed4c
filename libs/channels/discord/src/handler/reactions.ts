import type { Call } from '../models/api.models';
import { asObject, asObjects } from '../models/inbound.models';
import { emojiName } from './inbound-changes';

/** `PUT` sets it, `DELETE` takes it back: https://docs.discord.com/developers/resources/message#create-reaction. */
export function toReaction(method: 'PUT' | 'DELETE', channel: string, message: string, emoji: string): Call {
  const name = encodeURIComponent(nameOf(emoji));
  return { method, path: `/channels/${channel}/messages/${message}/reactions/${name}/@me` };
}

/** The account's own reactions to a message as Discord tells it, but for `kept`. */
export function ownReactions(message: unknown, kept: string): string[] {
  return asObjects<{ me: boolean; emoji: unknown }>(asObject<{ reactions: unknown }>(message)?.reactions)
    .filter(({ me }) => me === true)
    .map(({ emoji }) => emojiName(emoji))
    .filter((name) => name !== null && plain(name) !== plain(nameOf(kept)))
    .filter((name) => name !== null);
}

/** `<:name:id>` and `name:id` are the same emoji of a server. */
function nameOf(emoji: string): string {
  return /^<a?:(\w+:\d+)>$/.exec(emoji)?.[1] ?? emoji;
}

/** An emoji is the same with and without the sign that asks for colours; one of a server is known by its id. */
function plain(name: string): string {
  return /^\w+:(\d+)$/.exec(name)?.[1] ?? name.replaceAll('\uFE0F', '');
}
