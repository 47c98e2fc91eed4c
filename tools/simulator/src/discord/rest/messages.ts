import { MessageType } from 'discord-api-types/v10';
import type { SimulatedApplication } from '../application';
import type { SimulatedChannel } from '../channel';
import { changedMessage, newMessage } from '../checks/message';
import { changeMessage, deleteMessage, writeMessage } from '../compose';
import { known } from '../errors';
import { checkForm, invalidForm } from '../form';
import type { Entry, Fields, Reference } from '../message';
import { messageObject, withoutContent } from '../render';
import { compareIds, isSnowflake } from '../snowflake';
import type { World } from '../world';
import { bot, type Call, channelOf, entryOf, needs, type Route } from './call';
import { changesOf, checkChanged, checkContent, contentOf } from './content';

const bulkAgeMs = 14 * 86_400_000;

export const messageRoutes: Route[] = [
  bot('GET', 'channels/:channel/messages', 'get-messages', getMessages),
  bot('POST', 'channels/:channel/messages', 'create-message', createMessage),
  bot('POST', 'channels/:channel/messages/bulk-delete', 'bulk-delete', bulkDelete),
  bot('GET', 'channels/:channel/messages/:message', 'get-message', (call) => {
    const channel = channelOf(call);
    needs(channel, 'ReadMessageHistory');
    const entry = entryOf(call, channel);
    return entry && shown(call.world, channel, entry, call.application);
  }),
  bot('PATCH', 'channels/:channel/messages/:message', 'edit-message', editMessage),
  bot('DELETE', 'channels/:channel/messages/:message', 'delete-message', (call) => {
    const channel = channelOf(call);
    const entry = entryOf(call, channel);
    if (!entry) return;
    if (entry.message.author.id !== call.application.user.id) {
      if (channel.direct) throw known(50003);
      needs(channel, 'ManageMessages');
    }
    deleteMessage(call.world, channel, entry);
  }),
];

