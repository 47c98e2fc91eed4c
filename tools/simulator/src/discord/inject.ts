import { ChannelType } from 'discord-api-types/v10';
import type { SimulatedApplication } from './application';
import type { SimulatedChannel } from './channel';
import { repeatInteraction } from './interactions/deliver';
import type { Interaction } from './interactions/interaction';
import type { Entry, Fields } from './message';
import type { UserObject } from './user';
import type { World } from './world';

/** A recorded event: as the gateway tells it, as a forwarder wraps it, or the object of an interaction. */
export type RecordedDiscordEvent = Fields;

interface Recorded {
  id?: string;
  channel_id?: string;
  guild_id?: string;
  channel_type?: ChannelType;
  author?: UserObject;
  user_id?: string;
  message_id?: string;
  message_author_id?: string;
  content?: string;
  mentions?: UserObject[];
  channel?: { type?: ChannelType; name?: string; parent_id?: string };
  parent_id?: string;
  name?: string;
  type?: number;
  member?: { user?: UserObject };
  user?: UserObject;
  message?: Recorded;
  components?: Fields[];
  flags?: number;
}

const threadTypes = [ChannelType.AnnouncementThread, ChannelType.PublicThread, ChannelType.PrivateThread];

/**
 * Lets a recorded event happen with its own ids, as often as it is called. Its channel, people and messages exist from then on, so that
 * they can be answered. Returns the interaction where it is one.
 */
export function injectEvent(
  world: World,
  event: RecordedDiscordEvent,
  application: SimulatedApplication,
): Interaction | null {
  if (typeof event.token === 'string' && typeof event.type === 'number')
    return injectInteraction(world, event, application);
  const type = String(event.t ?? event.type ?? '').replace(/^GATEWAY_/, '');
  const data = (event.d ?? event.data ?? {}) as Fields;
  if (type === 'INTERACTION_CREATE') return injectInteraction(world, data, application);
  learn(world, application, type, data as Recorded);
  const { guild_id } = data as Recorded;
  world.events.direct(application, type, data, guild_id ?? null);
  return null;
}

function injectInteraction(world: World, object: Fields, application: SimulatedApplication): Interaction {
  const { member, user, message, type = 2 } = object as Recorded;
  const channel = channelFor(world, application, object as Recorded);
  const who = learnUser(world, member?.user ?? user) ?? world.addUser('Somebody');
  const source = message ? keep(world, channel, message, application) : null;
  return repeatInteraction(world, object, { application, type, channel, user: who, source });
}

function learn(world: World, application: SimulatedApplication, type: string, data: Recorded): void {
  if (type.startsWith('THREAD_') && data.id) {
    channelFor(world, application, { ...data, channel_id: data.id, channel_type: data.type });
    return;
  }
  if (!data.channel_id) return;
  for (const user of [data.author, data.member?.user, data.user, ...(data.mentions ?? [])])
    learnUser(world, user);
  const channel = channelFor(world, application, data);
  if (type === 'MESSAGE_CREATE') keep(world, channel, data, application);
  if (!type.startsWith('MESSAGE_REACTION') || !data.message_id) return;
  const author = world.users.get(data.message_author_id ?? '') ?? application.user;
  keep(world, channel, { id: data.message_id, author }, application);
}

function learnUser(world: World, user: UserObject | undefined): UserObject | null {
  if (!user) return null;
  const known = world.users.get(user.id) ?? user;
  world.users.set(user.id, known);
  return known;
}

function channelFor(world: World, application: SimulatedApplication, recorded: Recorded): SimulatedChannel {
  const { channel_id = world.newId(), guild_id, channel, channel_type } = recorded;
  const known = world.channels.get(channel_id);
  if (known) return known;
  if (!guild_id) {
    const user = recorded.author ?? recorded.user ?? world.addUser('Somebody', recorded.user_id);
    return world.directChannel(application, user, channel_id);
  }
  const guild = world.addGuild({ id: guild_id });
  guild.applications.add(application);
  guild.adds(application.user);
  const type = channel_type ?? channel?.type ?? ChannelType.GuildText;
  const name = channel?.name ?? recorded.name ?? `channel-${channel_id}`;
  const parentId = channel?.parent_id ?? recorded.parent_id;
  const parent = parentId
    ? channelFor(world, application, { channel_id: parentId, guild_id })
    : guild.general;
  const thread = threadTypes.includes(type) && {
    thread: {
      parent,
      ownerId: application.user.id,
      archived: false,
      locked: false,
      autoArchiveMinutes: 1440,
      createdAt: world.clock.now(),
      appliedTags: [],
    },
  };
  const made = world.addChannel({ id: channel_id, type, name, guild, ...thread });
  guild.channels.push(made);
  return made;
}

function keep(
  world: World,
  channel: SimulatedChannel,
  recorded: Recorded,
  application: SimulatedApplication,
): Entry | null {
  const { id, author, content = '', components = [], mentions = [], type = 0, flags = 0 } = recorded;
  if (!id || !author) return null;
  const known = channel.find(id);
  if (known) return known;
  const entry: Entry = {
    message: {
      id,
      channelId: channel.id,
      type,
      author,
      content,
      at: world.clock.now(),
      editedAt: null,
      tts: false,
      mentionEveryone: false,
      mentions,
      mentionRoles: [],
      files: [],
      embeds: [],
      components,
      flags,
      stickers: [],
      more: {},
    },
    byBot: author.id === application.user.id,
    versions: [],
    deleted: false,
    reactions: new Map(),
    ephemeralFor: null,
  };
  channel.add(entry);
  world.tell({ kind: 'message', chat: channel, entry });
  return entry;
}
