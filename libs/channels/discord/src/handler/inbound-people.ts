import type { Account } from '@omni-hub/channel-sdk';
import type { ChatRef, ContactRef } from '@omni-hub/contracts';
import type { APIChannel, APIGuildMember, APIThreadChannel, APIUser } from 'discord-api-types/v10';
import { ChannelType } from 'discord-api-types/v10';
import { asObject, asSnowflake, asText, type Unchecked } from '../models/inbound.models';
import { chatId, contactId } from './ids';

/** What somebody is called comes from the server that they are in, else from themselves. */
export function readUser(value: unknown, member: unknown = null): ContactRef | null {
  const user = asObject<APIUser>(value);
  const id = asSnowflake(user?.id);
  if (!user || id === null) return null;
  const username = asText(user.username);
  const nick = asText(asObject<APIGuildMember>(member)?.nick);
  return {
    id: contactId(id),
    name: nick ?? asText(user.global_name) ?? username,
    username,
    phone: null,
    locale: null,
    isBot: user.bot === true,
  };
}

/** True when `user` is the account. */
export function isAccount(user: unknown, account: Account | null): boolean {
  const id = asSnowflake(asObject<APIUser>(user)?.id);
  return account !== null && id !== null && id === account.id;
}

const threads: readonly unknown[] = [
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
];

/** The kind of chat that a channel is; `guild` is the server that it is in, where it is in one. */
export function kindOf(type: unknown, guild: unknown): ChatRef['kind'] {
  if (threads.includes(type)) return 'thread';
  if (type === ChannelType.GroupDM) return 'group';
  return type === ChannelType.DM || asSnowflake(guild) === null ? 'direct' : 'group';
}

/** The channel that a message or an interaction happened in. Null without its id. */
export function readPlace(
  holder: Unchecked<{ channel_id: string; channel_type: number; guild_id: string }>,
): ChatRef | null {
  const channel = asSnowflake(holder.channel_id);
  if (channel === null) return null;
  return { id: chatId(channel), kind: kindOf(holder.channel_type, holder.guild_id), title: null };
}

/** A channel or thread as Discord describes it. Null without its id. */
export function readChannel(value: unknown, guild: unknown = null): ChatRef | null {
  const channel = asObject<APIChannel & APIThreadChannel>(value);
  const id = asSnowflake(channel?.id);
  if (!channel || id === null) return null;
  return {
    id: chatId(id),
    kind: kindOf(channel.type, channel.guild_id ?? guild),
    title: asText(channel.name),
  };
}
