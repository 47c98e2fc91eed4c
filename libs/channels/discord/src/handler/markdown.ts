import { sliceStyled, type Measure, type Span, type SpanStyle, type StyledText } from '@omni-hub/channel-sdk';
import { escapeMarkup } from './escape';

/**
 * Styles as Discord's Markdown (https://support.discord.com/hc/en-us/articles/210298617). What a person would read as markup by
 * accident is escaped; `<@id>`, `<#id>` and the like stay, because nobody writes them by accident. Every mark ends with its
 * line, so that a text may be cut between any two lines. Nothing of the text is lost. Pure.
 */
export function toMarkdown(styled: StyledText): string {
  return quoted(styled);
}

/** The length of `toMarkdown` in UTF-16 code units, with the room of marks that may be left out: so it does not shrink as a text grows. */
export const measureMarkdown: Measure = (styled) => {
  const verbatim = styled.spans.filter(({ style }) => style === 'code' || style === 'link');
  const around = verbatim.flatMap((inner) =>
    styled.spans.filter((span) => isMarked(span) && overlap(span, inner)),
  );
  return toMarkdown(styled).length + around.length * 4;
};

const isMarked = ({ style }: Span) => style === 'italic' || marks[style] !== undefined;

const overlap = (one: Span, other: Span) =>
  one.offset < other.offset + other.length && other.offset < one.offset + one.length;

/** Discord's quotes do not nest: the outermost counts. */
function quoted(styled: StyledText): string {
  return pieces(styled, outermost(styled.spans, 'quote'), fenced, (inner, _span, before) => {
    const lines = fenced(inner, '').split('\n');
    return (isLineStart(before) ? '' : '\n') + lines.map((line) => `> ${line}`).join('\n');
  });
}

function fenced(styled: StyledText, before: string): string {
  return pieces(
    styled,
    outermost(styled.spans, 'pre'),
    written,
    ({ text }, { language }, written, after) => {
      const open = isLineStart(written) ? '```' : '\n```';
      const close = after === '' || after.startsWith('\n') ? '\n```' : '\n```\n';
      const name = language && /^[\w+#.-]+$/.test(language) ? language : '';
      return `${open}${name}\n${text.replaceAll('```', '`\u200b`\u200b`')}${close}`;
    },
    before,
  );
}

function written(styled: StyledText, before: string): string {
  let offset = 0;
  const lines = styled.text.split('\n').map((line, index) => {
    const start = offset;
    offset += line.length + 1;
    const isStart = index > 0 || isLineStart(before);
    return writtenLine(sliceStyled(styled, start, start + line.length), isStart);
  });
  return lines.join('\n');
}

/** A heading is one only where it has the line to itself; elsewhere it is bold. */
function writtenLine(line: StyledText, isStart: boolean): string {
  const heading = line.spans.find(({ style }) => style === 'heading');
  const isWhole = heading && isStart && heading.offset === 0 && heading.length === line.text.length;
  if (!isWhole) return inline(line, { isStart, within: [], around: ['', ''] });
  const rest = { ...line, spans: line.spans.filter((span) => span !== heading && span.style !== 'bold') };
  return `## ${inline(rest, { isStart: false, within: ['heading'], around: ['', ''] })}`;
}

interface Place {
  /** Nothing stands before it in its line. */
  isStart: boolean;
  /** The styles around it. */
  within: readonly SpanStyle[];
  /** The characters of the text before and after it. */
  around: readonly [string, string];
}

/** The outermost style first; what overlaps its edge is cut there. */
function inline(line: StyledText, place: Place): string {
  const outer = [...line.spans]
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length)[0];
  if (!outer) return escapeMarkup(line.text, place.isStart);
  const end = outer.offset + outer.length;
  const { text } = line;
  const innerSpans = line.spans.filter((span) => span !== outer);
  const inner = sliceStyled({ text, spans: innerSpans }, outer.offset, end);
  const around = [text[outer.offset - 1] ?? place.around[0], text[end] ?? place.around[1]] as const;
  const before = escapeMarkup(text.slice(0, outer.offset), place.isStart, text[outer.offset]);
  const isStart = place.isStart && outer.offset === 0;
  const after = sliceStyled({ text, spans: innerSpans }, end, text.length);
  const marked = wrapped(outer, inner, { ...place, isStart, around });
  const rest = inline(after, { ...place, isStart: false, around: [text[end - 1], place.around[1]] });
  // Two pieces of code that touch would be read as one, with other backticks.
  const between = marked.endsWith('`') && rest.startsWith('`') ? '\u200b' : '';
  return before + marked + between + rest;
}

