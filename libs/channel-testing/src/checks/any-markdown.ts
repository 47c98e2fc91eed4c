import fc from 'fast-check';

/** What is one character to a reader, and several to a computer. */
export const families = ['👩‍👩‍👧‍👦', '🇫🇷', '👍🏽'] as const;

const usual = ['a', 'bc', 'word', 'Ä', '日本', 'x.y', 'end.', 'so,', '(yes)', '5%', ...families];

/** What agents write: paragraphs, headings, lists, quotes, code and tables, with styles and links in them. */
export function anyMarkdown(signs: readonly string[]): fc.Arbitrary<string> {
  const word = fc.constantFrom(...usual, ...signs);
  const joined = (separator: string, piece: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
    fc.array(piece, { minLength, maxLength }).map((pieces) => pieces.join(separator));
  const words = joined(' ', word, 1, 4);
  const inline = fc.oneof(
    { weight: 4, arbitrary: words },
    words.map((text) => `**${text}**`),
    words.map((text) => `*${text}*`),
    words.map((text) => `~~${text}~~`),
    words.map((text) => `**${text} *${text}***`),
    words.map((text) => `\`${text}\``),
    fc.constantFrom('shop', 'the page', 'Ä page').map((label) => `[${label}](https://example.org/p_1)`),
    fc.constantFrom('un**believ**able', 'in*side*word', '**[bold](https://example.org/p_1)**'),
  );
  const line = joined(' ', inline, 1, 5);
  const lines = joined('\n', line, 1, 3);
  const codeLine = joined(' ', word, 0, 6);
  const block = fc.oneof(
    { weight: 4, arbitrary: lines },
    line.map((text) => `## ${text}`),
    joined('\n', line, 1, 4).map((text) => text.replace(/^/gm, '- ')),
    joined('\n', line, 1, 3).map((text) => `1. ${text.replaceAll('\n', '\n   - ')}`),
    lines.map((text) => text.replace(/^/gm, '> ')),
    joined('\n', codeLine, 1, 6).map((code) => `\`\`\`js\nrun\n${code}\n\`\`\``),
    fc.tuple(words, words).map(([head, cell]) => `| ${head} | b |\n|---|--:|\n| ${cell} | 1 |`),
    fc.constant('---'),
  );
  return joined('\n\n', block, 1, 8);
}
