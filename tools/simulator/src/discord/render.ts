import type { SimulatedApplication } from './application';
import type { SimulatedChannel } from './channel';
import { memberObject } from './guild';
import { type Entry, type Fields, isoTime, type StoredMessage } from './message';
import type { World } from './world';

/** The message as the API tells it, to `viewer` where it is somebody's own call. A message that it replies to is told with it, once. */
export function messageObject(
  world: World,
  channel: SimulatedChannel,
  entry: Entry,
  viewer: SimulatedApplication | null = null,
  nested = false,
): Fields {
  const { message } = entry;
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: message.author,
    content: message.content,
    timestamp: isoTime(message.at),
    edited_timestamp: message.editedAt === null ? null : isoTime(message.editedAt),
    tts: message.tts,
    mention_everyone: message.mentionEveryone,
    mentions: message.mentions,
    mention_roles: message.mentionRoles,
    attachments: message.files.map((file) => world.files.object(world.url, file)),
    embeds: message.embeds,
    components: message.components,
    pinned: false,
    flags: message.flags,
    ...(message.nonce !== undefined && { nonce: message.nonce }),
    ...(message.stickers.length > 0 && { sticker_items: message.stickers }),
    ...(message.poll && { poll: message.poll }),
    ...(message.snapshots && { message_snapshots: message.snapshots }),
    ...(entry.reactions.size > 0 && { reactions: reactionsOf(entry, viewer) }),
    ...message.more,
    ...(message.reference && referenceOf(world, message, nested)),
    ...(channel.thread && { position: Math.max(0, channel.entries.indexOf(entry)) }),
  };
}

/** What the gateway adds to a message. */
export function dispatched(world: World, channel: SimulatedChannel, entry: Entry): Fields {
  const object = messageObject(world, channel, entry);
  const { guild } = channel;
  if (!guild) return { ...object, channel_type: channel.type };
  const member = guild.members.get(entry.message.author.id);
  const mentions = entry.message.mentions.map((user) => {
    const theirs = guild.members.get(user.id);
    return theirs ? { ...user, member: memberObject(theirs) } : user;
  });
  return {
    ...object,
    mentions,
    channel_type: channel.type,
    guild_id: guild.id,
    ...(member && { member: memberObject(member) }),
  };
}

/**
 * The message as an application sees it that may not read contents: empty, unless it wrote the message, is mentioned or it is a direct
 * channel. https://docs.discord.com/developers/events/gateway#message-content-intent
 */
export function withoutContent(
  object: Fields,
  message: StoredMessage,
  channel: SimulatedChannel,
  application: SimulatedApplication,
): Fields {
  const { id } = application.user;
  const isTold =
    channel.direct || message.author.id === id || message.mentions.some((user) => user.id === id);
  if (isTold) return object;
  const { poll: _poll, ...rest } = object;
  return { ...rest, content: '', embeds: [], attachments: [], components: [] };
}

function reactionsOf({ reactions }: Entry, viewer: SimulatedApplication | null): Fields[] {
  return [...reactions.values()].map(({ emoji, by }) => ({
    emoji,
    count: by.size,
    count_details: { burst: 0, normal: by.size },
    me: viewer !== null && by.has(viewer.user.id),
    burst_colors: [],
  }));
}

function referenceOf(world: World, { reference }: StoredMessage, nested: boolean): Fields {
  if (!reference) return {};
  const told = { message_reference: reference };
  if (nested || reference.type === 1) return told;
  const channel = world.channels.get(reference.channel_id);
  const target = channel?.find(reference.message_id);
  return {
    ...told,
    referenced_message: channel && target ? messageObject(world, channel, target, null, true) : null,
  };
}
