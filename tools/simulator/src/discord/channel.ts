import { ChannelType } from 'discord-api-types/v10';
import type { SimulatedApplication } from './application';
import type { Guild } from './guild';
import { type Entry, type Fields, isoTime } from './message';
import { type Permission, usual } from './permissions';
import type { UserObject } from './user';

export interface ThreadState {
  parent: SimulatedChannel;
  ownerId: string;
  archived: boolean;
  locked: boolean;
  autoArchiveMinutes: number;
  createdAt: number;
  appliedTags: string[];
}

interface ChannelParts {
  id: string;
  type: ChannelType;
  name: string;
  guild?: Guild;
  /** Of a direct channel. */
  direct?: { application: SimulatedApplication; user: UserObject };
  thread?: ThreadState;
  /** Of a forum. */
  tags?: { required: boolean; available: { id: string; name: string }[] };
}

const textTypes: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.DM,
  ChannelType.GuildVoice,
  ChannelType.GuildAnnouncement,
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.GuildStageVoice,
]);

/** A conversation: a channel of a guild, a thread, a direct channel. */
export class SimulatedChannel {
  readonly entries: Entry[] = [];
  /** `typing`, as the application made it seen. */
  readonly actions: string[] = [];
  /** Of a thread. */
  readonly members = new Set<string>();
  readonly type: ChannelType;
  readonly guild: Guild | null;
  readonly direct: { application: SimulatedApplication; user: UserObject } | null;
  readonly thread: ThreadState | null;
  readonly tags: ChannelParts['tags'];
  readonly id: string;
  name: string;
  private readonly byId = new Map<string, Entry>();
  private readonly forbidden = new Set<Permission>();
  private lastMessageId: string | null = null;

  constructor(
    parts: ChannelParts,
    /** False: messages are counted only, and rules that need one are not checked. */
    readonly keeps: boolean,
  ) {
    this.id = parts.id;
    this.type = parts.type;
    this.name = parts.name;
    this.guild = parts.guild ?? null;
    this.direct = parts.direct ?? null;
    this.thread = parts.thread ?? null;
    this.tags = parts.tags;
  }

  get title(): string {
    return this.direct ? this.name : `#${this.name}`;
  }

  get isText(): boolean {
    return textTypes.has(this.type);
  }

  get isForum(): boolean {
    return this.type === ChannelType.GuildForum || this.type === ChannelType.GuildMedia;
  }

  /** Takes permissions from every application here, and in the threads below. */
  forbid(...permissions: Permission[]): void {
    for (const permission of permissions) this.forbidden.add(permission);
  }

  /** Gives them back. */
  allow(...permissions: Permission[]): void {
    for (const permission of permissions) this.forbidden.delete(permission);
  }

  can(permission: Permission): boolean {
    if (this.direct) return true;
    if (this.forbidden.has(permission) || this.guild?.forbidden.has(permission)) return false;
    return this.thread ? this.thread.parent.can(permission) : usual.has(permission);
  }

  /** Every way to name this channel in a rule. */
  get names(): string[] {
    return [this.id, ...(this.direct ? [this.direct.user.id] : [])];
  }

  add(entry: Entry): void {
    this.lastMessageId = entry.message.id;
    if (!this.keeps) return;
    this.entries.push(entry);
    this.byId.set(entry.message.id, entry);
  }

  /** The message that is there now; a deleted one is not. */
  find(messageId: string): Entry | undefined {
    const entry = this.byId.get(messageId);
    return entry?.deleted ? undefined : entry;
  }

  clear(): void {
    this.entries.length = 0;
    this.byId.clear();
    this.actions.length = 0;
  }

  object(): Fields {
    const { id, type, lastMessageId: last_message_id } = this;
    if (this.direct) return { id, type, last_message_id, flags: 0, recipients: [this.direct.user] };
    return {
      id,
      type,
      name: this.name,
      guild_id: this.guild?.id,
      last_message_id,
      flags: 0,
      rate_limit_per_user: 0,
      ...(this.thread ? threadFields(this, this.thread) : channelFields(this)),
    };
  }
}

function threadFields({ entries, members }: SimulatedChannel, thread: ThreadState): Fields {
  return {
    parent_id: thread.parent.id,
    owner_id: thread.ownerId,
    message_count: entries.length,
    total_message_sent: entries.length,
    member_count: members.size,
    ...(thread.appliedTags.length > 0 && { applied_tags: thread.appliedTags }),
    thread_metadata: {
      archived: thread.archived,
      locked: thread.locked,
      auto_archive_duration: thread.autoArchiveMinutes,
      archive_timestamp: isoTime(thread.createdAt),
      create_timestamp: isoTime(thread.createdAt),
    },
  };
}

function channelFields({ tags }: SimulatedChannel): Fields {
  const forum = tags && { available_tags: tags.available, flags: tags.required ? 1 << 4 : 0 };
  return { position: 0, topic: null, nsfw: false, parent_id: null, permission_overwrites: [], ...forum };
}
