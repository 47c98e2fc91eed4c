import type { Message } from '@grammyjs/types';
import type { MessageEdited, MessageReceived } from '@omni-hub/contracts';
import {
  asCount,
  asText,
  asTime,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { messageId } from './ids';
import { readAttachments } from './inbound-attachments';
import { isOwn, readPlace, readSender, type Place } from './inbound-people';
import { readOrigin, readReply } from './inbound-reply';
import { readService, serviceField } from './inbound-service';
import { readText } from './inbound-text';

/** A new message: what a person wrote, or what Telegram tells in the form of a message. */
export function readNew(message: Unchecked<Message>, context: Context): Reading {
  const field = serviceField(message);
  return field ? readService(field, message, context) : readWritten('message', message, context);
}

/** The new version of a message, whole. Telegram also sends one for changes that nobody made, of a link's preview for example. */
export function readEdit(message: Unchecked<Message>, context: Context): Reading {
  return readWritten('edit', message, context);
}

function readWritten(type: 'message' | 'edit', message: Unchecked<Message>, context: Context): Reading {
  const { eventId, rawKind, account } = context;
  const place = readPlace(message);
  if (!place) return 'The message names no chat, so there is nowhere to answer. Telegram always sends one';
  const number = asCount(message.message_id);
  if (number === null)
    return 'The message has no id, so it cannot be told from others. Telegram always sends one';
  const sender = readSender(message);
  if (!sender) return 'The message names no sender, so there is nobody to answer';

  const { text, entities, mentions } = readText(message, account);
  const attachments = readAttachments(message);
  if (text === '' && attachments.length === 0) return nothingReadable(message);

  const event: MessageReceived | MessageEdited = {
    type,
    eventId,
    rawKind,
    at: (type === 'edit' && asTime(message.edit_date)) || asTime(message.date),
    chat: place.ref,
    sender,
    message: {
      id: idOf(message, place, number),
      text,
      entities,
      attachments,
      mentions,
      replyTo: readReply(message, place, account),
      forwardedFrom: readOrigin(message.forward_origin),
      albumId: asText(message.media_group_id),
      fromMe: isOwn(message, place, account),
    },
  };
  return event;
}

function idOf(message: Unchecked<Message>, place: Place, number: number) {
  return messageId(place.address, number, asCount(message.ephemeral_message_id) ?? undefined);
}

/** Fields that say who, where and when, never what. */
const frame = new Set<keyof Message>([
  'message_id',
  'message_thread_id',
  'is_topic_message',
  'direct_messages_topic',
  'business_connection_id',
  'from',
  'sender_chat',
  'sender_tag',
  'chat',
  'date',
  'edit_date',
  'reply_to_message',
  'forward_origin',
  'via_bot',
]);

function nothingReadable(message: Unchecked<Message>): string {
  const unread = Object.keys(message).filter((field) => !frame.has(field as keyof Message));
  const held = unread.length === 0 ? 'nothing' : `only what this version does not read (${list(unread)})`;
  return `The message holds ${held}: no text, no media and nothing else to answer`;
}

/** A few names are enough for an operator, however many there are. */
function list(names: string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')}, …` : names.join(', ');
}
