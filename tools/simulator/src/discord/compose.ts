import type { SimulatedChannel } from './channel';
import { flatten } from './checks/components';
import { emojiKey, type EmojiObject } from './checks/emoji';
import type { Entry, Fields, StoredMessage } from './message';
import type { UserObject } from './user';
import type { World } from './world';

type Parts = Partial<Omit<StoredMessage, 'id' | 'channelId' | 'author' | 'at'>> & {
  id?: string;
  ephemeralFor?: string;
};

/** Puts a message into a channel and tells of it. What was archived is no more. */
export function writeMessage(
  world: World,
  channel: SimulatedChannel,
  author: UserObject,
  { id, ephemeralFor, ...parts }: Parts,
  byBot: boolean,
): Entry {
  const entry: Entry = {
    message: {
      id: id ?? world.newId(),
      channelId: channel.id,
      type: 0,
      author,
      content: '',
      at: world.clock.now(),
      editedAt: null,
      tts: false,
      mentionEveryone: false,
      mentions: [],
      mentionRoles: [],
      files: [],
      embeds: [],
      flags: 0,
      stickers: [],
      more: {},
      ...parts,
      components: numbered(parts.components ?? []),
    },
    byBot,
    versions: [],
    deleted: false,
    reactions: new Map(),
    ephemeralFor: ephemeralFor ?? null,
  };
  if (channel.thread?.archived) {
    channel.thread.archived = false;
    world.events.channel('THREAD_UPDATE', channel);
  }
  channel.add(entry);
  world.tell({ kind: 'message', chat: channel, entry });
  if (!ephemeralFor) world.events.message('MESSAGE_CREATE', channel, entry);
  return entry;
}

/** Changes a message in place and tells of it. */
export function changeMessage(
  world: World,
  channel: SimulatedChannel,
  entry: Entry,
  changes: Partial<StoredMessage>,
): void {
  entry.versions.push(entry.message);
  entry.message = { ...entry.message, ...changes };
  if (changes.components) entry.message.components = numbered(changes.components);
  world.tell({ kind: 'edited', chat: channel, entry });
  if (!entry.ephemeralFor) world.events.message('MESSAGE_UPDATE', channel, entry);
}

export function deleteMessage(world: World, channel: SimulatedChannel, entry: Entry): void {
  entry.deleted = true;
  world.tell({ kind: 'deleted', chat: channel, entry });
  if (!entry.ephemeralFor) world.events.messageGone(channel, entry.message.id);
}

/** Puts an emoji on a message, or takes it back. */
export function changeReaction(
  world: World,
  channel: SimulatedChannel,
  entry: Entry,
  emoji: EmojiObject,
  user: UserObject,
  isThere: boolean,
): void {
  const key = emojiKey(emoji);
  const reaction = entry.reactions.get(key) ?? { emoji, by: new Map<string, string>() };
  if (reaction.by.has(user.id) === isThere) return;
  if (isThere) reaction.by.set(user.id, user.global_name ?? user.username);
  else reaction.by.delete(user.id);
  if (reaction.by.size > 0) entry.reactions.set(key, reaction);
  else entry.reactions.delete(key);
  world.tell({ kind: 'reacted', chat: channel, entry });
  world.events.reaction(
    isThere ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE',
    channel,
    entry,
    emoji,
    user,
  );
}

/** Components as the platform keeps them: each with a number. */
function numbered(components: Fields[]): Fields[] {
  const copy = structuredClone(components);
  const every = flatten(copy);
  let last = Math.max(0, ...every.map(({ component }) => Number(component.id ?? 0)));
  for (const { component } of every) component.id ??= ++last;
  return copy;
}
