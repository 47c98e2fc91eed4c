import type { Account } from '@omni-hub/channel-sdk';
import type { MessageEdited, MessageReceived, ReplyContext } from '@omni-hub/contracts';
import {
  MessageFlags,
  MessageReferenceType,
  MessageType,
  type APIMessage,
  type APIMessageReference,
  type APIMessageSnapshot,
  type GatewayMessageCreateDispatchData,
} from 'discord-api-types/v10';
import {
  asCount,
  asObject,
  asObjects,
  asSnowflake,
  asText,
  asTime,
  snowflakeTime,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { messageId } from './ids';
import { readAttachments } from './inbound-attachments';
import { isAccount, readPlace, readUser } from './inbound-people';
import { readNotice } from './inbound-notices';
import { readText } from './inbound-text';

type MessageData = Unchecked<GatewayMessageCreateDispatchData & { channel_type: number }>;

/** What somebody wrote; the answers of programs to commands are theirs. */
const written: readonly unknown[] = [
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
];

/** A new message: what somebody wrote, or what Discord tells in the form of a message. */
export function readNew(message: MessageData, context: Context): Reading {
  const type = message.type ?? MessageType.Default;
  return written.includes(type) ? readWritten('message', message, context) : readNotice(message, context);
}

/**
 * The new version of a message, whole. Discord also sends one when it has fetched the preview of a link, when a message is pinned
 * or when its thread changes: those change nothing that was said, and have no or an old time of editing.
 */
export function readEdit(message: MessageData, context: Context): Reading {
  if (asText(message.edited_timestamp) === null)
    return 'Discord added a preview or a note of its own to the message; what was written is the same';
  const type = message.type ?? MessageType.Default;
  if (!written.includes(type)) return 'A message of Discord itself changed; that asks for no answer';
  return readWritten('edit', message, context);
}

function readWritten(type: 'message' | 'edit', message: MessageData, context: Context): Reading {
  const { eventId, rawKind, account } = context;
  const chat = readPlace(message);
  const channel = asSnowflake(message.channel_id);
  const id = asSnowflake(message.id);
  if (!chat || channel === null || id === null)
    return 'The message has no id or no channel, so there is nowhere to answer. Discord always sends both';
  const sender = readUser(message.author, message.member);
  if (!sender) return 'The message names no author, so there is nobody to answer';

  const shared = asObjects<APIMessageSnapshot>(message.message_snapshots)
    .map((snapshot) => asObject<APIMessage>(snapshot.message))
    .filter((original) => original !== null);
  const [own, ...others] = [message, ...shared].map((part) =>
    readText(part as Unchecked<APIMessage>, account),
  );
  const { text, entities } = joined([own, ...others]);
  const attachments = [message, ...shared].flatMap((part) =>
    readAttachments(part as Unchecked<APIMessage>, { channel, message: id }),
  );
  if (text === '' && attachments.length === 0) return nothingReadable(message, chat.kind);

  const event: MessageReceived | MessageEdited = {
    type,
    eventId,
    rawKind,
    at:
      (type === 'edit' && asTime(message.edited_timestamp)) || asTime(message.timestamp) || snowflakeTime(id),
    chat,
    sender: { ...sender, isBot: sender.isBot || asSnowflake(message.webhook_id) !== null },
    message: {
      id: messageId(channel, id),
      text,
      entities,
      attachments,
      mentions: own.mentions,
      replyTo: readReply(message, account),
      forwardedFrom: readOrigin(message),
      albumId: null,
      fromMe: isAccount(message.author, account),
    },
  };
  return event;
}

/** What was said, and below it what was forwarded. */
function joined(
  texts: ReturnType<typeof readText>[],
): Pick<ReturnType<typeof readText>, 'text' | 'entities'> {
  return texts
    .filter(({ text }) => text !== '')
    .reduce<ReturnType<typeof joined>>(
      (before, { text, entities }) => {
        const start = before.text === '' ? '' : `${before.text}\n\n`;
        const moved = entities.map((entity) => ({ ...entity, offset: entity.offset + start.length }));
        return { text: start + text, entities: [...before.entities, ...moved] };
      },
      { text: '', entities: [] },
    );
}

function readReply(message: MessageData, account: Account | null): ReplyContext | null {
  const reference = asObject<APIMessageReference>(message.message_reference);
  if (!reference || asCount(reference.type) === MessageReferenceType.Forward) return null;
  const channel = asSnowflake(reference.channel_id) ?? asSnowflake(message.channel_id);
  const id = asSnowflake(reference.message_id);
  if (channel === null || id === null) return null;
  const original = asObject<APIMessage>(message.referenced_message);
  return {
    id: messageId(channel, id),
    text: original && asText(readText(original, account).text),
    fromMe: isAccount(original?.author, account),
  };
}

/** Discord tells where a forwarded message stands, never who wrote it. */
function readOrigin(message: MessageData): string | null {
  const reference = asObject<APIMessageReference>(message.message_reference);
  if (!reference || asCount(reference.type) !== MessageReferenceType.Forward) return null;
  const channel = asSnowflake(reference.channel_id);
  return channel === null ? 'another channel' : `channel ${channel}`;
}

function nothingReadable(message: MessageData, kind: 'direct' | 'group' | 'thread'): string {
  if (((asCount(message.flags) ?? 0) & MessageFlags.Loading) !== 0)
    return 'A bot is thinking about a command; its answer comes as a change of this message';
  return kind === 'direct'
    ? 'The message holds nothing that this version reads: no text, no file, no sticker, no poll and no embed'
    : 'The message came empty. Discord leaves the content out for bots without the Message Content intent, unless they are mentioned: switch it on in the developer portal (Bot, Privileged Gateway Intents), keep 32768 in "intents" and reconnect';
}
