import { MessageFlags } from 'discord-api-types/v10';
import type { EmojiObject } from './checks/emoji';
import type { StoredFile } from './files';
import type { UserObject } from './user';

export type Fields = Record<string, unknown>;

export interface Reference {
  /** 0 a reply, 1 a forward. */
  type: 0 | 1;
  message_id: string;
  channel_id: string;
  guild_id?: string;
}

/** A message as it is kept; what is told of it is made from it each time, with fresh addresses of its files. */
export interface StoredMessage {
  id: string;
  channelId: string;
  type: number;
  author: UserObject;
  content: string;
  at: number;
  editedAt: number | null;
  tts: boolean;
  mentionEveryone: boolean;
  mentions: UserObject[];
  mentionRoles: string[];
  files: StoredFile[];
  embeds: Fields[];
  components: Fields[];
  flags: number;
  nonce?: string | number;
  reference?: Reference;
  snapshots?: Fields[];
  stickers: Fields[];
  poll?: Fields;
  /** Anything else, as it is. */
  more: Fields;
}

export interface Reactions {
  emoji: EmojiObject;
  /** Names by the id of who put it. */
  by: Map<string, string>;
}

/** One message as the channel shows it now, and how it came to that. */
export interface Entry {
  message: StoredMessage;
  /** True for what an application of the simulator sent. */
  byBot: boolean;
  /** The contents before each edit, oldest first. */
  versions: StoredMessage[];
  deleted: boolean;
  /** By emoji. */
  reactions: Map<string, Reactions>;
  /** Only this user sees it. */
  ephemeralFor: string | null;
}

export const isLoading = ({ message }: Entry): boolean => (message.flags & MessageFlags.Loading) !== 0;

export const isoTime = (at: number): string => new Date(at).toISOString().replace('Z', '000+00:00');
