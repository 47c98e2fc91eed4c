import { publishedLimits, RateLimits } from './rate-limits';

describe('Rate limits', () => {
  const at = { ms: 1_000_000 };
  const limits = () => new RateLimits(publishedLimits, () => at.ms);

  it('one a second for each chat', () => {
    const rate = limits();
    expect([rate.pass(1, 7, false), rate.pass(1, 7, false), rate.pass(1, 8, false)]).toEqual([0, 1, 0]);
    at.ms += 1000;
    expect(rate.pass(1, 7, false)).toBe(0);
  });

  it('thirty a second for each bot', () => {
    const rate = limits();
    const waits = Array.from({ length: 31 }, (_, chat) => rate.pass(1, chat, false));
    expect(waits).toEqual([...Array(30).fill(0), 1]);
    expect(rate.pass(2, 99, false)).toBe(0);
  });

  it('twenty a minute for each group', () => {
    const rate = limits();
    const waits = Array.from({ length: 21 }, () => {
      at.ms += 1001;
      return rate.pass(1, -5, true);
    });
    expect(waits.slice(0, 20)).toEqual(Array(20).fill(0));
    expect(waits[20]).toBeGreaterThan(30);
  });
});
