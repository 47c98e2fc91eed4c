import { createIdCodec, RejectedError } from '@omni-hub/channel-sdk';
import type { ChatId, ChatRef, ContactId, MessageId } from '@omni-hub/contracts';

/**
 * How Discord's snowflakes become the hub's ids.
 *
 *     discord:1457510428359004343               a channel: of a server, a thread, or direct messages
 *     discord:1457510428359004343:1457536…      a message in it
 *     discord:1033044521375764530               a contact
 *     discord:user:1033044521375764530          the direct messages with a contact, before their channel is known
 *     discord:guild:1457468924290662599         a server, in events that belong to none of its channels
 */
const codec = createIdCodec('discord');

export function chatId(channel: string): ChatId {
  return codec.encode(channel);
}

export function guildChatId(guild: string): ChatId {
  return codec.encode('guild', guild);
}

export function messageId(channel: string, message: string): MessageId {
  return codec.encode(channel, message);
}

export function contactId(user: string): ContactId {
  return codec.encode(user);
}

/** Where a message goes: into a channel, or to a person whose channel has to be opened first. */
export type Address = { channel: string } | { user: string };

/** Throws RejectedError for what is no chat. */
export function parseChat(id: string): Address {
  const [first, second, ...rest] = codec.decode(id);
  if (rest.length === 0) {
    if (isSnowflake(first) && second === undefined) return { channel: first };
    if (first === 'user' && isSnowflake(second)) return { user: second };
    if (first === 'guild' && isSnowflake(second))
      throw new RejectedError(`"${id}" is a whole server: send to one of its channels, discord:<channel id>`);
  }
  throw new RejectedError(
    `"${id}" names no Discord chat: use discord:<channel id> or discord:user:<user id>`,
  );
}

/** The channel of a chat that is known to have one. Throws RejectedError for anything else. */
export function parseChannel(id: string): string {
  const address = parseChat(id);
  if ('channel' in address) return address.channel;
  throw new RejectedError(`"${id}" has no channel yet: send a message to it first`);
}

/** Throws RejectedError for an id that is no message's. */
export function parseMessage(id: string): { channel: string; message: string } {
  const [channel, message, ...rest] = codec.decode(id);
  if (isSnowflake(channel) && isSnowflake(message) && rest.length === 0) return { channel, message };
  throw new RejectedError(`"${id}" names no Discord message: use discord:<channel id>:<message id>`);
}

/** Whom `to` means where the hub does not know it: a channel by its id, a person by `discord:user:<id>`. */
export function recipient(to: string): ChatRef | null {
  const [, scope, id] = /^(?:discord:)?(user:)?(\d{15,20})$/.exec(to) ?? [];
  if (id === undefined) return null;
  return scope === undefined
    ? { id: chatId(id), kind: 'group', title: null }
    : { id: codec.encode('user', id), kind: 'direct', title: null };
}

function isSnowflake(part: string | undefined): part is string {
  return part !== undefined && /^\d{1,20}$/.test(part);
}
