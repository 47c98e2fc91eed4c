import type {
  ExternalReplyInfo,
  Message,
  MessageOriginChannel,
  MessageOriginChat,
  MessageOriginHiddenUser,
  MessageOriginUser,
  TextQuote,
} from '@grammyjs/types';
import type { Account } from '@omni-hub/channel-sdk';
import type { ReplyContext } from '@omni-hub/contracts';
import { asCount, asObject, asText, type Unchecked } from '../models/inbound.models';
import { messageId } from './ids';
import { fullName, isAccount, isOwn, readActorChat, readChat, type Place } from './inbound-people';
import { readText } from './inbound-text';

/** Every field that some kind of origin has (https://core.telegram.org/bots/api#messageorigin). */
type AnyOrigin = Omit<MessageOriginUser, 'type'> &
  Omit<MessageOriginHiddenUser, 'type'> &
  Omit<MessageOriginChat, 'type'> &
  Omit<MessageOriginChannel, 'type'>;

/** What a message answers. The words that its author picked come before the whole text. */
export function readReply(
  message: Unchecked<Message>,
  place: Place,
  account: Account | null,
): ReplyContext | null {
  const quote = asText(asObject<TextQuote>(message.quote)?.text);
  const original = asObject<Message>(message.reply_to_message);
  if (original) return isTopicStart(original, message) ? null : inChat(original, quote, place, account);
  const external = asObject<ExternalReplyInfo>(message.external_reply);
  return external && fromElsewhere(external, quote, account);
}

/** In a topic every message that answers none "answers" the service message that opened the topic. */
function isTopicStart(original: Unchecked<Message>, message: Unchecked<Message>): boolean {
  return message.is_topic_message === true && original.message_id === message.message_thread_id;
}

function inChat(
  original: Unchecked<Message>,
  quote: string | null,
  place: Place,
  account: Account | null,
): ReplyContext | null {
  const number = asCount(original.message_id);
  if (number === null) return null;
  const text = quote ?? asText(readText(original, account).text);
  const ephemeral = asCount(original.ephemeral_message_id) ?? undefined;
  return { id: messageId(place.address, number, ephemeral), text, fromMe: isOwn(original, place, account) };
}

/** A reply across chats. Telegram tells which message only where the other chat is a supergroup or a channel. */
function fromElsewhere(
  reply: Unchecked<ExternalReplyInfo>,
  quote: string | null,
  account: Account | null,
): ReplyContext | null {
  const chat = readChat(reply.chat);
  const number = asCount(reply.message_id);
  if (!chat || number === null) return null;
  const author = asObject<AnyOrigin>(reply.origin)?.sender_user;
  return { id: messageId(chat.address, number), text: quote, fromMe: isAccount(author, account) };
}

/** The name of whoever wrote a forwarded message first; null when Telegram does not tell. */
export function readOrigin(value: unknown): string | null {
  const origin = asObject<AnyOrigin>(value);
  if (!origin) return null;
  return (
    fullName(asObject<{ first_name: string; last_name: string }>(origin.sender_user) ?? {}) ??
    asText(origin.sender_user_name) ??
    readActorChat(origin.sender_chat)?.name ??
    readActorChat(origin.chat)?.name ??
    asText(origin.author_signature)
  );
}