function getMessages(call: Call): Fields[] {
  const channel = channelOf(call);
  const { query, world, application } = call;
  if (!channel.can('ReadMessageHistory')) return [];
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw invalidForm(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
  const [after, before, around] = ['after', 'before', 'around'].map((name) => idIn(query, name));
  const there = channel.entries.filter(({ deleted, ephemeralFor }) => !deleted && !ephemeralFor);
  const page =
    after !== null
      ? there.filter(({ message }) => compareIds(message.id, after) > 0).slice(0, limit)
      : before !== null
        ? there.filter(({ message }) => compareIds(message.id, before) < 0).slice(-limit)
        : around !== null
          ? surrounding(there, around, limit)
          : there.slice(-limit);
  return page.toReversed().map((entry) => shown(world, channel, entry, application));
}

function surrounding(there: Entry[], id: string, limit: number): Entry[] {
  const at = there.findIndex(({ message }) => compareIds(message.id, id) >= 0);
  const start = Math.max(0, (at < 0 ? there.length : at) - Math.floor(limit / 2));
  return there.slice(start, start + limit);
}

function idIn(query: URLSearchParams, name: string): string | null {
  const id = query.get(name);
  if (id !== null && !isSnowflake(id))
    throw invalidForm([name], 'NUMBER_TYPE_COERCE', `Value "${id}" is not snowflake.`);
  return id;
}

function createMessage(call: Call): Fields {
  const channel = channelOf(call);
  const { world, application, body, files } = call;
  if (!channel.isText) throw known(50008);
  checkForm(body, newMessage);
  checkMayWrite(world, channel);
  const isEnforced = body.enforce_nonce === true && body.nonce != null;
  const nonceKey = `${application.id} ${channel.id} ${String(body.nonce)}`;
  const earlier = isEnforced ? world.nonces.find(nonceKey) : null;
  if (earlier) {
    world.counters.repeatedNonces++;
    return messageObject(world, channel, earlier, application);
  }
  const reference = readReference(call, channel);
  const repliedTo = reference?.type === 0 ? channel.find(reference.message_id) : undefined;
  const content = contentOf(world, channel, body, files, repliedTo?.message.author ?? null);
  const forwarded = reference?.type === 1 ? forwardOf(world, reference) : null;
  if (!forwarded) checkContent(content);
  const entry = writeMessage(
    world,
    channel,
    application.user,
    {
      ...content,
      ...(reference && { reference }),
      ...forwarded,
      ...(body.nonce != null && { nonce: body.nonce as string | number }),
      type: reference?.type === 0 ? MessageType.Reply : MessageType.Default,
    },
    true,
  );
  if (isEnforced) world.nonces.add(nonceKey, entry);
  return messageObject(world, channel, entry);
}

/** People who do not take messages, threads that are locked, permissions that are not there. */
export function checkMayWrite(world: World, channel: SimulatedChannel): void {
  if (channel.direct) {
    const { user, application } = channel.direct;
    if (world.closedTo.has(user.id)) throw known(50007);
    const isTogether = world.guildsOf(application).some(({ members }) => members.has(user.id));
    if (world.strangers.has(user.id) && !isTogether) throw known(50278);
    return;
  }
  needs(channel, channel.thread ? 'SendMessagesInThreads' : 'SendMessages');
  if (channel.thread?.locked) throw known(160005);
}

function readReference({ body, world }: Call, channel: SimulatedChannel): Reference | null {
  const given = body.message_reference as
    | {
        type?: 0 | 1;
        message_id: string;
        channel_id?: string;
        guild_id?: string;
        fail_if_not_exists?: boolean;
      }
    | undefined
    | null;
  if (given == null) return null;
  const { type = 0, message_id, channel_id = channel.id, guild_id = channel.guild?.id } = given;
  if (type === 0 && channel_id !== channel.id)
    throw invalidForm(
      ['message_reference'],
      'REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL',
      'Cannot reply to a message in a different channel',
    );
  if (type === 0 && !channel.can('ReadMessageHistory')) throw known(160002);
  const target = (channel_id === channel.id ? channel : world.channels.get(channel_id))?.find(message_id);
  if (!target && channel.keeps) {
    if (type === 0 && given.fail_if_not_exists === false) return null;
    throw invalidForm(['message_reference'], 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  }
  return { type, message_id, channel_id, ...(guild_id && { guild_id }) };
}

/** A forward shows what was there when it was made. */
export function forwardOf(world: World, { channel_id, message_id }: Reference) {
  const channel = world.channels.get(channel_id);
  const entry = channel?.find(message_id);
  if (!channel || !entry) return null;
  const {
    type,
    content,
    timestamp,
    edited_timestamp,
    mentions,
    attachments,
    embeds,
    flags,
    components,
    mention_roles,
  } = messageObject(world, channel, entry, null, true);
  const message = {
    type,
    content,
    timestamp,
    edited_timestamp,
    mentions,
    mention_roles,
    attachments,
    embeds,
    flags,
    components,
  };
  return { snapshots: [{ message }] };
}

function editMessage(call: Call): Fields {
  const channel = channelOf(call);
  const { world, application, body, files } = call;
  const entry = entryOf(call, channel);
  checkForm(body, changedMessage(entry?.message.flags ?? 0));
  if (!entry) return { id: call.path.message, channel_id: channel.id, content: body.content ?? '' };
  if (entry.message.author.id !== application.user.id) throw known(50005);
  if (channel.thread?.archived) throw known(50083);
  const changes = changesOf(world, channel, entry.message, body, files);
  checkChanged({ ...entry.message, ...changes });
  changeMessage(world, channel, entry, changes);
  return messageObject(world, channel, entry, application);
}

function bulkDelete(call: Call): void {
  const channel = channelOf(call);
  const { world, body } = call;
  if (channel.direct) throw known(50003);
  needs(channel, 'ManageMessages');
  const ids = Array.isArray(body.messages) ? [...new Set(body.messages as string[])] : [];
  if (ids.length < 2 || ids.length > 100) throw known(50016);
  if (ids.some((id) => !isSnowflake(id)))
    throw invalidForm(['messages'], 'NUMBER_TYPE_COERCE', 'A value is not snowflake.');
  const entries = ids.flatMap((id) => channel.find(id) ?? []);
  if (entries.some(({ message }) => message.at < world.clock.now() - bulkAgeMs)) throw known(50034);
  for (const entry of entries) {
    entry.deleted = true;
    world.tell({ kind: 'deleted', chat: channel, entry });
  }
  world.events.messagesGone(
    channel,
    entries.map(({ message }) => message.id),
  );
}

function shown(
  world: World,
  channel: SimulatedChannel,
  entry: Entry,
  application: SimulatedApplication,
): Fields {
  const object = messageObject(world, channel, entry, application);
  if (application.privileged.has('content')) return object;
  return withoutContent(object, entry.message, channel, application);
}
