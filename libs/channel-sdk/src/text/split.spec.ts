import fc from 'fast-check';
import type { Span, StyledText } from '../parts';
import { graphemes } from './graphemes';
import { parseMarkdown } from './markdown';
import { sliceStyled, splitOnce, splitStyled, type Measure } from './split';
import { plain } from './styled';

const withoutBlanks = (text: string) => text.replace(/\s/g, '');
const textsOf = (parts: StyledText[]) => parts.map(({ text }) => text);

const families = ['👩‍👩‍👧‍👦', '🇫🇷', '👍🏽', 'é', '각', 'क्षि', 'ก็'];
const words = fc.oneof(
  { weight: 6, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) },
  { weight: 3, arbitrary: fc.constantFrom(' ', ' ', '. ', '\n', '\n\n', '\r\n', '。', '\t', '    ') },
  { weight: 2, arbitrary: fc.constantFrom(...families) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-composite', maxLength: 4 }) },
);
const texts = fc.array(words, { maxLength: 80 }).map((parts) => parts.join(''));

const styledTexts = texts.chain((text) => {
  const last = Math.max(0, text.length - 1);
  const span = fc.record({
    style: fc.constantFrom<Span['style']>('bold', 'pre', 'quote', 'code'),
    offset: fc.nat(last),
    length: fc.integer({ min: 1, max: last + 1 }),
  });
  const within = span.map((any) => ({ ...any, length: Math.min(any.length, text.length - any.offset) }));
  return fc.record({ text: fc.constant(text), spans: fc.array(within, { maxLength: text ? 4 : 0 }) });
});

const loneSurrogate = /\p{Surrogate}/u;
const limits = fc.integer({ min: 20, max: 60 });
const bytes: Measure = ({ text }) => Buffer.byteLength(text);
const codePoints: Measure = ({ text }) => [...text].length;
/** As a channel that writes marks around styled ranges would count. */
const marked: Measure = ({ text, spans }) =>
  text.length + spans.filter(({ style }) => style === 'bold').length * 2;
const measures = fc.constantFrom<Measure | undefined>(undefined, bytes, codePoints, marked);

