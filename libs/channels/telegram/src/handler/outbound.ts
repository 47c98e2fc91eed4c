import type { InlineKeyboardButton, InlineKeyboardMarkup, ReactionTypeEmoji } from '@grammyjs/types';
import { UnsupportedError, type OutboundMessage, type Part, type StyledText } from '@omni-hub/channel-sdk';
import type { Button, LocationContent, MessageId, PollContent } from '@omni-hub/contracts';
import type { Call, CallOf } from '../models/api.models';
import { toEntities } from './entities';
import { parseChat, parseMessage, type Address } from './ids';
import { toAlbum, toMedia } from './outbound-media';

type TextPart = Extract<Part, { type: 'text' }>;
type ListPart = Extract<Part, { type: 'list' }>;

/** Where a message goes and what it answers: the parameters that every method of sending shares. */
export type Envelope = ReturnType<typeof toEnvelope>;

/** The one request that a part is at the Bot API. Pure; throws UnsupportedError and RejectedError only. */
export function toCall({
  chat,
  part,
  files,
  replyTo,
}: Pick<OutboundMessage, 'chat' | 'part' | 'files' | 'replyTo'>): Call {
  const envelope = toEnvelope(parseChat(chat), replyTo);
  switch (part.type) {
    case 'text':
      return toText(part, envelope);
    case 'media':
      return toMedia(part, files[0], envelope);
    case 'album':
      return toAlbum(part.items, files, envelope);
    case 'list':
      return toList(part, envelope);
    case 'location':
      return toLocation(part, envelope);
    case 'contact':
      return {
        method: 'sendContact',
        params: { ...envelope, phone_number: part.phone, first_name: part.name },
      };
    case 'poll':
      return toPoll(part, envelope);
    case 'template':
    case 'reaction':
    case 'edit':
    case 'delete':
      throw new UnsupportedError(
        `Telegram has no message of the kind "${part.type}"`,
        `content.${part.type}`,
      );
  }
}

/** A new text for a message that the bot sent. */
export function toEdit(messageId: MessageId, { body, buttons }: TextPart): CallOf<'editMessageText'> {
  const { chatId, messageId: message_id, businessConnectionId } = parseMessage(messageId);
  return {
    method: 'editMessageText',
    params: {
      business_connection_id: businessConnectionId,
      chat_id: chatId,
      message_id,
      text: body.text,
      entities: toEntities(body),
      reply_markup: toKeyboard(buttons),
    },
  };
}

export function toDeletion(messageId: MessageId): Call {
  const { chatId, messageId: message_id, businessConnectionId } = parseMessage(messageId);
  if (businessConnectionId === undefined)
    return { method: 'deleteMessage', params: { chat_id: chatId, message_id } };
  return {
    method: 'deleteBusinessMessages',
    params: { business_connection_id: businessConnectionId, message_ids: [message_id] },
  };
}

export function toReaction(messageId: MessageId, emoji: string): CallOf<'setMessageReaction'> {
  const { chatId, messageId: message_id, businessConnectionId } = parseMessage(messageId);
  if (businessConnectionId !== undefined) {
    throw new UnsupportedError(
      'Telegram: a bot cannot react in the chats of a business account',
      'content.reaction',
    );
  }
  // Telegram's list of reactions is without the sign that asks for a coloured emoji.
  const plain = emoji.replaceAll('\uFE0F', '') as ReactionTypeEmoji['emoji'];
  const reaction: ReactionTypeEmoji[] = emoji === '' ? [] : [{ type: 'emoji', emoji: plain }];
  return { method: 'setMessageReaction', params: { chat_id: chatId, message_id, reaction } };
}

/** An unfinished answer that vanishes by itself: https://core.telegram.org/bots/api#sendmessagedraft. */
export function toDraft(
  { chatId, threadId }: Address,
  draftId: number,
  body: StyledText,
): CallOf<'sendMessageDraft'> {
  return {
    method: 'sendMessageDraft',
    params: {
      chat_id: Number(chatId),
      message_thread_id: threadId,
      draft_id: draftId,
      text: body.text,
      entities: toEntities(body),
    },
  };
}

