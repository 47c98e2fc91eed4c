import { sliceStyled, toPlainText, type Measure, type Span, type StyledText } from '@omni-hub/channel-sdk';
import type { RichTextBlock, RichTextElement, Run, RunStyle } from '../models/api.models';

/**
 * Styles as Slack's rich text, which says of each stretch what it is: no sign of a text can be taken for markup, as it could in mrkdwn, which
 * has no way to escape one. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block. Pure.
 */
export function toRichText(styled: StyledText): RichTextBlock {
  const elements: RichTextElement[] = [];
  let done = 0;
  const add = (type: RichTextElement['type'], start: number, end: number) => {
    const elementRuns = runs(sliceStyled(styled, start, end), type !== 'rich_text_section');
    if (elementRuns.length > 0) elements.push({ type, elements: elementRuns });
  };
  for (const block of blocksOf(styled.spans)) {
    add('rich_text_section', ...withoutBreaks(styled.text, done, block.offset));
    done = block.offset + block.length;
    add(block.style === 'pre' ? 'rich_text_preformatted' : 'rich_text_quote', block.offset, done);
  }
  add('rich_text_section', ...withoutBreaks(styled.text, done, styled.text.length));
  return { type: 'rich_text', elements };
}

/** What notifications show: without styles, and so that nothing of it notifies or links by accident. */
export function toNotice(styled: StyledText): string {
  return toPlainText(styled).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Both forms of a text are within the limit: the notice is never the shorter one. */
export const measureNotice: Measure = (styled) => toNotice(styled).length;

/** Code and quotes stand on lines of their own, and neither holds another: the outermost counts. */
function blocksOf(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  const candidates = spans.filter(
    ({ style, length }) => (style === 'pre' || style === 'quote') && length > 0,
  );
  for (const span of candidates.sort((a, b) => a.offset - b.offset || b.length - a.length)) {
    const last = kept.at(-1);
    if (!last || span.offset >= last.offset + last.length) kept.push(span);
  }
  return kept;
}

/** Without the line breaks at a block's edge: it begins and ends its line by itself. */
function withoutBreaks(text: string, start: number, end: number): [number, number] {
  const piece = text.slice(start, end);
  const before = start > 0 ? /^\n*/.exec(piece)![0].length : 0;
  const after = end < text.length ? /\n*$/.exec(piece.slice(before))![0].length : 0;
  return [start + before, end - after];
}

/** A text cut where a style or a link begins or ends. Code that stands by itself has no styles in it. */
function runs({ text, spans }: StyledText, isBlock: boolean): Run[] {
  const inner = spans.filter(({ style }) => style !== 'pre' && style !== 'quote');
  const edges = [0, text.length, ...inner.flatMap(({ offset, length }) => [offset, offset + length])];
  const places = [...new Set(edges)].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => {
    const start = places[index];
    const over = inner.filter(({ offset, length }) => offset <= start && offset + length >= end);
    return toRun(text.slice(start, end), over, isBlock && spans.some(({ style }) => style === 'pre'));
  });
}

function toRun(text: string, spans: readonly Span[], isCode: boolean): Run {
  const style: RunStyle = {};
  for (const span of isCode ? [] : spans) {
    const name = styles[span.style];
    if (name) style[name] = true;
  }
  const styled = Object.keys(style).length > 0 ? { style } : {};
  const url = spans.find(
    (span) => span.style === 'link' && /^(https?|mailto|tel):/i.test(span.url ?? ''),
  )?.url;
  return url === undefined ? { type: 'text', text, ...styled } : { type: 'link', url, text, ...styled };
}

const styles: Partial<Record<Span['style'], keyof RunStyle>> = {
  bold: 'bold',
  heading: 'bold',
  italic: 'italic',
  strike: 'strike',
  code: 'code',
};
