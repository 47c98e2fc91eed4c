/**
 * What Discord writes in angle brackets: mentions, channels, commands, emoji, times. They are shown as such and, because no
 * mention is allowed to, notify nobody. https://docs.discord.com/developers/reference#message-formatting
 */
const tokens = /<(?:@[!&]?\d+|#\d+|\/[^:>]+:\d+|a?:\w+:\d+|t:-?\d+(?::[a-zA-Z])?|id:\w+)>/g;

/** An address in a text: a sign that is escaped within it would be part of it. */
const addresses = /https?:\/\/[^\s<>]+/g;

/**
 * A text with a backslash before every sign that Discord would take for a mark. `isLineStart` tells that nothing stands before
 * it in its line, `next` is the character that follows it. Pure.
 */
export function escapeMarkup(text: string, isLineStart: boolean, next = ''): string {
  let result = '';
  let done = 0;
  for (const match of text.matchAll(new RegExp(`${tokens.source}|${addresses.source}`, 'g'))) {
    const between = text.slice(done, match.index);
    result += escapePlain(between, isLineStart && done === 0, text[done - 1] ?? '', match[0][0]) + match[0];
    done = match.index + match[0].length;
  }
  return result + escapePlain(text.slice(done), isLineStart && done === 0, text[done - 1] ?? '', next);
}

function escapePlain(text: string, isLineStart: boolean, before: string, next: string): string {
  const signs = text.replace(/[\\*`]|\|\||~~|_|\[(?=[^\]]*\]\()/g, (sign, index: number) => {
    if (sign === '_') return isWithinWord(text[index - 1] ?? before, text[index + 1] ?? next) ? sign : '\\_';
    return [...sign].map((character) => `\\${character}`).join('');
  });
  return isLineStart ? signs.replace(lineMarks, '$1\\$2') : signs;
}

/** Headings, small print, quotes and lists. */
const lineMarks = /^(\s*)(#{1,3}(?=\s)|-#(?=\s)|>{1,3}(?=\s)|[-+](?=\s))/;

function isWithinWord(before: string, after: string): boolean {
  return /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
}