const marks: Partial<Record<SpanStyle, string>> = {
  bold: '**',
  heading: '**',
  underline: '__',
  strike: '~~',
  spoiler: '||',
};

function wrapped(span: Span, inner: StyledText, place: Place): string {
  if (span.style === 'code') return codeOf(inner.text);
  if (span.style === 'link') return linkOf(inner, span.url ?? '', place);
  const isThere = place.within.some((style) => markName(style) === markName(span.style));
  if (isThere || inner.text.trim() === '') return inline(inner, place);
  const within = [...place.within, span.style];
  for (const mark of marksOf(span, place)) {
    const marked = withoutEdges(inner, (core) => {
      const written = inline(core, { isStart: false, within, around: [mark[0], mark[0]] });
      return holds(written, mark) ? null : mark + written + mark;
    });
    if (marked !== null) return marked;
  }
  return inline(inner, place);
}

/** What a style may be marked by, best first. */
function marksOf(span: Span, place: Place): string[] {
  if (span.style === 'italic') return italicMarks(place);
  const mark = marks[span.style];
  return mark === undefined ? [] : [mark];
}

/** Code and addresses hold signs that no backslash hides: a mark that is among them would end there. */
function holds(written: string, mark: string): boolean {
  const bare = written.replace(/\\[^]/g, '');
  return (mark.length === 1 ? bare.replaceAll(mark + mark, '') : bare).includes(mark);
}

function markName(style: SpanStyle): SpanStyle {
  return style === 'heading' ? 'bold' : style;
}

/** An underscore is a mark only between words, and an asterisk beside those of bold would be read as theirs. */
function italicMarks({ around, within }: Place): string[] {
  const isWord = around.some((character) => /[\p{L}\p{N}_]/u.test(character));
  return isWord || within.includes('underline') ? ['*'] : ['_', '*'];
}

/** A mark must touch what it marks: white space goes outside. Null where there can be no mark. */
function withoutEdges(styled: StyledText, mark: (core: StyledText) => string | null): string | null {
  const { text } = styled;
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  const marked = mark(sliceStyled(styled, start, end));
  return marked === null ? null : text.slice(0, start) + marked + text.slice(end);
}

function codeOf(text: string): string {
  if (!text.includes('`')) return `\`${text}\``;
  return `\`\` ${text.replaceAll('``', '`\u200b`')} \`\``;
}

/** A label that reads like an address is not made a link by Discord: then both stand there. */
function linkOf(label: StyledText, url: string, place: Place): string {
  const address = url.replace(/[\s<>()]/g, (sign) =>
    encodeURIComponent(sign).replace('(', '%28').replace(')', '%29'),
  );
  if (!/^https?:\/\//i.test(address))
    return label.text === url ? escapeMarkup(url, false) : `${inline(label, place)} (${url})`;
  if (label.text === url || `http://${label.text}` === url || `https://${label.text}` === url)
    return url === address ? url : address;
  const inside = inline(label, { ...place, isStart: false, around: ['[', ']'] });
  if (/https?:\/\/|^[\w-]+(\.[\w-]+)+(\/|$)/i.test(label.text)) return `${inside} (<${address}>)`;
  return `[${inside}](${address})`;
}

/** Writes what lies between some spans in one way and the spans in another. */
function pieces(
  styled: StyledText,
  spans: Span[],
  between: (styled: StyledText, before: string) => string,
  within: (inner: StyledText, span: Span, before: string, after: string) => string,
  before = '',
): string {
  let result = '';
  let done = 0;
  const soFar = () => (result === '' ? before : result);
  for (const span of spans) {
    const end = span.offset + span.length;
    if (span.offset > done) result += between(sliceStyled(styled, done, span.offset), soFar());
    const inner = sliceStyled(styled, span.offset, end);
    const rest = { ...inner, spans: inner.spans.filter(({ style }) => style !== span.style) };
    result += within(rest, span, soFar(), styled.text.slice(end));
    done = end;
  }
  if (done < styled.text.length) result += between(sliceStyled(styled, done, styled.text.length), soFar());
  return result;
}

function outermost(spans: Span[], style: SpanStyle): Span[] {
  const kept: Span[] = [];
  const candidates = spans.filter((span) => span.style === style && span.length > 0);
  for (const span of candidates.sort((a, b) => a.offset - b.offset || b.length - a.length)) {
    const last = kept.at(-1);
    if (!last || span.offset >= last.offset + last.length) kept.push(span);
  }
  return kept;
}

function isLineStart(before: string): boolean {
  return before === '' || before.endsWith('\n');
}
