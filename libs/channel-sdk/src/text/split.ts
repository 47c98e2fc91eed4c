import type { StyledText } from '../parts';
import { findCut } from './cut';
import { sliceStyled } from './styled';

export { sliceStyled } from './styled';

/** How long a text is in the platform's own unit. Must not shrink when text is added. */
export type Measure = (styled: StyledText) => number;

export const utf16Length: Measure = ({ text }) => text.length;

/**
 * Parts within `limit`, in order. Nothing but white space at a cut is lost. Cuts go between paragraphs, else lines,
 * sentences, words; never inside a character as a reader sees it, nor inside a link that fits into a part. Styles go on
 * in the next part. A limit shorter than a single character gives parts of one code point each.
 */
export function splitStyled(styled: StyledText, limit: number, measure: Measure = utf16Length): StyledText[] {
  const parts: StyledText[] = [];
  for (let rest: StyledText | null = styled; rest; ) {
    const [part, left] = splitOnce(rest, limit, measure) as [StyledText, StyledText | null];
    parts.push(part);
    rest = left;
  }
  const visible = parts.filter(({ text }) => text.trim() !== '');
  return visible.length > 0 ? visible : parts.slice(0, 1);
}

/** The first part within `limit` and what is left, null when everything fits. */
export function splitOnce(
  styled: StyledText,
  limit: number,
  measure: Measure = utf16Length,
): [StyledText, StyledText | null] {
  if (measure(styled) <= limit) return [styled, null];
  const { end, next } = findCut(styled, longestFit(styled, limit, measure));
  const rest = sliceStyled(styled, next, styled.text.length);
  return [sliceStyled(styled, 0, end), rest.text ? rest : null];
}

/** The greatest length of a beginning that is within the limit; doubling first keeps long texts cheap. */
function longestFit(styled: StyledText, limit: number, measure: Measure): number {
  const fits = (length: number) => measure(sliceStyled(styled, 0, length)) <= limit;
  const whole = styled.text.length;
  let tooLong = Math.min(Math.max(limit, 1), whole);
  let longest = 0;
  while (tooLong < whole && fits(tooLong)) {
    longest = tooLong;
    tooLong = Math.min(tooLong * 2, whole);
  }
  while (longest + 1 < tooLong) {
    const middle = (longest + tooLong) >> 1;
    if (fits(middle)) longest = middle;
    else tooLong = middle;
  }
  return longest;
}
