import type { Chat, DirectMessagesTopic, Message, User } from '@grammyjs/types';
import type { Account } from '@omni-hub/channel-sdk';
import type { ChatRef, ContactRef } from '@omni-hub/contracts';
import { asInteger, asObject, asText, type Unchecked } from '../models/inbound.models';
import { chatId, contactId, type Address } from './ids';

/** The General topic of a forum: it is the supergroup itself, and sending to it with a thread id fails. */
const GENERAL_TOPIC = 1;

/** A chat as Telegram addresses it and as the hub knows it. */
export interface Place {
  address: Address & { chatId: number };
  ref: ChatRef;
}

/** A chat alone, without the topic. Null when it has no id. */
export function readChat(value: unknown, businessConnectionId: unknown = null): Place | null {
  const chat = asObject<Chat>(value);
  const id = asInteger(chat?.id);
  if (!chat || id === null) return null;
  const connection = asText(businessConnectionId);
  const address = connection === null ? { chatId: id } : { chatId: id, businessConnectionId: connection };
  return {
    address,
    ref: { id: chatId(address), kind: isPrivate(chat, id) ? 'direct' : 'group', title: asText(chat.title) },
  };
}

/**
 * The chat of a message: its topic where it has one. `message_thread_id` alone is no topic, ordinary supergroups number
 * their reply threads with it. A topic of a private chat, or of a channel's direct messages, is still one person who
 * speaks to the account, so it stays direct.
 */
export function readPlace(message: Unchecked<Message>): Place | null {
  const place = readChat(message.chat, message.business_connection_id);
  if (!place || place.address.businessConnectionId !== undefined) return place;

  const directTopicId = asInteger(asObject<DirectMessagesTopic>(message.direct_messages_topic)?.topic_id);
  if (directTopicId !== null) return within(place, { directTopicId }, 'direct');

  const threadId = message.is_topic_message === true ? asInteger(message.message_thread_id) : null;
  if (threadId === null) return place;
  if (place.ref.kind === 'direct') return within(place, { threadId }, 'direct');
  return threadId === GENERAL_TOPIC ? place : within(place, { threadId }, 'thread');
}

function within(
  place: Place,
  topic: Pick<Address, 'threadId' | 'directTopicId'>,
  kind: ChatRef['kind'],
): Place {
  const address = { ...place.address, ...topic };
  return { address, ref: { ...place.ref, id: chatId(address), kind } };
}

/** Private chats have positive ids, all others negative ones. */
function isPrivate(chat: Unchecked<Chat>, id: number): boolean {
  return typeof chat.type === 'string' ? chat.type === 'private' : id > 0;
}

export function readUser(value: unknown): ContactRef | null {
  const user = asObject<User>(value);
  const id = asInteger(user?.id);
  if (!user || id === null) return null;
  return {
    id: contactId(id),
    name: fullName(user),
    username: asText(user.username),
    phone: null,
    locale: asText(user.language_code),
    isBot: user.is_bot === true,
  };
}

/** A channel, or a group whose administrator stays anonymous, in whose name someone writes or reacts. */
export function readActorChat(value: unknown): ContactRef | null {
  const chat = asObject<Chat>(value);
  const id = asInteger(chat?.id);
  if (!chat || id === null) return null;
  return {
    id: contactId(id),
    name: asText(chat.title) ?? fullName(chat),
    username: asText(chat.username),
    phone: null,
    locale: null,
    isBot: false,
  };
}

/** `sender_chat` first: `from` is then a stand-in, the same user for everyone who writes in a chat's name. */
export function readSender(message: Unchecked<Message>): ContactRef | null {
  const sender = readActorChat(message.sender_chat) ?? readUser(message.from);
  if (sender) return sender;
  const isChannel = asObject<Chat>(message.chat)?.type === 'channel';
  return isChannel ? readActorChat(message.chat) : null;
}

export function fullName(named: {
  readonly first_name?: unknown;
  readonly last_name?: unknown;
}): string | null {
  const name = [asText(named.first_name), asText(named.last_name)].filter((part) => part !== null).join(' ');
  return name === '' ? null : name;
}

/** True when `user` is the account. */
export function isAccount(user: unknown, account: Account | null): boolean {
  const id = asInteger(asObject<User>(user)?.id);
  return account !== null && id !== null && String(id) === account.id;
}

/**
 * True when the account wrote the message, or a person in its place: the owner of a business account answers the
 * customer whom the chat is with, administrators of a channel answer the user whom the topic belongs to.
 */
export function isOwn(message: Unchecked<Message>, place: Place, account: Account | null): boolean {
  if (isAccount(message.from, account)) return true;
  const { businessConnectionId, directTopicId, chatId: customer } = place.address;
  if (businessConnectionId !== undefined) return readUser(message.from)?.id !== contactId(customer);
  if (directTopicId === undefined) return false;
  const opener = readUser(asObject<DirectMessagesTopic>(message.direct_messages_topic)?.user);
  return opener !== null && readSender(message)?.id !== opener.id;
}
