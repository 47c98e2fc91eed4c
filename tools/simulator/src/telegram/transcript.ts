import type { Message } from '@grammyjs/types';
import type { Entry, SimulatedChat } from './chat';

const contentKinds = [
  'photo',
  'animation',
  'audio',
  'document',
  'video',
  'video_note',
  'voice',
  'sticker',
  'venue',
  'location',
  'contact',
  'poll',
  'dice',
  'new_chat_members',
  'left_chat_member',
  'forum_topic_created',
  'migrate_to_chat_id',
  'migrate_from_chat_id',
] as const;

/** The chat as a person would read it aloud: `Ada: hi`, `sim_bot: (photo) Look [Yes] [No] (edited)`. */
export function transcript(chat: SimulatedChat): string[] {
  return chat.entries.map(line);
}

export function line({ message, deleted, versions, reactions }: Entry): string {
  const who = message.from?.username && message.from.is_bot ? message.from.username : senderName(message);
  const marks = [
    ...(message.reply_markup?.inline_keyboard.flat().map(({ text }) => `[${text}]`) ?? []),
    ...(versions.length > 0 ? ['(edited)'] : []),
    ...(deleted ? ['(deleted)'] : []),
    ...[...reactions]
      .filter(([, emojis]) => emojis.length > 0)
      .map(([name, emojis]) => `{${name} ${emojis.join('')}}`),
  ];
  return [`${who}:`, ...described(message), ...marks].join(' ');
}

function senderName(message: Message): string {
  return message.from?.first_name ?? message.sender_chat?.title ?? message.chat.title ?? 'somebody';
}

function described(message: Message): string[] {
  const kind = contentKinds.find((key) => message[key as keyof Message] !== undefined);
  const text = message.text ?? message.caption ?? details(message);
  return [...(kind ? [`(${kind.replaceAll('_', ' ')})`] : []), ...(text ? [text] : [])];
}

function details({ poll, contact, venue, location, dice }: Message): string | undefined {
  if (poll) return `${poll.question} ${poll.options.map(({ text }) => `<${text}>`).join(' ')}`;
  if (contact) return `${contact.first_name} ${contact.phone_number}`;
  if (venue) return `${venue.title}, ${venue.address}`;
  if (location) return `${location.latitude}, ${location.longitude}`;
  return dice ? `${dice.emoji} ${dice.value}` : undefined;
}
