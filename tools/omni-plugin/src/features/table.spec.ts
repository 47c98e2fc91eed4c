import { lineCoverage } from './coverage';
import { readLog } from './git';
import { duration, featuresTable } from './table';

it.each([
  [0, '0 min'],
  [89 * 60_000, '89 min'],
  [3.46 * 3_600_000, '3.5 h'],
  [72 * 3_600_000, '3 days'],
])('%d ms are %s', (ms, words) => expect(duration(ms)).toBe(words));

it('coverage is of all lines together, and never rounded up', () => {
  expect(lineCoverage({ total: { lines: { total: 1_000, covered: 799 } } })).toBe(79.9);
  expect(lineCoverage({ total: { lines: { total: 0, covered: 0 } } })).toBe(0);
  expect(lineCoverage({})).toBe(0);
});

it('a log is read line by line', () => {
  expect(readLog('abc\t2026-11-01T00:00:00Z\tAdd\ta tab\n')).toEqual([
    { id: 'abc', at: new Date('2026-11-01T00:00:00Z'), subject: 'Add\ta tab' },
  ]);
  expect(readLog('')).toEqual([]);
});

it('without a feature the table says how to begin one', () => {
  expect(featuresTable([], [])).toContain('npx nx generate feature');
});