/** Drafts exist in the bot's own private chats only. */
export function hasDrafts({ chatId, businessConnectionId }: Address): boolean {
  return isPrivate(chatId) && businessConnectionId === undefined;
}

/** Users have positive ids, groups and channels negative ones; a public name is a group's or a channel's. */
export function isPrivate(chatId: number | string): boolean {
  return typeof chatId === 'number' && chatId > 0;
}

function toEnvelope(address: Address, replyTo: MessageId | null) {
  return {
    business_connection_id: address.businessConnectionId,
    chat_id: address.chatId,
    message_thread_id: address.threadId,
    direct_messages_topic_id: address.directTopicId,
    reply_parameters: replyTo === null ? undefined : toReply(address, replyTo),
  };
}

/** A message of another chat has a number that means another message here: such a reply is sent without its reference. */
function toReply(address: Address, replyTo: MessageId) {
  const target = parseMessage(replyTo);
  if (target.chatId !== address.chatId || target.messageId === 0) return undefined;
  return { message_id: target.messageId, allow_sending_without_reply: true };
}

function toText({ body, buttons }: TextPart, envelope: Envelope): CallOf<'sendMessage'> {
  return {
    method: 'sendMessage',
    params: { ...envelope, text: body.text, entities: toEntities(body), reply_markup: toKeyboard(buttons) },
  };
}

/** A list is a keyboard with a row for each of its rows; titles and descriptions, for which buttons have no room, stand in the text. */
function toList({ body, sections }: ListPart, envelope: Envelope): CallOf<'sendMessage'> {
  const rows = sections.flatMap((section) => section.rows);
  const text = withDescriptions(body, sections);
  return {
    method: 'sendMessage',
    params: {
      ...envelope,
      text: text.text,
      entities: toEntities(text),
      reply_markup: { inline_keyboard: rows.map(({ id, label }) => [{ text: label, callback_data: id }]) },
    },
  };
}

function withDescriptions(body: StyledText, sections: ListPart['sections']): StyledText {
  const described = sections.some(({ title, rows }) => title || rows.some(({ description }) => description));
  if (!described) return body;
  const paragraphs = sections.map(({ title, rows }) =>
    [
      ...(title ? [title] : []),
      ...rows.map(({ label, description }) => `• ${label}${description ? `: ${description}` : ''}`),
    ].join('\n'),
  );
  const text = [body.text, ...paragraphs].join('\n\n');
  return text.length > 4096 ? body : { text, spans: body.spans };
}

function toLocation({ latitude, longitude, name, address }: LocationContent, envelope: Envelope): Call {
  if (!name && !address) return { method: 'sendLocation', params: { ...envelope, latitude, longitude } };
  return {
    method: 'sendVenue',
    params: {
      ...envelope,
      latitude,
      longitude,
      title: name || address || '',
      address: address || `${latitude}, ${longitude}`,
    },
  };
}

function toPoll({ question, options, multiple }: PollContent, envelope: Envelope): CallOf<'sendPoll'> {
  return {
    method: 'sendPoll',
    params: {
      ...envelope,
      question,
      options: options.map((text) => ({ text })),
      allows_multiple_answers: multiple ?? false,
    },
  };
}

/** Labels up to this length share a row of three on a phone's screen. */
const shortLabel = 12;

function toKeyboard(buttons: readonly Button[]): InlineKeyboardMarkup | undefined {
  if (buttons.length === 0) return undefined;
  const perRow = buttons.every(({ label }) => label.length <= shortLabel) ? 3 : 1;
  const rows = Array.from({ length: Math.ceil(buttons.length / perRow) }, (_, row) =>
    buttons.slice(row * perRow, (row + 1) * perRow).map(toButton),
  );
  return { inline_keyboard: rows };
}

function toButton(button: Button): InlineKeyboardButton {
  if ('url' in button) return { text: button.label, url: button.url };
  return { text: button.label, callback_data: button.id };
}
