import type { Message, ReactionType } from '@grammyjs/types';
import type { Entry, Fields, SimulatedChat } from '../chat';
import { badRequest } from '../errors';
import type { Call, Method } from '.';
import { checkMarkup } from '../checks/markup';
import { checkInputMedia } from '../checks/media';
import { checkPace, targetMessage, writableChat } from '../checks/target';
import { checkCaption, checkText } from '../checks/text';
import { reactionEmojis } from '../reactions';

const mediaKeys = ['photo', 'audio', 'voice', 'document', 'video', 'animation'] as const;
const captionKeys = ['caption', 'caption_entities'];

/** What changes messages that are already there. */
export const changeMethods: Record<string, Method> = {
  editMessageText: (call) => {
    const content = checkText(call.params);
    return edit(call, ['text', 'entities'], { ...content }, ({ text }) =>
      text === undefined ? 'there is no text in the message to edit' : null,
    );
  },
  editMessageCaption: (call) =>
    edit(call, captionKeys, checkCaption(call.params), (message) =>
      hasMedia(message) ? null : 'there is no caption in the message to edit',
    ),
  editMessageMedia: (call) => {
    const media = call.params.json<{ type: string; media: string }>('media');
    if (!media) throw badRequest("can't parse media JSON object");
    return edit(call, [...mediaKeys, ...captionKeys], checkInputMedia(call, media), (message) =>
      hasMedia(message) ? null : 'there is no media in the message to edit',
    );
  },
  editMessageReplyMarkup: (call) => edit(call, [], {}, () => null),
  deleteMessage: (call) => {
    const chat = writableChat(call);
    remove(call, chat, targetMessageOrNone(call, chat));
    return true;
  },
  deleteMessages,
  setMessageReaction,
  answerCallbackQuery,
};

const hasMedia = (message: Message) => mediaKeys.some((key) => message[key] !== undefined);

/**
 * Replaces `keys` and the keyboard of a message by `content`. In a group that counts as a message against the limits.
 * `refusal` says why such a message has nothing to edit.
 */
function edit(
  call: Call,
  keys: string[],
  content: Fields,
  refusal: (message: Message) => string | null,
): Message {
  const markup = checkMarkup(call.params);
  const chat = writableChat(call);
  if (!chat.keeps) return unkeptMessage(call, chat, { ...content, ...markup });
  const entry = targetMessage(call, chat, 'message to edit');
  if (!entry.byBot || entry.message.from?.id !== call.bot.id) throw badRequest("message can't be edited");
  const why = refusal(entry.message);
  if (why) throw badRequest(why);
  if (chat.isGroup) checkPace(call, chat);
  const kept = Object.entries(entry.message).filter(([key]) => !keys.includes(key) && key !== 'reply_markup');
  const changed = { ...Object.fromEntries(kept), ...content, ...markup } as Message;
  if (sameContent(entry.message, changed, keys)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  entry.versions.push(entry.message);
  entry.message = { ...changed, edit_date: Math.floor(Date.now() / 1000) };
  call.world.tell({ kind: 'edited', chat, entry });
  return entry.message;
}

/** The same upload again is a new file, and so a change. */
function sameContent(before: Message, after: Message, keys: string[]): boolean {
  const shown = (message: Message) =>
    JSON.stringify([...keys, 'reply_markup'].map((key) => message[key as keyof Message] ?? null));
  return shown(before) === shown(after);
}

function unkeptMessage({ bot, params }: Call, chat: SimulatedChat, fields: Fields): Message {
  const now = Math.floor(Date.now() / 1000);
  const base = {
    message_id: params.integer('message_id'),
    date: now,
    edit_date: now,
    chat: chat.info,
    from: bot.user,
  };
  return { ...base, ...fields } as Message;
}

const deletableSeconds = 48 * 3600;

function targetMessageOrNone(call: Call, chat: SimulatedChat): Entry | null {
  return chat.keeps ? targetMessage(call, chat, 'message to delete') : null;
}

function remove({ world, bot }: Call, chat: SimulatedChat, entry: Entry | null): void {
  if (!entry) return;
  const own = entry.message.from?.id === bot.id;
  const old = Date.now() / 1000 - entry.message.date > deletableSeconds;
  if (old || (!own && chat.info.type !== 'private'))
    throw badRequest("message can't be deleted for everyone");
  entry.deleted = true;
  world.tell({ kind: 'deleted', chat, entry });
}

/** Messages that are not there are passed over, as the real server does. */
function deleteMessages(call: Call): true {
  const ids = call.params.json<number[]>('message_ids');
  if (!Array.isArray(ids) || ids.length === 0) throw badRequest('message identifiers are not specified');
  if (ids.length > 100) throw badRequest('too many message identifiers specified');
  const chat = writableChat(call);
  for (const id of ids) remove(call, chat, chat.find(id) ?? null);
  return true;
}

function setMessageReaction(call: Call): true {
  const reactions = call.params.json<ReactionType[]>('reaction') ?? [];
  if (!Array.isArray(reactions)) throw badRequest("can't parse reaction JSON object");
  if (reactions.length > 1) throw badRequest('REACTIONS_TOO_MANY');
  for (const reaction of reactions) {
    const invalid = reaction.type === 'emoji' && !reactionEmojis.has(reaction.emoji);
    if (invalid || reaction.type === 'paid') throw badRequest('REACTION_INVALID');
  }
  const chat = writableChat(call);
  if (!chat.keeps) return true;
  const entry = targetMessage(call, chat, 'message to react');
  entry.reactions.set(
    call.bot.user.first_name,
    reactions.map((reaction) => (reaction.type === 'emoji' ? reaction.emoji : reaction.type)),
  );
  call.world.tell({ kind: 'reacted', chat, entry });
  return true;
}

function answerCallbackQuery({ world, bot, params }: Call): true {
  const press = bot.presses.get(params.text('callback_query_id') ?? '');
  const text = params.text('text') ?? '';
  if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
  if (!press && !world.keeps) return true;
  if (!press) throw badRequest('query is too old and response timeout expired or query ID is invalid');
  press.answer = { text, alert: params.flag('show_alert') };
  return true;
}
