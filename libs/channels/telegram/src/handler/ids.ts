import { createIdCodec, RejectedError } from '@omni-hub/channel-sdk';
import type { ChatId, ContactId, MessageId } from '@omni-hub/contracts';

/**
 * How Telegram's numbers become the hub's ids.
 *
 *     telegram:4242                        a private chat, a group, a channel, the General topic of a forum
 *     telegram:-100123:topic:4             a forum topic, or a topic of a private chat
 *     telegram:-100123:direct:7            a topic of a channel's direct messages
 *     telegram:4242:business:<connection>  a chat of a connected business account
 *     telegram:-100123:17                  a message; its number is unique in the chat, whatever the topic
 *     telegram:4242:17:business:<connection>   a message of a business chat: the account's chats count on their own
 *     telegram:-100123:0:ephemeral:9       an ephemeral message, whose message number is always 0
 *     telegram:4242                        a contact: a user, or the chat in whose name someone writes
 */
export interface Address {
  /** Telegram's `chat_id`: a number, or `@username` as an application may give it. */
  chatId: number | string;
  /** `message_thread_id` of a topic. */
  threadId?: number;
  /** `direct_messages_topic_id`. */
  directTopicId?: number;
  /** `business_connection_id`. */
  businessConnectionId?: string;
}

export interface MessageAddress {
  chatId: number | string;
  /** 0 for an ephemeral message. */
  messageId: number;
  businessConnectionId?: string;
  ephemeralMessageId?: number;
}

const codec = createIdCodec('telegram');

export function chatId(address: Address): ChatId {
  if (address.businessConnectionId !== undefined) {
    return codec.encode(address.chatId, 'business', address.businessConnectionId);
  }
  if (address.directTopicId !== undefined) {
    return codec.encode(address.chatId, 'direct', address.directTopicId);
  }
  if (address.threadId !== undefined) return codec.encode(address.chatId, 'topic', address.threadId);
  return codec.encode(address.chatId);
}

/** The opposite of `chatId`; reads a contact's id as the private chat with them. Throws RejectedError for anything else. */
export function parseChat(id: string): Address {
  const [chat, scope, key, ...rest] = codec.decode(id);
  if (chat && rest.length === 0) {
    if (scope === undefined) return { chatId: native(chat) };
    if (scope === 'business' && key) return { chatId: native(chat), businessConnectionId: key };
    if (scope === 'topic' && isNumber(key)) return { chatId: native(chat), threadId: Number(key) };
    if (scope === 'direct' && isNumber(key)) return { chatId: native(chat), directTopicId: Number(key) };
  }
  throw new RejectedError(`"${id}" names no Telegram chat: use telegram:<chat id>, as chats are listed`);
}

/** `address` is the chat in which the message is; of its topic nothing is kept. */
export function messageId(
  address: Pick<Address, 'chatId' | 'businessConnectionId'>,
  message: number,
  ephemeralMessageId?: number,
): MessageId {
  if (address.businessConnectionId !== undefined) {
    return codec.encode(address.chatId, message, 'business', address.businessConnectionId);
  }
  if (message === 0 && ephemeralMessageId !== undefined) {
    return codec.encode(address.chatId, 0, 'ephemeral', ephemeralMessageId);
  }
  return codec.encode(address.chatId, message);
}

/** The opposite of `messageId`. Throws RejectedError for an id that is no message's. */
export function parseMessage(id: string): MessageAddress {
  const [chat, message, scope, key, ...rest] = codec.decode(id);
  if (chat && isNumber(message) && rest.length === 0) {
    const found = { chatId: native(chat), messageId: Number(message) };
    if (scope === undefined) return found;
    if (scope === 'business' && key) return { ...found, businessConnectionId: key };
    if (scope === 'ephemeral' && isNumber(key)) return { ...found, ephemeralMessageId: Number(key) };
  }
  throw new RejectedError(`"${id}" names no Telegram message: use telegram:<chat id>:<message id>`);
}

export function contactId(userId: number | string): ContactId {
  return codec.encode(userId);
}

/** Chat ids have at most 52 significant bits: a JavaScript number holds them. */
function native(chat: string): number | string {
  return isNumber(chat) ? Number(chat) : chat;
}

/** Only the one way in which an integer is written, so that an id has one spelling. */
function isNumber(part: string | undefined): part is string {
  return part !== undefined && Number.isSafeInteger(Number(part)) && String(Number(part)) === part;
}
