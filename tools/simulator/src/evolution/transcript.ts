import type { Entry, SimulatedChat } from './chat';
import { pollOptions, unwrapped } from './content';
import { contentType } from './prepared';
import type { Fields } from './values';

const kinds: Record<string, string> = {
  imageMessage: 'image',
  videoMessage: 'video',
  ptvMessage: 'video note',
  audioMessage: 'audio',
  documentMessage: 'document',
  stickerMessage: 'sticker',
  locationMessage: 'location',
  liveLocationMessage: 'location',
  contactMessage: 'contact',
  contactsArrayMessage: 'contacts',
  pollCreationMessage: 'poll',
  pollCreationMessageV3: 'poll',
  listMessage: 'list',
  interactiveMessage: 'buttons',
  albumMessage: 'album',
};

/** The chat as a person would read it aloud: `Ada: hi`, `support: (image) Look (edited) {Ada 👍}`. */
export const transcript = (chat: SimulatedChat): string[] => chat.entries.map(line);

export function line({ author, text, message, deleted, versions, reactions, votes }: Entry): string {
  const content = unwrapped(message);
  const type = contentType(content);
  const kind = type === 'audioMessage' && (content[type] as Fields).ptt ? 'voice' : kinds[type];
  const marks = [
    ...pollOptions(content).map((option) => `<${option}>`),
    ...(versions.length > 0 ? ['(edited)'] : []),
    ...(deleted ? ['(deleted)'] : []),
    ...[...reactions].map(([name, emoji]) => `{${name} ${emoji}}`),
    ...[...votes]
      .filter(([, chosen]) => chosen.length > 0)
      .map(([name, chosen]) => `{${name}: ${chosen.join(', ')}}`),
  ];
  return [`${author}:`, ...(kind ? [`(${kind})`] : []), ...(text ? [text] : []), ...marks].join(' ');
}
