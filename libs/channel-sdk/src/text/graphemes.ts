const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a reader takes for single characters, one by one. */
export function graphemes(text: string): Intl.Segments {
  return segmenter.segment(text);
}

/** The start of the character that holds `index`, reading from `start`, which must itself begin one. Looks only at that range. */
export function graphemeStart(text: string, start: number, index: number): number {
  if (index <= start || index >= text.length) return index;
  const range = segmenter.segment(text.slice(start, index + 2));
  return start + (range.containing(index - start)?.index ?? index - start);
}
