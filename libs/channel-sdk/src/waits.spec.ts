import { backoffMs, failuresAfter } from './waits';

const network = { first: 250, most: 60_000 };
const longest = (failures: number) => network.first * 2 ** failures;

describe('the wait between two connections', () => {
  it.each([0, 1, 5, 20])(
    'after %i failures is at least half of what it may be, and never over the most',
    (failures) => {
      const most = Math.min(network.most, longest(failures));
      const waits = Array.from({ length: 50 }, () => backoffMs(network, failures));
      for (const ms of waits) {
        expect(ms).toBeGreaterThanOrEqual(most / 2);
        expect(ms).toBeLessThanOrEqual(most);
      }
    },
  );

  it.each<[string, number, boolean, number]>([
    ['lived long', 31_000, true, 0],
    ['lived long without getting ready', 31_000, false, 0],
    ['worked for a moment', 1_000, true, 4],
    ['never worked', 1_000, false, 9],
  ])('after nine failures and one that %s', (_name, livedMs, wasReady, counted) => {
    expect(failuresAfter(9, livedMs, wasReady)).toBe(counted);
    expect(failuresAfter(1, livedMs, wasReady)).toBe(Math.min(1, counted));
  });
});