describe('splitStyled', () => {
  it('keeps every part within the limit, in the unit of the platform', () => {
    fc.assert(
      fc.property(styledTexts, limits, measures, (styled, limit, measure) => {
        for (const part of splitStyled(styled, limit, measure)) {
          expect((measure ?? (({ text }) => text.length))(part)).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('loses nothing but white space, and keeps the order', () => {
    fc.assert(
      fc.property(styledTexts, limits, measures, (styled, limit, measure) => {
        const parts = splitStyled(styled, limit, measure);
        expect(withoutBlanks(textsOf(parts).join(''))).toBe(withoutBlanks(styled.text));
      }),
    );
  });

  it('cuts only between characters as a reader sees them', () => {
    fc.assert(
      fc.property(texts, limits, (text, limit) => {
        const starts = new Set([...graphemes(text)].map(({ index }) => index)).add(text.length);
        const longest = Math.max(0, ...[...graphemes(text)].map(({ segment }) => segment.length));
        fc.pre(longest <= limit);
        let at = 0;
        for (const part of splitStyled(plain(text), limit)) {
          while (!text.startsWith(part.text, at)) at++;
          expect(starts).toContain(at);
          at += part.text.length;
          expect(starts).toContain(at);
        }
      }),
    );
  });

  it('makes valid spans that style the same characters', () => {
    const stylesOf = (parts: StyledText[]) =>
      parts.flatMap(({ text, spans }) =>
        [...text]
          .map((_, index) => index)
          .flatMap((index) => {
            const at = [...text].slice(0, index).join('').length;
            const character = [...text][index];
            if (/\s/.test(character)) return [];
            const styles = spans.filter(({ offset, length }) => offset <= at && at < offset + length);
            return [
              character +
                styles
                  .map(({ style }) => style)
                  .sort()
                  .join(),
            ];
          }),
      );
    fc.assert(
      fc.property(styledTexts, limits, (styled, limit) => {
        const parts = splitStyled(styled, limit);
        for (const { text, spans } of parts) {
          for (const { offset, length } of spans) {
            expect(offset).toBeGreaterThanOrEqual(0);
            expect(length).toBeGreaterThan(0);
            expect(offset + length).toBeLessThanOrEqual(text.length);
          }
        }
        fc.pre(!/[\uD800-\uDFFF]/.test(styled.text));
        expect(stylesOf(parts)).toEqual(stylesOf([styled]));
      }),
    );
  });

  it('ends for any limit, and never breaks a surrogate pair', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (text, limit) => {
          const parts = splitStyled(plain(text), limit);
          expect(withoutBlanks(textsOf(parts).join(''))).toBe(withoutBlanks(text));
          for (const part of parts) expect(loneSurrogate.test(part.text)).toBe(false);
        },
      ),
    );
  });

  it('leaves a text that fits as it is', () => {
    const styled = parseMarkdown('  **hi** there ');
    expect(splitStyled(styled, 100)).toEqual([styled]);
    expect(splitStyled(plain(''), 10)).toEqual([plain('')]);
  });

  it('makes no empty part, even of white space alone', () => {
    expect(textsOf(splitStyled(plain(`a${' \n'.repeat(50)}b`), 10))).toEqual(['a', 'b']);
    expect(splitStyled(plain(' '.repeat(50)), 10)).toHaveLength(1);
  });

  it.each([
    [
      'paragraphs',
      'one two three.\nfour\n\nfive six. seven',
      30,
      ['one two three.\nfour', 'five six. seven'],
    ],
    ['lines', 'one two three. four\nfive six. seven', 30, ['one two three. four', 'five six. seven']],
    ['sentences', 'one two three four. five six seven', 30, ['one two three four.', 'five six seven']],
    [
      'sentences with quotes',
      '“one two three four.” five six seven',
      30,
      ['“one two three four.”', 'five six seven'],
    ],
    ['sentences without blanks', '一二三四五。六七八九十', 8, ['一二三四五。', '六七八九十']],
    ['words', 'one two three four five', 15, ['one two three', 'four five']],
    ['nothing better', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
  ])('prefers to cut between %s', (_, text, limit, parts) => {
    expect(textsOf(splitStyled(plain(text), limit))).toEqual(parts);
  });

  it('rather cuts between words than leave a part nearly empty', () => {
    expect(textsOf(splitStyled(plain('Hi\n\none two three four'), 16))).toEqual([
      'Hi\n\none two',
      'three four',
    ]);
  });

  it('uses the whole limit where a blank stands just behind it', () => {
    expect(textsOf(splitStyled(plain('hello world'), 5))).toEqual(['hello', 'world']);
  });

  it('never cuts a link that fits into a part', () => {
    const link = fc.record({
      label: fc.string({ unit: fc.constantFrom('a', ' ', '.', '\n'), minLength: 1, maxLength: 20 }),
      before: texts,
      after: texts,
    });
    fc.assert(
      fc.property(link, limits, ({ label, before, after }, limit) => {
        fc.pre(/^\S(.*\S)?$/s.test(label) && !/[\uD800-\uDFFF\p{M}\p{Cf}\r]/u.test(before + after));
        const span: Span = {
          style: 'link',
          offset: before.length,
          length: label.length,
          url: 'https://x.org',
        };
        const parts = splitStyled({ text: before + label + after, spans: [span] }, limit);
        const links = parts.flatMap(({ text, spans }) =>
          spans.map(({ offset, length }) => text.slice(offset, offset + length)),
        );
        expect(links).toEqual([label]);
      }),
    );
  });

  it.each([
    ['before a link rather than inside it', 'abcdeflinklabel', 10, ['abcdef', 'linklabel']],
    ['not between a stop and its accent', '一二三。\u0301五六七', 7, ['一二三。\u0301五六', '七']],
    ['not between a blank and its accent', 'ab \u0301cd', 4, ['ab', ' \u0301cd']],
  ])('cuts %s', (_, text, limit, parts) => {
    const offset = text.indexOf('linklabel');
    const spans: Span[] = offset < 0 ? [] : [{ style: 'link', offset, length: 9, url: 'https://x.org' }];
    expect(textsOf(splitStyled({ text, spans }, limit))).toEqual(parts);
  });

  it('cuts a link that fits into no part', () => {
    const { text, spans } = parseMarkdown(`https://example.org/${'x'.repeat(60)}`);
    const parts = splitStyled({ text, spans }, 30);
    expect(textsOf(parts).join('')).toBe(text);
    expect(parts.every((part) => part.spans[0].url === text)).toBe(true);
  });

  it('goes on with code in the next part, indents kept', () => {
    const code = ['def f():', '    if a:', '        return b', '    return c'].join('\n');
    const parts = splitStyled(parseMarkdown(`\`\`\`py\n${code}\n\`\`\``), 24);
    expect(parts.length).toBeGreaterThan(1);
    expect(textsOf(parts).join('\n')).toBe(code);
    for (const { text, spans } of parts) {
      expect(spans).toEqual([{ style: 'pre', offset: 0, length: text.length, language: 'py' }]);
    }
  });

  it('takes time in proportion to the text', () => {
    const time = (text: string) => {
      const start = process.cpuUsage();
      splitStyled(plain(text), 4096);
      const { user } = process.cpuUsage(start);
      return user / 1000;
    };
    const paragraph = 'A sentence of some words, as people write them. '.repeat(20) + '\n\n';
    expect(time(paragraph.repeat(1000))).toBeLessThan(2000);
    expect(time('🇫🇷'.repeat(50_000))).toBeLessThan(2000);
  });
});

describe('splitOnce', () => {
  it('gives the first part and what is left', () => {
    expect(splitOnce(plain('hello world'), 7)).toEqual([plain('hello'), plain('world')]);
    expect(splitOnce(plain('hello'), 7)).toEqual([plain('hello'), null]);
    expect(splitOnce(plain('hello     '), 7)).toEqual([plain('hello'), null]);
  });
});

describe('sliceStyled', () => {
  it('moves, shortens and drops spans with the text', () => {
    const styled: StyledText = {
      text: 'abcdef',
      spans: [
        { style: 'bold', offset: 0, length: 3 },
        { style: 'pre', offset: 1, length: 5, language: 'js' },
        { style: 'italic', offset: 5, length: 1 },
      ],
    };
    expect(sliceStyled(styled, 2, 5)).toEqual({
      text: 'cde',
      spans: [
        { style: 'bold', offset: 0, length: 1 },
        { style: 'pre', offset: 0, length: 3, language: 'js' },
      ],
    });
  });
});
