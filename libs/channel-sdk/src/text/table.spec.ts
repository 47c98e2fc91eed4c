import fc from 'fast-check';
import { formatTable } from './table';
import { displayWidth } from './width';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['äé', 2],
    ['e\u0301', 1],
    ['漢字', 4],
    ['ｱｲ', 2],
    ['ＡＢ', 4],
    ['한글', 4],
    ['👍🏽', 2],
    ['👩‍👩‍👧‍👦', 2],
    ['🇫🇷', 2],
    ['❤️', 2],
    ['\u200b', 0],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('formatTable', () => {
  it('makes the columns of every line end at the same place', () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', 'ä', '漢', '👍🏽', 'ｱ', '1'), maxLength: 6 }),
      fc.constant(''),
    );
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const aligns = fc.array(fc.constantFrom('left' as const, 'right' as const, 'center' as const, null));
    fc.assert(
      fc.property(rows, aligns, (cells, columnAligns) => {
        const [head, rule, ...body] = formatTable(cells, columnAligns).split('\n');
        const bars = positions(rule, '+');
        expect(body).toHaveLength(cells.length - 1);
        for (const line of [head, ...body])
          expect(bars).toEqual(expect.arrayContaining(positions(line, '|')));
      }),
    );
  });

  it('fills up rows that are too short', () => {
    expect(formatTable([['a', 'b'], ['c']], [])).toBe('a | b\n--+--\nc |');
  });
});

/** The columns, as shown, where `sign` stands. */
function positions(line: string, sign: string): number[] {
  return line
    .split(sign)
    .slice(0, -1)
    .map((_, index, parts) => displayWidth(parts.slice(0, index + 1).join(sign)));
}
