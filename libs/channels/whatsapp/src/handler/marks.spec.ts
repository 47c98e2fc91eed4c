import {
  parseMarkdown,
  plain,
  sliceStyled,
  splitStyled,
  type Span,
  type SpanStyle,
  type StyledText,
} from '@omni-hub/channel-sdk';
import fc from 'fast-check';
import { measureMarks, toMarks } from './marks';

const marksOf = (markdown: string) => toMarks(parseMarkdown(markdown));

describe('styles as WhatsApp writes them', () => {
  it.each([
    ['plain words', 'plain words'],
    ['**bold**', '*bold*'],
    ['*italic* and _italic_', '_italic_ and _italic_'],
    ['~~gone~~', '~gone~'],
    ['`code`', '`code`'],
    ['```js\nlet a = 1;\nlet b = 2;\n```', '```let a = 1;\nlet b = 2;```'],
    ['# A heading', '*A heading*'],
    ['# A **bold** heading', '*A bold heading*'],
    ['***both***', '*_both_*'],
    ['**bold *and italic* text**', '*bold _and italic_ text*'],
    ['> one\n> two\n\nthree', '> one\n> two\n\nthree'],
    ['> **bold** said', '> *bold* said'],
    ['- one\n- two', '• one\n• two'],
    ['**one\ntwo**', '*one*\n*two*'],
    ['[the page](https://example.org/a_b)', 'the page (https://example.org/a_b)'],
    ['<https://example.org>', 'https://example.org'],
    ['[example.org](https://example.org)', 'example.org'],
    ['**[bold link](https://example.org/x) goes on**', '*bold link* (https://example.org/x) *goes on*'],
    ['[`code`](https://example.org/x)', '`code` (https://example.org/x)'],
    ['[here](#part)', 'here (#part)'],
  ])('%j is %j', (markdown, expected) => expect(marksOf(markdown)).toBe(expected));

  it.each([
    ['a letter before it', 'un**believ**able', 'unbelievable'],
    ['the same sign in it', '**2 * 3**', '2 * 3'],
    ['three backticks in code', '````\na ``` b\n````', 'a ``` b'],
  ])('are left out where WhatsApp would show the signs: %s', (_, markdown, expected) =>
    expect(marksOf(markdown)).toBe(expected),
  );

  it('is fenced code where inline code holds a backtick', () =>
    expect(marksOf('`` a`b ``')).toBe('```a`b```'));

  it('leave white space outside', () => {
    const spans: Span[] = [{ style: 'bold', offset: 0, length: 8 }];
    expect(toMarks({ text: ' bold \n x', spans })).toBe(' *bold* \n x');
  });

  it('that WhatsApp does not have are read as plain text', () => {
    const spans: Span[] = [
      { style: 'underline', offset: 0, length: 3 },
      { style: 'spoiler', offset: 4, length: 3 },
    ];
    expect(toMarks({ text: 'one two', spans })).toBe('one two');
  });

  it('overlap by the inner one ending where the outer one does', () => {
    const spans: Span[] = [
      { style: 'italic', offset: 4, length: 9 },
      { style: 'bold', offset: 0, length: 7 },
    ];
    expect(toMarks({ text: 'one two three', spans })).toBe('*one _two_* _three_');
  });

  it('leave signs as they are that a person wrote', () =>
    expect(toMarks(plain('2*3*4 _x_ ~5'))).toBe('2*3*4 _x_ ~5'));

  it('do not quote code that goes on over lines', () =>
    expect(marksOf('> see\n>\n> ```\n> a\n> b\n> ```')).toBe('> see\n\n```a\nb```'));

  it('are closed and opened again where a long text is split', () => {
    const parts = splitStyled(parseMarkdown(`**${'word '.repeat(40)}end**`), 60, measureMarks).map(toMarks);
    for (const part of parts) {
      expect(part).toMatch(/^\*\S.*\S\*$/);
      expect(part.length).toBeLessThanOrEqual(60);
    }
  });
});

const styles: SpanStyle[] = [
  'bold',
  'italic',
  'strike',
  'heading',
  'quote',
  'code',
  'pre',
  'underline',
  'link',
];

/** Styles anywhere over a text of these characters. */
function styledOf(characters: string, allowed: SpanStyle[] = styles): fc.Arbitrary<StyledText> {
  const text = fc.string({ unit: fc.constantFrom(...characters), maxLength: 40 });
  const span = fc.record({
    style: fc.constantFrom(...allowed),
    offset: fc.nat(40),
    length: fc.nat(40),
  });
  return fc.record({ text, spans: fc.array(span, { maxLength: 6 }) }).map(({ text, spans }) => ({
    text,
    spans: spans
      .filter(({ offset, length }) => length > 0 && offset + length <= text.length)
      .map((one): Span => (one.style === 'link' ? { ...one, url: 'https://example.org/x' } : one)),
  }));
}

const withoutMarks = (text: string) =>
  text.replaceAll(' (https://example.org/x)', '').replaceAll(/[*_~`> ]/g, '');

/** What is wrong with the marks of one line; null where they nest, and touch no white space inside. */
function lineProblem(line: string): string | null {
  const open: string[] = [];
  const signs = [...line];
  for (const [index, sign] of signs.entries()) {
    if (!'*_~'.includes(sign)) continue;
    const closes = open.at(-1) === sign;
    if (!closes && open.includes(sign)) return `${sign} is closed within another`;
    if (closes) open.pop();
    else open.push(sign);
    const rest = closes ? signs.slice(0, index).reverse() : signs.slice(index + 1);
    const inside = rest.find((other) => !'*_~'.includes(other));
    if (inside === undefined || /\s/.test(inside)) return `${sign} touches white space`;
  }
  return open.length > 0 ? `${open.join('')} stays open` : null;
}

describe('any text with any styles', () => {
  it('keeps every character, in order', () => {
    fc.assert(
      fc.property(styledOf('ab c\n*_~`>é👍'), (styled) => {
        expect(withoutMarks(toMarks(styled))).toBe(withoutMarks(styled.text));
      }),
    );
  });

  it('has marks that nest, end with their line and touch no white space inside', () => {
    fc.assert(
      fc.property(styledOf('ab c\n', ['bold', 'italic', 'strike', 'heading', 'quote']), (styled) => {
        expect(toMarks(styled).split('\n').map(lineProblem)).toEqual(styled.text.split('\n').map(() => null));
      }),
    );
  });

  it('is never longer than it is measured, and measures no less as it grows', () => {
    fc.assert(
      fc.property(styledOf('ab c\n*_~`'), (styled) => {
        const lengths = Array.from({ length: styled.text.length + 1 }, (_, end) =>
          sliceStyled(styled, 0, end),
        );
        const measured = lengths.map(measureMarks);
        expect(measured).toEqual([...measured].sort((a, b) => a - b));
        lengths.forEach((part, index) => expect(toMarks(part).length).toBeLessThanOrEqual(measured[index]));
      }),
    );
  });
});
