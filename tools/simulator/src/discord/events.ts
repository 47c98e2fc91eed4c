import { GatewayIntentBits as Intent } from 'discord-api-types/v10';
import type { SimulatedApplication } from './application';
import type { SimulatedChannel } from './channel';
import type { EmojiObject } from './checks/emoji';
import { type Guild, memberObject } from './guild';
import type { Entry, Fields } from './message';
import { dispatched, withoutContent } from './render';
import type { UserObject } from './user';
import type { World } from './world';

/** One event for one application. */
export interface GatewayEvent {
  type: string;
  /** A session hears it that asked for one of these; none: every session does. */
  intents: number;
  /** Decides on the shard; null: the first. */
  guildId: string | null;
  chat: string | null;
  /** Asked once for each session. */
  data(seesContent: boolean): Fields;
}

/** Tells applications what happens, by the gateway. */
export class Events {
  constructor(private readonly world: World) {}

  message(type: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', channel: SimulatedChannel, entry: Entry): void {
    const object = dispatched(this.world, channel, entry);
    const { message } = entry;
    this.inChannel(channel, type, Intent.GuildMessages, Intent.DirectMessages, (application, seesContent) =>
      seesContent ? object : withoutContent(object, message, channel, application),
    );
  }

  messageGone(channel: SimulatedChannel, id: string): void {
    const data = { id, channel_id: channel.id, ...guildOf(channel) };
    this.inChannel(channel, 'MESSAGE_DELETE', Intent.GuildMessages, Intent.DirectMessages, () => data);
  }

  messagesGone(channel: SimulatedChannel, ids: string[]): void {
    const data = { ids, channel_id: channel.id, ...guildOf(channel) };
    this.inChannel(channel, 'MESSAGE_DELETE_BULK', Intent.GuildMessages, 0, () => data);
  }

  reaction(
    type: 'MESSAGE_REACTION_ADD' | 'MESSAGE_REACTION_REMOVE',
    channel: SimulatedChannel,
    { message }: Entry,
    emoji: EmojiObject,
    user: UserObject,
  ): void {
    const member = channel.guild?.members.get(user.id);
    const isNew = type === 'MESSAGE_REACTION_ADD';
    const data = {
      user_id: user.id,
      channel_id: channel.id,
      message_id: message.id,
      ...guildOf(channel),
      ...(isNew && member && { member: { ...memberObject(member), user } }),
      ...(isNew && { message_author_id: message.author.id }),
      emoji,
      burst: false,
      type: 0,
    };
    const [inGuilds, direct] = [Intent.GuildMessageReactions, Intent.DirectMessageReactions];
    this.inChannel(channel, type, inGuilds, direct, () => data);
  }

  pollVote(
    isThere: boolean,
    channel: SimulatedChannel,
    entry: Entry,
    answerId: number,
    user: UserObject,
  ): void {
    const data = {
      user_id: user.id,
      channel_id: channel.id,
      message_id: entry.message.id,
      ...guildOf(channel),
      answer_id: answerId,
    };
    const type = isThere ? 'MESSAGE_POLL_VOTE_ADD' : 'MESSAGE_POLL_VOTE_REMOVE';
    this.inChannel(channel, type, Intent.GuildMessagePolls, Intent.DirectMessagePolls, () => data);
  }

  typing(channel: SimulatedChannel, user: UserObject): void {
    const member = channel.guild?.members.get(user.id);
    const data = {
      channel_id: channel.id,
      ...guildOf(channel),
      user_id: user.id,
      timestamp: Math.floor(this.world.clock.now() / 1000),
      ...(member && { member: { ...memberObject(member), user } }),
    };
    const [inGuilds, direct] = [Intent.GuildMessageTyping, Intent.DirectMessageTyping];
    this.inChannel(channel, 'TYPING_START', inGuilds, direct, () => data);
  }

  /** Channels and threads that come, change and go. */
  channel(type: string, channel: SimulatedChannel, more: Fields = {}): void {
    const data = { ...channel.object(), ...more };
    this.inChannel(channel, type, Intent.Guilds, 0, () => data);
  }

  guild(application: SimulatedApplication, type: string, guild: Guild, data: Fields): void {
    const event = { type, intents: Intent.Guilds, guildId: guild.id, chat: null, data: () => data };
    this.tell(application, event);
  }

  member(type: string, guild: Guild, data: Fields): void {
    for (const application of guild.applications) {
      this.tell(application, {
        type,
        intents: Intent.GuildMembers,
        guildId: guild.id,
        chat: null,
        data: () => data,
      });
    }
  }

  /** To one application, whatever it asked for: interactions, and what the tests make up. */
  direct(application: SimulatedApplication, type: string, data: Fields, guildId: string | null = null): void {
    const chat = typeof data.channel_id === 'string' ? data.channel_id : null;
    this.tell(application, { type, intents: 0, guildId, chat, data: () => data });
  }

  private inChannel(
    channel: SimulatedChannel,
    type: string,
    guildIntent: number,
    directIntent: number,
    data: (application: SimulatedApplication, seesContent: boolean) => Fields,
  ): void {
    const intents = channel.direct ? directIntent : guildIntent;
    if (intents === 0) return;
    for (const application of audience(channel)) {
      this.tell(application, {
        type,
        intents,
        guildId: channel.guild?.id ?? null,
        chat: channel.id,
        data: (seesContent) => data(application, seesContent),
      });
    }
  }

  private tell(application: SimulatedApplication, event: GatewayEvent): void {
    this.world.inbound.pass(() => this.world.gateway.dispatch(application, event));
  }
}

function audience(channel: SimulatedChannel): Iterable<SimulatedApplication> {
  if (channel.direct) return [channel.direct.application];
  return channel.can('ViewChannel') ? (channel.guild?.applications ?? []) : [];
}

const guildOf = ({ guild }: SimulatedChannel): Fields => (guild ? { guild_id: guild.id } : {});
