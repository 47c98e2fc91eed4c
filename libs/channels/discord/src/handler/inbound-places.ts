import {
  ChannelType,
  type APIThreadChannel,
  type GatewayGuildCreateDispatchData,
  type GatewayGuildDeleteDispatchData,
  type GatewayGuildMemberAddDispatchData,
  type GatewayThreadCreateDispatchData,
} from 'discord-api-types/v10';
import type { MembershipChanged } from '@omni-hub/contracts';
import {
  asObject,
  asSnowflake,
  asText,
  asTime,
  snowflakeTime,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { guildChatId } from './ids';
import { isAccount, readChannel, readUser } from './inbound-people';

/** Channels, threads and servers: that they are there, what they are called, who is in them. */

type ThreadMetadata = { create_timestamp: string };

/** Also told when the bot is added to a thread that has been there. */
export function readThreadCreate(
  thread: Unchecked<GatewayThreadCreateDispatchData>,
  context: Context,
): Reading {
  const isNew = thread.newly_created === true;
  const made = asTime(asObject<ThreadMetadata>(thread.thread_metadata)?.create_timestamp);
  return chatChange(
    thread,
    context,
    isNew ? 'thread created' : 'thread joined',
    isNew ? made || snowflakeTime(thread.id) : 0,
  );
}

export function chatChangeReader(what: string, isNew = false) {
  return (channel: Unchecked<APIThreadChannel>, context: Context): Reading =>
    chatChange(channel, context, what, isNew ? snowflakeTime(channel.id) : 0);
}

const withoutMessages: readonly unknown[] = [ChannelType.GuildCategory, ChannelType.GuildDirectory];

function chatChange(
  channel: Unchecked<APIThreadChannel>,
  { eventId, rawKind }: Context,
  what: string,
  at: number,
): Reading {
  if (withoutMessages.includes(channel.type))
    return 'A heading of the list of channels changed; nobody can write there';
  const chat = readChannel(channel);
  if (!chat) return 'A channel changed, but Discord does not say which';
  return { type: 'chat', eventId, rawKind, at, chat, movedTo: null, what };
}

/**
 * The bot is in a server. Discord tells it at every new session; the time of joining makes it one event, and joining again
 * another. A server is not a chat that can be written to.
 */
export function readGuild(guild: Unchecked<GatewayGuildCreateDispatchData>, context: Context): Reading {
  if (guild.unavailable === true)
    return 'The server is not available for now, by a fault at Discord: its events come later';
  const joined = asText(guild.joined_at);
  return membership(guild.id, asText(guild.name), context, {
    eventId: joined === null ? context.eventId : `${asSnowflake(guild.id)}:joined:${joined}`,
    at: asTime(joined),
    change: 'joined',
    self: true,
    members: [],
  });
}

export function readGuildLeft(guild: Unchecked<GatewayGuildDeleteDispatchData>, context: Context): Reading {
  if (guild.unavailable === true)
    return 'The server is not available for now, by a fault at Discord: its events come later';
  return membership(guild.id, null, context, { at: 0, change: 'left', self: true, members: [] });
}

type MemberData = Unchecked<GatewayGuildMemberAddDispatchData>;

/** Only with the privileged intent for members. */
export function readMemberAdd(member: MemberData, context: Context): Reading {
  return memberChange(member, context, 'joined', asTime(member.joined_at));
}

export function readMemberRemove(member: MemberData, context: Context): Reading {
  return memberChange(member, context, 'left', 0);
}

function memberChange(member: MemberData, context: Context, change: 'joined' | 'left', at: number): Reading {
  const user = readUser(member.user, member);
  if (!user) return 'Somebody joined or left the server, but Discord does not say who';
  const self = isAccount(member.user, context.account);
  return membership(member.guild_id, null, context, { at, change, self, members: [user] });
}

function membership(
  guild: unknown,
  title: string | null,
  { eventId, rawKind }: Context,
  event: Pick<MembershipChanged, 'at' | 'change' | 'self' | 'members'> & { eventId?: string },
): Reading {
  const id = asSnowflake(guild);
  if (id === null) return 'The members of a server changed, but Discord does not say of which';
  const chat = { id: guildChatId(id), kind: 'group' as const, title };
  return { type: 'membership', eventId, rawKind, chat, sender: null, ...event };
}
