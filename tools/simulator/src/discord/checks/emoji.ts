import { known } from '../errors';
import type { SimulatedChannel } from '../channel';

const unicodeEmoji = new RegExp('^\\p{RGI_Emoji}$', 'v');

export interface EmojiObject {
  id: string | null;
  name: string;
  animated?: boolean;
}

/** The emoji of a path: `👍`, or `name:id` of one that a guild has. Throws "Unknown Emoji". */
export function readEmoji(named: string, { guild, keeps }: SimulatedChannel): EmojiObject {
  const custom = /^(?:a:)?(\w+):(\d+)$/.exec(named);
  if (custom) {
    if (keeps && !guild?.emojis.has(custom[2])) throw known(10014);
    return { id: custom[2], name: custom[1] };
  }
  if (!isUnicodeEmoji(named)) throw known(10014);
  return { id: null, name: named };
}

/** Also without the selector that asks for the colourful form. */
export const isUnicodeEmoji = (text: string): boolean =>
  unicodeEmoji.test(text) || unicodeEmoji.test(`${text}\ufe0f`);

export const emojiKey = ({ id, name }: EmojiObject): string => (id === null ? name : `${name}:${id}`);
