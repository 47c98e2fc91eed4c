import fc from 'fast-check';
import type { Span } from '../parts';
import { mayHoldMarkup, parseMarkdown, parseWithTree, plain, toPlainText } from './markdown';

/** The text and each style's range, in words: `bold: what is bold`. */
function read(markdown: string) {
  const { text, spans } = parseMarkdown(markdown);
  return { text, styles: spans.map((span) => describeSpan(text, span)) };
}

function describeSpan(text: string, { style, offset, length, url, language }: Span): string {
  return [`${style}: ${text.slice(offset, offset + length)}`, url, language].filter(Boolean).join(' → ');
}

describe('parseMarkdown', () => {
  it.each([
    ['a **b** *c* ~~d~~ `e`', 'a b c d e', ['bold: b', 'italic: c', 'strike: d', 'code: e']],
    ['**a *b* ~~c `d`~~**', 'a b c d', ['bold: a b c d', 'italic: b', 'strike: c d', 'code: d']],
    ['***a***', 'a', ['italic: a', 'bold: a']],
    ['# A *b*\n\nc', 'A b\n\nc', ['heading: A b', 'italic: b']],
    ['A\n===\nb', 'A\n\nb', ['heading: A']],
    ['> a **b**\n> c\n\nd', 'a b\nc\n\nd', ['quote: a b\nc', 'bold: b']],
    ['> a\n>\n> > b', 'a\n\nb', ['quote: a\n\nb', 'quote: b']],
    ['a\n\n---\n\nb', 'a\n\n———\n\nb', []],
    ['[a *b*](https://x.org/c)', 'a b', ['link: a b → https://x.org/c', 'italic: b']],
    ['[](https://x.org)', 'https://x.org', ['link: https://x.org → https://x.org']],
    [
      '[a][r], [R]\n\n[r]: http://r.org\n[r]: http://other.org',
      'a, R',
      ['link: a → http://r.org', 'link: R → http://r.org'],
    ],
    ['see www.x.org.', 'see www.x.org.', ['link: www.x.org → http://www.x.org']],
    [
      '<https://x.org>, a@b.org',
      'https://x.org, a@b.org',
      ['link: https://x.org → https://x.org', 'link: a@b.org → mailto:a@b.org'],
    ],
    ['![a cat](http://x.org/c.png)', 'a cat', ['link: a cat → http://x.org/c.png']],
    ['![](http://x.org/c.png)', 'http://x.org/c.png', ['link: http://x.org/c.png → http://x.org/c.png']],
    ['a <b>b</b> &amp; \\*c\\*', 'a <b>b</b> & *c*', []],
    ['<div>\nx\n</div>', '<div>\nx\n</div>', []],
    ['a[^1]\n\n[^1]: note', 'a[1]\n\n[1] note', []],
  ])('reads %j', (markdown, text, styles) => {
    expect(read(markdown)).toEqual({ text, styles });
  });

  it('keeps single line breaks, soft and hard', () => {
    expect(read('a\nb  \nc\\\nd').text).toBe('a\nb\nc\nd');
  });

  it('keeps code as it is, with its language', () => {
    expect(read('```js title="x"\nif (a) {\n    b();\n\n}\n```')).toEqual({
      text: 'if (a) {\n    b();\n\n}',
      styles: ['pre: if (a) {\n    b();\n\n} → js'],
    });
    expect(read('~~~\n*a*\n~~~').styles).toEqual(['pre: *a*']);
  });

  it('gives lists bullets, numbers and boxes', () => {
    expect(read('- a\n- b\n  c\n  - d\n    e').text).toBe('• a\n• b\n  c\n  • d\n    e');
    expect(read('3. a\n4. b').text).toBe('3. a\n4. b');
    expect(read('- [ ] a\n- [x] **b**')).toEqual({ text: '☐ a\n☑ b', styles: ['bold: b'] });
    expect(read('1. [x] a').text).toBe('1. ☑ a');
    expect(read('- a\n\n  b\n\n- c').text).toBe('• a\n\n  b\n\n• c');
  });

  it('does not indent what stands in a list as code, and styles no indent', () => {
    expect(read('- a\n\n  ```\n  b\n    c\n  ```')).toEqual({
      text: '• a\n\nb\n  c',
      styles: ['pre: b\n  c'],
    });
    expect(read('- a\n\n  > b\n  > c')).toEqual({ text: '• a\n\n  b\n  c', styles: ['quote: b\n  c'] });
  });

  it('aligns tables in a monospaced block, wide signs counted double', () => {
    const { text, styles } = read(
      '| Name | 数量 | € |\n|:--|:-:|--:|\n| *Ada* | 1 | 10 |\n| 李 | [x](http://y) | 5 |',
    );
    expect(text.split('\n')).toEqual([
      'Name |     数量     |  €',
      '-----+--------------+---',
      'Ada  |      1       | 10',
      '李   | x (http://y) |  5',
    ]);
    expect(styles).toEqual([`pre: ${text}`]);
  });

  it('gives back what leaves nothing to read', () => {
    for (const markdown of ['[r]: http://r.org', '```\n```', '>', '  ', '']) {
      expect(parseMarkdown(markdown)).toEqual(plain(markdown));
    }
  });

  it.each([
    ['quotes', '>'.repeat(10_000)],
    ['lists', '- '.repeat(10_000)],
    ['quotes in lists', '> - '.repeat(5_000) + 'a'],
    ['numbered lists', '1) '.repeat(10_000)],
    ['emphasis', '*a '.repeat(5_000) + 'b* '.repeat(5_000)],
    ['open emphasis', 'a*'.repeat(20_000)],
    ['strikes', '~a'.repeat(20_000)],
  ])('gives back %s nested beyond reason as they stand, at once', (_, markdown) => {
    const start = process.cpuUsage();
    expect(parseMarkdown(markdown)).toEqual(plain(markdown));
    expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
  });

  it('never fails, and every span lies within the text', () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```\n',
      '[',
      '](',
      ')',
      '![',
      '<',
      '>',
      '\n',
      '\n\n',
      '    ',
      '- ',
      '1. ',
      '| ',
      '|-|\n',
      '# ',
      'a',
      'b c',
      '👍🏽',
      '&',
      '\\',
      '[^a]',
      ': ',
      'www.a.b',
      '\r',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { text, spans } = parseMarkdown(pieces.join(''));
        for (const { offset, length } of spans) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThan(0);
          expect(offset + length).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('reads plain text the same with and without its short cut', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ' ',
        '  ',
        '\n',
        '\n\n',
        '.',
        ',',
        '!',
        '?',
        '-',
        '+',
        '=',
        ':',
        ';',
        '(',
        ')',
        '"',
        '1',
        '1.',
        '2)',
        '%',
        '$',
        '/',
        '{',
        '}',
        '^',
        '’',
        '。',
        'http',
        'https',
        'www',
        'ä',
        '👍🏽',
        '\u00a0',
        '\u2028',
        '\u0085',
        '\f',
        '\v',
        'a',
        'word',
        'mailto:',
        'xmpp:',
        '––',
      ),
      fc.string({ maxLength: 3 }),
      fc.string({ unit: 'binary', maxLength: 2 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        expect(parseMarkdown(text)).toEqual(parseWithTree(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    'a@b.org',
    'a\n:-\nb',
    'a\n:-:',
    'a\n===',
    'a\n\n\nb',
    '\na',
    'a\n',
    ' a',
    'a ',
    'a \nb',
    'a\n    b',
    '1. a',
    'a\n\n2) b',
    '+ a',
    'see WWW.x.org',
    'HTTP://x.org',
  ])('does not take the short cut for %j', (text) => {
    expect(mayHoldMarkup(text)).toBe(true);
    expect(parseMarkdown(text)).toEqual(parseWithTree(text));
  });

  it.each(['Hello, Ada! It costs $5 (10% off).', 'Yes - why not?\nSee you at 10:30.\n\nBye… 1.5 + 2 = 3.5'])(
    'takes the short cut for %j, as people mostly write',
    (text) => {
      expect(mayHoldMarkup(text)).toBe(false);
      expect(parseMarkdown(text)).toEqual({ text, spans: [] });
    },
  );
});

describe('toPlainText', () => {
  it('adds the address of a link that does not show it', () => {
    const markdown = '**Read** [the docs](https://x.org/d) or https://x.org, www.x.org, a@x.org';
    expect(toPlainText(parseMarkdown(markdown))).toBe(
      'Read the docs (https://x.org/d) or https://x.org, www.x.org, a@x.org',
    );
  });

  it('leaves text without links as it is', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(toPlainText(plain(text))).toBe(text)));
  });
});
