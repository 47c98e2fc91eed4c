import type { Span, StyledText } from '../parts';
import { graphemeStart } from './graphemes';

/** A part ends at `end`; the next begins at `next`. Only white space lies between. */
export interface Cut {
  end: number;
  next: number;
}

/** What a place to cut is worth. */
const enum Rank {
  None,
  Word,
  Sentence,
  Line,
  Paragraph,
}

/**
 * The best place to cut a text after at most `longest` code units, where the whole is longer. A place in the second half
 * is better than any in the first, so that parts are not needlessly many.
 */
export function findCut(styled: StyledText, longest: number): Cut {
  const half = longest >> 1;
  const end = bestPlace(styled, longest, half) ?? bestPlace(styled, half, 0) ?? anyPlace(styled, longest);
  return { end, next: skipBlank(styled, end) };
}

/** The last place of the highest rank in `(after, upTo]`. */
function bestPlace(styled: StyledText, upTo: number, after: number): number | null {
  let best: number | null = null;
  let bestRank = Rank.None;
  for (let place = upTo; place > after && bestRank < Rank.Paragraph; place--) {
    const rank = rankOf(styled.text, place);
    if (rank > bestRank && isAllowed(styled, place)) {
      best = place;
      bestRank = rank;
    }
  }
  return best;
}

function rankOf(text: string, place: number): Rank {
  const before = text[place - 1];
  if (isBlank(before)) return Rank.None;
  if (!isBlank(text[place])) return fullWidthStop.test(before) ? Rank.Sentence : Rank.None;
  const [gap] = blanks(text, place);
  const lines = gap.split('\n').length - 1;
  if (lines > 0) return lines > 1 ? Rank.Paragraph : Rank.Line;
  return sentenceEnd.test(text.slice(Math.max(0, place - 4), place)) ? Rank.Sentence : Rank.Word;
}

const fullWidthStop = /[。！？｡]/;
const sentenceEnd = /[.!?…。！？][)\]"'”’»]*$/;

function isAllowed({ text, spans }: StyledText, place: number): boolean {
  return linkAround(spans, place) === null && graphemeStart(text, 0, place) === place;
}

/** No gap anywhere: between two characters, before a link rather than inside it, and at least one code point on. */
function anyPlace({ text, spans }: StyledText, longest: number): number {
  const link = linkAround(spans, longest);
  const place = graphemeStart(text, 0, link && link.offset > 0 ? link.offset : longest);
  if (place > 0) return place;
  const splitsPair = isHighSurrogate(text, longest - 1);
  return Math.max(splitsPair ? longest - 1 : longest, isHighSurrogate(text, 0) ? 2 : 1);
}

/** Past the white space at a cut; in code only past one line break, because the blanks that begin a line mean something. */
function skipBlank({ text, spans }: StyledText, end: number): number {
  const inCode = spans.some((span) => span.style === 'pre' && covers(span, end));
  const [gap] = inCode ? /^[^\S\n]*\n|^/.exec(text.slice(end, end + 200))! : blanks(text, end);
  const next = end + gap.length;
  return next > end && graphemeStart(text, end, next) !== next ? next - 1 : next;
}

function linkAround(spans: Span[], place: number): Span | null {
  return spans.find((span) => span.style === 'link' && covers(span, place)) ?? null;
}

function covers({ offset, length }: Span, place: number): boolean {
  return offset < place && place < offset + length;
}

function blanks(text: string, place: number): RegExpExecArray {
  allBlanks.lastIndex = place;
  return allBlanks.exec(text)!;
}
const allBlanks = /\s*/y;

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

function isHighSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}
