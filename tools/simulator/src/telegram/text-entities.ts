import type { MessageEntity } from '@grammyjs/types';

const patterns: [type: 'bot_command' | 'mention' | 'url' | 'hashtag', pattern: RegExp][] = [
  ['bot_command', /(?<!\S)\/[a-z0-9_]{1,64}(?:@\w+)?/gi],
  ['mention', /(?<![\w/])@[a-z]\w{3,31}/gi],
  ['url', /https?:\/\/[^\s]+/gi],
  ['hashtag', /(?<!\S)#\w+/g],
];

/** The entities that Telegram finds by itself in what a person writes. */
export function textEntities(text: string): MessageEntity[] {
  return patterns
    .flatMap(([type, pattern]) =>
      [...text.matchAll(pattern)].map(
        (found): MessageEntity => ({ type, offset: found.index, length: found[0].length }),
      ),
    )
    .sort((a, b) => a.offset - b.offset);
}
