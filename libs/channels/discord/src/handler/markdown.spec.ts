import { parseMarkdown, plain, splitStyled } from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { measureMarkdown, toMarkdown } from './markdown';

const through = (markdown: string) => toMarkdown(parseMarkdown(markdown));

describe('styles in Discord’s Markdown', () => {
  it.each([
    ['plain', 'plain'],
    ['**bold** and *italic*', '**bold** and _italic_'],
    ['in*side*word', 'in*side*word'],
    ['***both***', '_**both**_'],
    ['**bold *and italic***', '**bold _and italic_**'],
    ['~~gone~~', '~~gone~~'],
    ['`code`', '`code`'],
    ['`` a`b ``', '`` a`b ``'],
    ['# Title\n\ntext', '## Title\n\ntext'],
    ['- one\n- **two**', '• one\n• **two**'],
    ['> a quote\n> of two lines', '> a quote\n> of two lines'],
    ['> > inner', '> inner'],
    ['a\n\n> b\n\nc', 'a\n\n> b\n\nc'],
    ['```js\nlet a = "*";\n```\nafter', '```js\nlet a = "*";\n```\n\nafter'],
    ['[label](https://example.org/a_b)', '[label](https://example.org/a_b)'],
    ['https://example.org/a_b_c', 'https://example.org/a_b_c'],
    ['[a (b)](https://example.org/(x))', '[a (b)](https://example.org/%28x%29)'],
    ['[https://bank.example](https://evil.example)', 'https://bank.example (<https://evil.example>)'],
    ['[mail](mailto:a@b.example)', 'mail (mailto:a@b.example)'],
    ['**a\nb**', '**a**\n**b**'],
  ])('%j becomes %j', (markdown, expected) => expect(through(markdown)).toBe(expected));

  it('closes a table in a fence, because Discord has none', () => {
    expect(through('| a | b |\n|---|---|\n| 1 | 2 |')).toBe('```\na | b\n--+--\n1 | 2\n```');
  });

  it('puts a fence on lines of its own', () => {
    const spans = [{ style: 'pre' as const, offset: 2, length: 4 }];
    expect(toMarkdown({ text: 'a code b', spans })).toBe('a \n```\ncode\n```\n b');
  });

  it('does not let code end its own fence', () => {
    const spans = [{ style: 'pre' as const, offset: 0, length: 5 }];
    expect(toMarkdown({ text: 'a```b', spans }).match(/```/g)).toHaveLength(2);
  });

  it('keeps the white space of a marked range outside of the marks', () => {
    expect(toMarkdown({ text: 'a b c', spans: [{ style: 'bold', offset: 1, length: 3 }] })).toBe('a **b** c');
  });
});

describe('signs that would be markup by accident', () => {
  it.each([
    ['2 * 3 * 4', '2 \\* 3 \\* 4'],
    ['__init__.py', '\\_\\_init\\_\\_.py'],
    ['snake_case_word', 'snake_case_word'],
    ['a || b', 'a \\|\\| b'],
    ['a | b', 'a | b'],
    ['~~no~~', '\\~\\~no\\~\\~'],
    ['C:\\new', 'C:\\\\new'],
    ['`tick`', '\\`tick\\`'],
    ['# no title', '\\# no title'],
    ['-# not small', '\\-# not small'],
    ['> no quote', '\\> no quote'],
    ['- no list', '\\- no list'],
    ['a # b > c - d', 'a # b > c - d'],
    ['[no](link)', '\\[no](link)'],
    ['[1] a source', '[1] a source'],
    ['see https://example.org/a_b_', 'see https://example.org/a_b_'],
    ['<@123> in <#456> says <:some_name:789>', '<@123> in <#456> says <:some_name:789>'],
  ])('%j is written %j', (text, expected) => expect(toMarkdown(plain(text))).toBe(expected));

  it('lose nothing of any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const written = toMarkdown(plain(text));
        expect(written.replace(/\\([^\w\s])/g, '$1').length).toBeGreaterThanOrEqual(
          text.length - (text.match(/\\/g) ?? []).length,
        );
        expect(written.replaceAll('\\', '')).toBe(text.replaceAll('\\', ''));
      }),
    );
  });
});

describe('a long text', () => {
  it('is cut so that each part is within the limit as it is written, and fences are closed', () => {
    const markdown = `${'*a_b_ **x** `c` '.repeat(300)}\n\n\`\`\`py\n${'print("**")\n'.repeat(300)}\`\`\``;
    const parts = splitStyled(parseMarkdown(markdown), 2000, measureMarkdown).map(toMarkdown);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(2000);
      expect((part.match(/```/g) ?? []).length % 2).toBe(0);
    }
  });
});
