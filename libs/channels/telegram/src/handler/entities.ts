import type { MessageEntity } from '@grammyjs/types';
import type { Span, SpanStyle, StyledText } from '@omni-hub/channel-sdk';

/** Telegram cuts off what is more; a message with more loses styles, never text. */
const maxEntities = 100;

const types = {
  bold: 'bold',
  italic: 'italic',
  underline: 'underline',
  strike: 'strikethrough',
  spoiler: 'spoiler',
  heading: 'bold',
  quote: 'blockquote',
  code: 'code',
} as const satisfies Partial<Record<SpanStyle, MessageEntity['type']>>;

/**
 * Styles as Telegram's entities, by its nesting rules (https://core.telegram.org/bots/api#formatting-options): code holds
 * no style and lies in none but a quote, and quotes do not nest. What breaks a rule is cut where it does. Undefined for a text without styles. Pure.
 */
export function toEntities(styled: StyledText): MessageEntity[] | undefined {
  const spans = styled.spans.filter(({ length }) => length > 0);
  if (spans.length === 0) return undefined;
  const code = withoutOverlaps(spans.filter(isCode));
  const quotes = withoutOverlaps(spans.filter(({ style }) => style === 'quote'));
  const rest = spans.filter((span) => !isCode(span) && span.style !== 'quote');
  return [...quotes, ...code, ...rest.flatMap((span) => cutAround(span, code))]
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length)
    .slice(0, maxEntities)
    .map(toEntity);
}

function isCode({ style }: Span): boolean {
  return style === 'code' || style === 'pre';
}

/** The outer one of two that overlap. */
function withoutOverlaps(spans: Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of [...spans].sort((a, b) => b.length - a.length)) {
    if (!kept.some((other) => overlap(span, other))) kept.push(span);
  }
  return kept.sort((a, b) => a.offset - b.offset);
}

/** What is left of a span outside the holes, which are in order. */
function cutAround(span: Span, holes: Span[]): Span[] {
  const pieces: Span[] = [];
  let offset = span.offset;
  for (const hole of holes.filter((other) => overlap(span, other))) {
    pieces.push({ ...span, offset, length: hole.offset - offset });
    offset = end(hole);
  }
  return [...pieces, { ...span, offset, length: end(span) - offset }];
}

function overlap(a: Span, b: Span): boolean {
  return a.offset < end(b) && b.offset < end(a);
}

function end({ offset, length }: Span): number {
  return offset + length;
}

function toEntity({ style, offset, length, url, language }: Span): MessageEntity {
  if (style === 'link') return { type: 'text_link', offset, length, url: url ?? '' };
  if (style === 'pre') return { type: 'pre', offset, length, ...(language && { language }) };
  return { type: types[style], offset, length };
}
