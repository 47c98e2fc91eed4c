import type {
  BusinessConnection,
  BusinessMessagesDeleted,
  CallbackQuery,
  ChatMemberRestricted,
  ChatMemberUpdated,
  InlineKeyboardMarkup,
  Message,
  MessageReactionUpdated,
  ReactionTypeCustomEmoji,
  ReactionTypeEmoji,
} from '@grammyjs/types';
import type { MembershipChanged } from '@omni-hub/contracts';
import {
  asCount,
  asList,
  asObject,
  asObjects,
  asText,
  asTime,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { messageId } from './ids';
import { isAccount, readActorChat, readChat, readPlace, readUser } from './inbound-people';

/**
 * A button was pressed. Telegram does not say when: `at` is the time of the message that holds the button, 0 where even
 * that is not known any more (https://core.telegram.org/bots/api#inaccessiblemessage).
 */
export function readPress(query: Unchecked<CallbackQuery>, { eventId, rawKind }: Context): Reading {
  const actionId = asText(query.data);
  if (actionId === null)
    return 'A button without data was pressed, such as the one of a game; this hub sends none of that kind';
  const sender = readUser(query.from);
  if (!sender) return 'A button was pressed, but Telegram does not say by whom';
  const message = asObject<Message>(query.message);
  const place = message && readPlace(message);
  if (!message || !place)
    return 'A button was pressed under a message of inline mode, which belongs to no chat that the bot is in';
  const number = asCount(message.message_id);
  const ephemeral = asCount(message.ephemeral_message_id) ?? undefined;
  return {
    type: 'action',
    eventId,
    rawKind,
    at: asTime(message.date),
    chat: place.ref,
    sender,
    actionId,
    label: labelOf(actionId, message.reply_markup),
    messageId: number === null ? null : messageId(place.address, number, ephemeral),
    ackRef: asText(query.id),
  };
}

/** What the pressed button said; null when the message is gone or has other buttons by now. */
function labelOf(actionId: string, markup: unknown): string | null {
  const rows = asList(asObject<InlineKeyboardMarkup>(markup)?.inline_keyboard);
  const buttons = rows.flatMap((row) => asObjects<{ text: string; callback_data: string }>(row));
  return asText(buttons.find((button) => button.callback_data === actionId)?.text);
}

/** Somebody's reactions to a message, before and after. It is told for the whole forum, never for a topic. */
export function readReaction(
  update: Unchecked<MessageReactionUpdated>,
  { eventId, rawKind }: Context,
): Reading {
  const place = readChat(update.chat);
  const number = asCount(update.message_id);
  if (!place || number === null) return 'A reaction changed, but Telegram does not say on which message';
  const before = new Set(asList(update.old_reaction).flatMap(reactionName));
  const after = new Set(asList(update.new_reaction).flatMap(reactionName));
  const added = [...after].filter((reaction) => !before.has(reaction));
  const removed = [...before].filter((reaction) => !after.has(reaction));
  if (added.length + removed.length === 0)
    return 'The reactions are the same as before, so there is nothing to tell';
  return {
    type: 'reaction',
    eventId,
    rawKind,
    at: asTime(update.date),
    chat: place.ref,
    sender: readUser(update.user) ?? readActorChat(update.actor_chat),
    messageId: messageId(place.address, number),
    added,
    removed,
  };
}

/** An emoji is its own name; a custom one goes by its id, a paid one has nothing but its kind. */
function reactionName(value: unknown): string[] {
  const reaction = asObject<ReactionTypeEmoji & Omit<ReactionTypeCustomEmoji, 'type'>>(value);
  const customId = asText(reaction?.custom_emoji_id);
  const name = asText(reaction?.emoji) ?? (customId && `custom_emoji:${customId}`) ?? asText(reaction?.type);
  return name === null ? [] : [name];
}

/** Messages that the owner of a connected business account, or their customer, deleted. Telegram does not say when. */
export function readDeletion(
  update: Unchecked<BusinessMessagesDeleted>,
  { eventId, rawKind }: Context,
): Reading {
  const place = readChat(update.chat, update.business_connection_id);
  if (!place) return 'Messages were deleted, but Telegram does not say in which chat';
  const numbers = asList(update.message_ids)
    .map(asCount)
    .filter((number) => number !== null);
  if (numbers.length === 0) return 'Messages were deleted, but Telegram does not say which';
  const messageIds = numbers.map((number) => messageId(place.address, number));
  return { type: 'delete', eventId, rawKind, at: 0, chat: place.ref, messageIds };
}

/** The status of a member changed, the account's own in `my_chat_member`. */
export function readMember(
  update: Unchecked<ChatMemberUpdated>,
  { eventId, rawKind, account }: Context,
): Reading {
  const place = readChat(update.chat);
  const before = asObject<ChatMemberRestricted>(update.old_chat_member);
  const after = asObject<ChatMemberRestricted>(update.new_chat_member);
  const member = readUser(after?.user);
  if (!place || !after || !member)
    return 'A membership changed, but Telegram does not say whose, or in which chat';
  const change = place.ref.kind === 'direct' ? privateChange(after) : groupChange(before, after);
  if (change === null) {
    return `A membership went from "${asText(before?.status)}" to "${asText(after.status)}", which changes nothing for the conversation`;
  }
  return {
    type: 'membership',
    eventId,
    rawKind,
    at: asTime(update.date),
    chat: place.ref,
    sender: readUser(update.from),
    change,
    self: rawKind === 'my_chat_member' || isAccount(after.user, account),
    members: [member],
  };
}

type Change = MembershipChanged['change'] | null;

/** In a private chat the account is "kicked" when the person blocks it, and a "member" again afterwards. */
function privateChange(after: Unchecked<ChatMemberRestricted>): Change {
  if (after.status === 'kicked') return 'blocked';
  return after.status === 'member' ? 'unblocked' : null;
}

function groupChange(
  before: Unchecked<ChatMemberRestricted> | null,
  after: Unchecked<ChatMemberRestricted>,
): Change {
  if (isIn(after) !== isIn(before)) return isIn(after) ? 'joined' : 'left';
  if (!isIn(after)) return null;
  if (isAdministrator(after) && !isAdministrator(before)) return 'promoted';
  return after.status === 'restricted' && before?.status !== 'restricted' ? 'restricted' : null;
}

function isIn(member: Unchecked<ChatMemberRestricted> | null): boolean {
  if (member?.status === 'restricted') return member.is_member === true;
  return member?.status === 'member' || isAdministrator(member);
}

function isAdministrator(member: { readonly status?: unknown } | null): boolean {
  return member?.status === 'administrator' || member?.status === 'creator';
}

/** A connection is no event of a chat; its chats make themselves known with their first message. */
export function readConnection(connection: Unchecked<BusinessConnection>): Reading {
  return connection.is_enabled === true
    ? 'A business account was connected to the bot, or its rights changed: messages of its chats arrive as business_message from now on'
    : 'A business account was disconnected from the bot: messages of its chats arrive no more, and sending to them fails until its owner connects it again';
}
