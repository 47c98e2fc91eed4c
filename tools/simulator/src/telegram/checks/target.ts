import type { ReplyParameters } from '@grammyjs/types';
import type { Entry, Fields, SimulatedChat } from '../chat';
import { badRequest, forbidden, tooManyRequests } from '../errors';
import type { Call } from '../methods';

/** The chat that a call names. */
export function targetChat({ world, bot, params }: Call): SimulatedChat {
  const reference = params.text('chat_id');
  if (!reference) throw badRequest('chat_id is empty');
  const chat = world.findChat(bot, reference);
  if (!chat) throw badRequest('chat not found');
  return chat;
}

/** The chat that a call names, where the bot may write. */
export function writableChat(call: Call): SimulatedChat {
  const chat = targetChat(call);
  if (chat.movedTo !== null) {
    throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.movedTo });
  }
  const barred = chat.barred.get(call.bot.id);
  if (barred) throw forbidden(barred);
  return chat;
}

/** Counts a send against the rate limits, where they are on. */
export function checkPace({ world, bot }: Call, chat: SimulatedChat): void {
  const wait = world.limits?.pass(bot.id, chat.id, chat.isGroup) ?? 0;
  if (wait > 0) throw tooManyRequests(wait);
}

const generalTopic = 1;

export function threadFields({ params }: Call, chat: SimulatedChat): Fields {
  const thread = params.integer('message_thread_id');
  if (thread === undefined) return {};
  if (chat.keeps && thread !== generalTopic && !chat.topics.has(thread))
    throw badRequest('message thread not found');
  return { message_thread_id: thread, is_topic_message: true };
}

/** The message that a new one replies to. A target that is gone refuses the message, unless the caller allowed it. */
export function replyFields({ params }: Call, chat: SimulatedChat): Fields {
  const legacy = params.integer('reply_to_message_id');
  const reply: Partial<ReplyParameters> | undefined =
    params.json<ReplyParameters>('reply_parameters') ??
    (legacy === undefined ? undefined : { message_id: legacy });
  if (!reply) return {};
  if (typeof reply.message_id !== 'number') throw badRequest('can\'t find field "message_id"');
  if (!chat.keeps) return {};
  const target = chat.find(reply.message_id);
  if (!target) {
    if (reply.allow_sending_without_reply || params.flag('allow_sending_without_reply')) return {};
    throw badRequest('message to be replied not found');
  }
  const quote = reply.quote;
  if (quote !== undefined && !(target.message.text ?? target.message.caption ?? '').includes(quote)) {
    throw badRequest('QUOTE_TEXT_INVALID');
  }
  const { reply_to_message: _nested, ...flat } = target.message;
  return {
    reply_to_message: flat,
    ...(quote !== undefined && { quote: { text: quote, position: 0, is_manual: true } }),
  };
}

/** The message that a call is about. `what` is how the refusal calls it: `message to edit`. */
export function targetMessage({ params }: Call, chat: SimulatedChat, what: string): Entry {
  const id = params.integer('message_id');
  if (id === undefined) throw badRequest('message identifier is not specified');
  const entry = chat.find(id);
  if (!entry) throw badRequest(`${what} not found`);
  return entry;
}
