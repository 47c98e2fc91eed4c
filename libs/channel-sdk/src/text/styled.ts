import type { Span, StyledText } from '../parts';

/** Text as it stands: no character of it is markup. */
export function plain(text: string): StyledText {
  return { text, spans: [] };
}

/** `text` as a link. */
export function link(text: string, url: string): StyledText {
  return { text, spans: [{ style: 'link', offset: 0, length: text.length, url }] };
}

/** One text after the other, the styles kept. */
export function joinStyled(pieces: StyledText[], separator = ''): StyledText {
  const spans: Span[] = [];
  let text = '';
  pieces.forEach((piece, index) => {
    if (index > 0) text += separator;
    for (const span of piece.spans) spans.push({ ...span, offset: span.offset + text.length });
    text += piece.text;
  });
  return { text, spans };
}

/** The range `[start, end)` in UTF-16 code units. A style that reaches over an edge ends there. */
export function sliceStyled(styled: StyledText, start: number, end: number): StyledText {
  const spans: Span[] = [];
  for (const span of styled.spans) {
    const from = Math.max(span.offset, start);
    const to = Math.min(span.offset + span.length, end);
    if (from < to) spans.push({ ...span, offset: from - start, length: to - from });
  }
  return { text: styled.text.slice(start, end), spans };
}

/** Without styles. A link becomes `label (url)`, unless its label says the address already. */
export function toPlainText({ text, spans }: StyledText): string {
  const links = spans
    .filter((span) => span.style === 'link' && span.url)
    .sort((a, b) => a.offset + a.length - b.offset - b.length);
  let result = '';
  let done = 0;
  for (const { offset, length, url = '' } of links) {
    const end = offset + length;
    const label = text.slice(offset, end);
    result += text.slice(done, end);
    if (!saysAddress(label, url)) result += ` (${url})`;
    done = end;
  }
  return result + text.slice(done);
}

function saysAddress(label: string, url: string): boolean {
  return [label, `http://${label}`, `https://${label}`, `mailto:${label}`, `tel:${label}`].includes(url);
}
