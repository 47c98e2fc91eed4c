import { graphemes } from './graphemes';

/** The columns that a text takes in a monospaced font: two for East Asian wide signs and emoji, none for invisible ones. */
export function displayWidth(text: string): number {
  if (printableAscii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text))
    width += wide.test(segment) ? 2 : invisible.test(segment) ? 0 : 1;
  return width;
}

const printableAscii = /^[\x20-\x7e]*$/;

/** https://www.unicode.org/reports/tr11/ (wide and full-width), and signs that are shown as emoji. */
const wide =
  /^(?:[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B2FF}\u{1F200}-\u{1F2FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}|.\uFE0F)/u;

const invisible = /^[\p{M}\p{Cc}\p{Cf}]+$/u;
