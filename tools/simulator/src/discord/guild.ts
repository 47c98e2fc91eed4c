import { ChannelType } from 'discord-api-types/v10';
import type { SimulatedApplication } from './application';
import type { SimulatedChannel } from './channel';
import { type Fields, isoTime } from './message';
import type { DiscordPerson } from './person';
import { bits, type Permission, usual } from './permissions';
import { leavesGuild, tellGuild } from './memberships';
import type { UserObject } from './user';
import type { World } from './world';

export interface GuildOptions {
  name?: string;
  id?: string;
  members?: DiscordPerson[];
  /** The first application by default. */
  applications?: SimulatedApplication[];
}

export interface ChannelOptions {
  name?: string;
  id?: string;
  kind?: 'text' | 'announcement' | 'voice' | 'forum' | 'category';
  /** Of a forum: a post needs one of these. */
  tags?: string[];
}

export interface Member {
  user: UserObject;
  nick: string | null;
  roles: string[];
  joinedAt: number;
}

const types = {
  text: ChannelType.GuildText,
  announcement: ChannelType.GuildAnnouncement,
  voice: ChannelType.GuildVoice,
  forum: ChannelType.GuildForum,
  category: ChannelType.GuildCategory,
};

/** A server: channels, members and roles. */
export class Guild {
  readonly channels: SimulatedChannel[] = [];
  readonly members = new Map<string, Member>();
  readonly applications = new Set<SimulatedApplication>();
  readonly roles = new Map<string, string>();
  readonly emojis = new Map<string, string>();
  /** Taken from every application in the whole guild. */
  readonly forbidden = new Set<Permission>();
  readonly id: string;
  readonly name: string;

  constructor(
    private readonly world: World,
    { id, name }: GuildOptions,
  ) {
    this.id = id ?? world.newId();
    this.name = name ?? 'Simulated Guild';
  }

  /** The first text channel, where newcomers are greeted. */
  get general(): SimulatedChannel {
    return this.channels.find(({ isText, thread }) => isText && !thread) ?? this.channels[0];
  }

  channel({ name = 'general', id, kind = 'text', tags }: ChannelOptions = {}): SimulatedChannel {
    const available = (tags ?? []).map((tag) => ({ id: this.world.newId(), name: tag }));
    const channel = this.world.addChannel({
      id: id ?? this.world.newId(),
      type: types[kind],
      name,
      guild: this,
      ...(kind === 'forum' && { tags: { required: available.length > 0, available } }),
    });
    this.channels.push(channel);
    this.world.events.channel('CHANNEL_CREATE', channel);
    return channel;
  }

  role(name: string): { id: string; name: string } {
    const id = this.world.newId();
    this.roles.set(id, name);
    return { id, name };
  }

  /** A custom emoji, to be written as `name:id`. */
  emoji(name: string): { id: string; name: string } {
    const id = this.world.newId();
    this.emojis.set(id, name);
    return { id, name };
  }

  addsBot(application: SimulatedApplication): void {
    this.applications.add(application);
    this.adds(application.user);
    tellGuild(this.world, this, application);
  }

  removesBot(application: SimulatedApplication): void {
    leavesGuild(this.world, this, application);
  }

  adds(user: UserObject): Member {
    const known = this.members.get(user.id);
    if (known) return known;
    const member = { user, nick: null, roles: [], joinedAt: this.world.clock.now() };
    this.members.set(user.id, member);
    return member;
  }

  object(shownTo: SimulatedApplication): Fields {
    const threads = this.channels.filter(({ thread }) => thread && !thread.archived);
    const mine = this.members.get(shownTo.user.id);
    return {
      id: this.id,
      name: this.name,
      icon: null,
      owner_id: [...this.members.keys()][0] ?? this.id,
      system_channel_id: this.general.id,
      roles: [
        { id: this.id, name: '@everyone', permissions: bits(usual) },
        ...[...this.roles].map(([id, name]) => ({ id, name, permissions: '0' })),
      ],
      emojis: [...this.emojis].map(([id, name]) => ({ id, name, animated: false })),
      stickers: [],
      features: [],
      preferred_locale: 'en-US',
      joined_at: isoTime(mine?.joinedAt ?? this.world.clock.now()),
      large: false,
      unavailable: false,
      member_count: this.members.size,
      members: mine ? [{ ...memberObject(mine), user: mine.user }] : [],
      voice_states: [],
      presences: [],
      channels: this.channels.filter(({ thread }) => !thread).map((channel) => channel.object()),
      threads: threads.map((thread) => thread.object()),
    };
  }
}

/** A member without the user, as a message tells of its author. */
export function memberObject({ nick, roles, joinedAt }: Member): Fields {
  return {
    roles,
    nick,
    avatar: null,
    banner: null,
    premium_since: null,
    pending: false,
    mute: false,
    deaf: false,
    joined_at: isoTime(joinedAt),
    flags: 0,
    communication_disabled_until: null,
  };
}
