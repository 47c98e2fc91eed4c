import { ChannelType, MessageType } from 'discord-api-types/v10';
import type { SimulatedChannel } from './channel';
import { writeMessage } from './compose';
import type { Entry } from './message';
import type { UserObject } from './user';
import type { World } from './world';

interface ThreadOptions {
  /** The id of the message that it hangs on; a new one otherwise. */
  id?: string;
  starter?: Entry | null;
  type?: ChannelType.PublicThread | ChannelType.PrivateThread;
  autoArchiveMinutes?: number;
  appliedTags?: string[];
  byBot: boolean;
}

/** Opens a thread: below a message, with whose first line it begins, or on its own, which the channel is told. */
export function openThread(
  world: World,
  parent: SimulatedChannel,
  owner: UserObject,
  name: string,
  {
    id,
    starter,
    type = ChannelType.PublicThread,
    autoArchiveMinutes = 1440,
    appliedTags = [],
    byBot,
  }: ThreadOptions,
): SimulatedChannel {
  const guild = parent.guild ?? undefined;
  const thread = world.addChannel({
    id: id ?? world.newId(),
    type: parent.type === ChannelType.GuildAnnouncement ? ChannelType.AnnouncementThread : type,
    name,
    guild,
    thread: {
      parent,
      ownerId: owner.id,
      archived: false,
      locked: false,
      autoArchiveMinutes,
      createdAt: world.clock.now(),
      appliedTags,
    },
  });
  thread.members.add(owner.id);
  guild?.channels.push(thread);
  world.events.channel('THREAD_CREATE', thread, { newly_created: true });
  const guildId = guild && { guild_id: guild.id };
  if (starter) {
    starter.message.more = { ...starter.message.more, thread: thread.object() };
    const { id: message_id } = starter.message;
    const reference = { type: 0, message_id, channel_id: parent.id, ...guildId } as const;
    writeMessage(world, thread, owner, { type: MessageType.ThreadStarterMessage, reference }, byBot);
  } else if (!parent.isForum && type === ChannelType.PublicThread) {
    writeMessage(world, parent, owner, { type: MessageType.ThreadCreated, content: name }, byBot);
  }
  return thread;
}
