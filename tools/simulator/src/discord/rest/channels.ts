import { ChannelType, MessageType } from 'discord-api-types/v10';
import type { SimulatedChannel } from '../channel';
import { newMessage } from '../checks/message';
import { writeMessage } from '../compose';
import { known } from '../errors';
import { anything, checkForm, choice, flag, integer, list, object, snowflake, text } from '../form';
import type { Fields } from '../message';
import { messageObject } from '../render';
import { openThread } from '../threads';
import { bot, type Call, channelOf, entryOf, needs, type Route } from './call';
import { checkContent, contentOf } from './content';

const threadFields = {
  name: text({ min: 1, max: 100 }),
  auto_archive_duration: choice(60, 1440, 4320, 10080),
  rate_limit_per_user: integer({ max: 21_600 }),
};
const threadOfMessage = object(threadFields, ['name']);
const thread = object({ ...threadFields, type: choice(10, 11, 12), invitable: flag }, ['name']);
const post = object({ ...threadFields, message: anything, applied_tags: list(snowflake, { max: 5 }) }, [
  'name',
  'message',
]);
const changes = object({
  ...threadFields,
  archived: flag,
  locked: flag,
  invitable: flag,
  topic: text({ max: 4096 }),
});

export const channelRoutes: Route[] = [
  bot('GET', 'channels/:channel', 'channel', (call) => channelOf(call).object()),
  bot('PATCH', 'channels/:channel', 'edit-channel', editChannel),
  bot('POST', 'channels/:channel/typing', 'typing', (call) => {
    const channel = channelOf(call);
    if (!channel.direct) needs(channel, channel.thread ? 'SendMessagesInThreads' : 'SendMessages');
    if (channel.keeps) channel.actions.push('typing');
    call.world.tell({ kind: 'action', chat: channel, what: 'typing' });
    call.world.events.typing(channel, call.application.user);
  }),
  bot('POST', 'channels/:channel/messages/:message/threads', 'start-thread', (call) => {
    const channel = channelOf(call);
    const { world, application, body, path } = call;
    checkForm(body, threadOfMessage);
    if (channel.direct || channel.thread) throw known(50024);
    needs(channel, 'CreatePublicThreads');
    const entry = entryOf(call, channel);
    if (world.channels.has(path.message)) throw known(160004);
    return openThread(world, channel, application.user, String(body.name), {
      id: path.message,
      starter: entry,
      autoArchiveMinutes: body.auto_archive_duration as number | undefined,
      byBot: true,
    }).object();
  }),
  bot('POST', 'channels/:channel/threads', 'start-thread', (call) => {
    const channel = channelOf(call);
    if (channel.direct || channel.thread) throw known(50024);
    return channel.isForum ? startPost(call, channel) : startThread(call, channel);
  }),
  bot('PUT', 'channels/:channel/thread-members/@me', 'join-thread', (call) => {
    const channel = channelOf(call);
    if (!channel.thread) throw known(50024);
    channel.members.add(call.application.user.id);
  }),
];

function startThread({ world, application, body }: Call, channel: SimulatedChannel): Fields {
  checkForm(body, thread);
  const isPrivate = Number(body.type ?? ChannelType.PrivateThread) === ChannelType.PrivateThread;
  needs(channel, isPrivate ? 'CreatePrivateThreads' : 'CreatePublicThreads');
  return openThread(world, channel, application.user, String(body.name), {
    type: isPrivate ? ChannelType.PrivateThread : ChannelType.PublicThread,
    autoArchiveMinutes: body.auto_archive_duration as number | undefined,
    byBot: true,
  }).object();
}

/** A post of a forum: a thread with its first message, whose ids are the same. */
function startPost({ world, application, body, files }: Call, channel: SimulatedChannel): Fields {
  checkForm(body, post);
  checkForm(body.message, newMessage);
  needs(channel, 'SendMessages');
  const appliedTags = (body.applied_tags as string[] | undefined) ?? [];
  if (channel.tags?.required && appliedTags.length === 0) throw known(40067);
  const id = world.newId();
  const content = contentOf(world, channel, body.message as Fields, files);
  checkContent(content);
  const opened = openThread(world, channel, application.user, String(body.name), {
    id,
    appliedTags,
    byBot: true,
  });
  const parts = { ...content, id, type: MessageType.Default };
  const entry = writeMessage(world, opened, application.user, parts, true);
  return { ...opened.object(), message: messageObject(world, opened, entry) };
}

function editChannel(call: Call): Fields {
  const channel = channelOf(call);
  const { body, world } = call;
  checkForm(body, changes);
  if (channel.direct) throw known(50024);
  needs(channel, channel.thread ? 'ManageThreads' : 'ManageChannels');
  if (typeof body.name === 'string') channel.name = body.name;
  if (channel.thread) {
    if (typeof body.archived === 'boolean') channel.thread.archived = body.archived;
    if (typeof body.locked === 'boolean') channel.thread.locked = body.locked;
  }
  world.events.channel(channel.thread ? 'THREAD_UPDATE' : 'CHANNEL_UPDATE', channel);
  return channel.object();
}
