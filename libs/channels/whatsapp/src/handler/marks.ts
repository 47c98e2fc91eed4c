import type { Measure, Span, SpanStyle, StyledText } from '@omni-hub/channel-sdk';

/**
 * Styles in WhatsApp's own marks (https://faq.whatsapp.com/539178204879377): *bold*, _italic_, ~strike~, `code`, three backticks
 * around more of it, and "> " before each line of a quote. A mark ends with its line, touches no white space inside and no letter
 * outside: where it would, or where the text holds the same sign, the style is left out, because WhatsApp would show the signs.
 * There is no escape, so signs that a person wrote stay as they are. Nothing of the text is lost. Pure.
 */
export function toMarks(styled: StyledText): string {
  return write(styled).text;
}

/** The length of `toMarks` in UTF-16 code units, with the room of every mark that is left out: so it never shrinks as a text grows. */
export const measureMarks: Measure = (styled) => {
  const { text, spared } = write(styled);
  return text.length + spared;
};

interface Written {
  text: string;
  /** How much longer it would be with the marks that are left out. */
  spared: number;
}

/** A range that no mark may cross: a line break, code, or the address of a link that ends here. */
interface Barrier {
  start: number;
  end: number;
  write(): Written;
}

/** Outermost first. */
const inline: readonly { mark: string; styles: readonly SpanStyle[] }[] = [
  { mark: '*', styles: ['bold', 'heading'] },
  { mark: '_', styles: ['italic'] },
  { mark: '~', styles: ['strike'] },
];

function write({ text, spans }: StyledText): Written {
  if (spans.length === 0) return plain(text);
  const islands = codeIslands(text, spans);
  const barriers = [...islands, ...addresses(text, spans, islands), ...lineBreaks(text, islands)].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  );
  const pieces: Written[] = [quoteMark(text, spans, islands, 0)];
  let done = 0;
  for (const barrier of barriers) {
    pieces.push(writeInline(text, spans, done, barrier.start), barrier.write());
    done = barrier.end;
    if (isLineBreak(text, barrier)) pieces.push(quoteMark(text, spans, islands, done));
  }
  return join([...pieces, writeInline(text, spans, done, text.length)]);
}

/** One style inside the other, always in the same order: what overlaps is cut where the outer one ends. */
function writeInline(text: string, spans: Span[], from: number, to: number, depth = 0): Written {
  if (depth === inline.length || from === to) return plain(text.slice(from, to));
  const { mark, styles } = inline[depth];
  const pieces: Written[] = [];
  let done = from;
  for (const range of rangesOf(spans, styles, from, to)) {
    const { start, end } = trim(text, Math.max(range.start, done), range.end);
    if (start >= end) continue;
    const inner = writeInline(text, spans, start, end, depth + 1);
    const around = readsAsMark(text, mark, start, end)
      ? surround(inner, mark)
      : spare(inner, 2 * mark.length);
    pieces.push(writeInline(text, spans, done, start, depth + 1), around);
    done = end;
  }
  return join([...pieces, writeInline(text, spans, done, to, depth + 1)]);
}

/** Ranges of the styles within `[from, to)`, in order, those that touch made one. */
function rangesOf(
  spans: Span[],
  styles: readonly SpanStyle[],
  from: number,
  to: number,
): { start: number; end: number }[] {
  const found = spans
    .filter(({ style }) => styles.includes(style))
    .map(({ offset, length }) => ({ start: Math.max(offset, from), end: Math.min(offset + length, to) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  const ranges: { start: number; end: number }[] = [];
  for (const range of found) {
    const last = ranges.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else ranges.push(range);
  }
  return ranges;
}

function readsAsMark(text: string, mark: string, start: number, end: number): boolean {
  return (
    !text.slice(start, end).includes(mark) &&
    !endsInWord.test(text.slice(Math.max(0, start - 2), start)) &&
    !beginsWithWord.test(text.slice(end, end + 2))
  );
}

const endsInWord = /[\p{L}\p{N}]$/u;
const beginsWithWord = /^[\p{L}\p{N}]/u;

/** Code holds no other style; of two that overlap the first counts. White space at its edges stays outside. */
function codeIslands(text: string, spans: Span[]): Barrier[] {
  const code = spans
    .filter(({ style }) => style === 'code' || style === 'pre')
    .sort((a, b) => a.offset - b.offset || b.length - a.length || order(a) - order(b));
  const islands: Barrier[] = [];
  for (const { style, offset, length } of code) {
    const { start, end } = trim(text, Math.max(offset, 0), Math.min(offset + length, text.length));
    if (start >= end || start < (islands.at(-1)?.end ?? 0)) continue;
    islands.push({ start, end, write: () => writeCode(text.slice(start, end), style) });
  }
  return islands;
}

function order({ style }: Span): number {
  return style === 'pre' ? 0 : 1;
}

function writeCode(code: string, style: SpanStyle): Written {
  const fence = style === 'pre' || /[`\n]/.test(code) ? '```' : '`';
  return code.includes('```') ? spare(plain(code), 2 * fence.length) : surround(plain(code), fence);
}

/** A link becomes `label (address)`, unless its label says the address already. */
function addresses(text: string, spans: Span[], islands: Barrier[]): Barrier[] {
  return spans.flatMap(({ style, offset, length, url }) => {
    const linkEnd = Math.min(offset + length, text.length);
    if (style !== 'link' || !url || linkEnd <= offset || saysAddress(text.slice(offset, linkEnd), url))
      return [];
    const place = islands.find(({ start, end }) => start < linkEnd && linkEnd < end)?.end ?? linkEnd;
    return [{ start: place, end: place, write: () => plain(` (${url})`) }];
  });
}

function saysAddress(label: string, url: string): boolean {
  return [label, `http://${label}`, `https://${label}`, `mailto:${label}`, `tel:${label}`].includes(url);
}

function lineBreaks(text: string, islands: Barrier[]): Barrier[] {
  return [...text.matchAll(/\n/g)]
    .map(({ index }) => ({ start: index, end: index + 1, write: () => plain('\n') }))
    .filter(({ start }) => !islands.some((island) => island.start <= start && start < island.end));
}

function isLineBreak(text: string, { start, end }: Barrier): boolean {
  return end - start === 1 && text[start] === '\n';
}

/** What stands before the line that begins at `start`. A block of code that goes on over lines cannot be quoted. */
function quoteMark(text: string, spans: Span[], islands: Barrier[], start: number): Written {
  const lineEnd = text.indexOf('\n', start);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const quoted = rangesOf(spans, ['quote'], start, end).some(
    (range) => text.slice(range.start, range.end).trim() !== '',
  );
  if (!quoted) return plain('');
  const goesOn = islands.some((island) => island.start < end && end < island.end);
  return goesOn ? spare(plain(''), quotePrefix.length) : plain(quotePrefix);
}

const quotePrefix = '> ';

function trim(text: string, start: number, end: number): { start: number; end: number } {
  while (start < end && /\s/.test(text[start])) start += 1;
  while (end > start && /\s/.test(text[end - 1])) end -= 1;
  return { start, end };
}

function plain(text: string): Written {
  return { text, spared: 0 };
}

function surround({ text, spared }: Written, mark: string): Written {
  return { text: mark + text + mark, spared };
}

function spare({ text, spared }: Written, length: number): Written {
  return { text, spared: spared + length };
}

function join(pieces: Written[]): Written {
  return {
    text: pieces.map(({ text }) => text).join(''),
    spared: pieces.reduce((sum, { spared }) => sum + spared, 0),
  };
}
