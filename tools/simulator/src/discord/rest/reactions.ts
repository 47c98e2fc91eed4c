import type { SimulatedChannel } from '../channel';
import { emojiKey, readEmoji } from '../checks/emoji';
import { changeReaction } from '../compose';
import { known } from '../errors';
import type { UserObject } from '../user';
import { bot, type Call, channelOf, entryOf, needs, type Route } from './call';

const mostEmojis = 20;
const messagePath = 'channels/:channel/messages/:message/reactions';

export const reactionRoutes: Route[] = [
  bot('PUT', `${messagePath}/:emoji/@me`, 'react', (call) => {
    const { channel, emoji, entry } = read(call);
    needs(channel, 'ReadMessageHistory');
    if (!entry) return;
    const isNew = !entry.reactions.has(emojiKey(emoji));
    if (isNew) needs(channel, 'AddReactions');
    if (isNew && entry.reactions.size >= mostEmojis) throw known(30010);
    if (channel.thread?.archived) throw known(50083);
    changeReaction(call.world, channel, entry, emoji, call.application.user, true);
  }),
  bot('DELETE', `${messagePath}/:emoji/@me`, 'unreact', (call) => takeBack(call, call.application.user)),
  bot('DELETE', `${messagePath}/:emoji/:user`, 'unreact', (call) => {
    const user = call.world.users.get(call.path.user);
    if (!user) throw known(10013);
    needs(channelOf(call), 'ManageMessages');
    takeBack(call, user);
  }),
  bot('GET', `${messagePath}/:emoji`, 'get-reactions', (call) => {
    const { emoji, entry } = read(call);
    const by = entry?.reactions.get(emojiKey(emoji))?.by ?? new Map<string, string>();
    return [...by.keys()].flatMap((id) => call.world.users.get(id) ?? []);
  }),
  bot('DELETE', messagePath, 'unreact-all', (call) => {
    const channel = channelOf(call);
    needs(channel, 'ManageMessages');
    entryOf(call, channel)?.reactions.clear();
  }),
];

function takeBack(call: Call, user: UserObject): void {
  const { channel, emoji, entry } = read(call);
  if (entry) changeReaction(call.world, channel, entry, emoji, user, false);
}

function read(call: Call) {
  const channel: SimulatedChannel = channelOf(call);
  const entry = entryOf(call, channel);
  return { channel, entry, emoji: readEmoji(call.path.emoji, channel) };
}
