import fc from 'fast-check';
import { Pacer } from './pacer';

const perChat = { key: 'chat', scope: 'chat' as const, burst: 3, perSecond: 1 };

describe('the pacer', () => {
  it('lets a burst pass at once and then keeps the rate', () => {
    const pacer = new Pacer();
    const times = ['a', 'b', 'c', 'd', 'e'].map((lane) => pacer.reserve(lane, 'i1', [perChat], 0));
    expect(times).toEqual([0, 0, 0, 1_000, 2_000]);
  });

  it('keeps a reserved time for its lane, and lets it pass then without taking again', () => {
    const pacer = new Pacer();
    for (let i = 0; i < 3; i++) pacer.reserve(`lane ${i}`, 'i1', [perChat], 0);
    expect(pacer.reserve('late', 'i1', [perChat], 0)).toBe(1_000);
    expect(pacer.reserve('late', 'i1', [perChat], 500)).toBe(1_000);
    expect(pacer.reserve('late', 'i1', [perChat], 1_000)).toBe(1_000);
    expect(pacer.reserve('next', 'i1', [perChat], 1_000)).toBe(2_000);
  });

  it('lets no chat that waits take the place of others', () => {
    const pacer = new Pacer();
    const everybody = { key: 'all', scope: 'instance' as const, burst: 1, perSecond: 10 };
    const pair = (chat: string) => ({ key: chat, scope: 'chat' as const, burst: 1, perSecond: 0.1 });
    const ask = (lane: string, now: number) => pacer.reserve(lane, 'i1', [everybody, pair(lane)], now);
    expect([ask('a', 0), ask('a', 1)]).toEqual([0, 10_000]);
    expect(ask('b', 1_000)).toBe(1_000);
    expect(ask('c', 9_950)).toBe(9_950);
    expect(ask('a', 10_000)).toBe(10_050);
    expect(ask('a', 10_050)).toBe(10_050);
    expect(ask('d', 10_050)).toBe(10_150);
  });

  it('tells instances apart', () => {
    const pacer = new Pacer();
    const slow = { key: 'chat', scope: 'chat' as const, burst: 1, perSecond: 1 };
    expect(pacer.reserve('a', 'i1', [slow], 0)).toBe(0);
    expect(pacer.reserve('b', 'i2', [slow], 0)).toBe(0);
    expect(pacer.reserve('c', 'i1', [slow], 0)).toBe(1_000);
  });

  it('takes an Nth of an instance’s limits when N processes share them, and the whole of a chat’s', () => {
    const pacer = new Pacer();
    pacer.shares = 2;
    const rule = { key: 'all', scope: 'instance' as const, burst: 1, perSecond: 10 };
    expect([1, 2, 3].map((n) => pacer.reserve(`l${n}`, 'i1', [rule], 0))).toEqual([0, 200, 400]);
    const chat = { ...rule, key: 'chat', scope: 'chat' as const };
    expect([4, 5].map((n) => pacer.reserve(`l${n}`, 'i1', [chat], 0))).toEqual([0, 100]);
  });

  it('holds an instance for as long as its platform says', () => {
    const pacer = new Pacer();
    pacer.hold('i1', 5_000);
    expect(pacer.held(4_999)).toEqual(['i1']);
    expect(pacer.held(5_000)).toEqual([]);
  });

  it('never lets more than burst + rate × time pass, whatever the schedule', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }),
        (burst, perSecond, gaps) => {
          const pacer = new Pacer();
          let now = 0;
          const sent = gaps.map((gap, index) =>
            pacer.reserve(
              `lane ${index}`,
              'i1',
              [{ key: 'k', scope: 'instance', burst, perSecond }],
              (now += gap),
            ),
          );
          sent.sort((a, b) => a - b);
          sent.forEach((start, index) => {
            const within = sent.filter((time) => time >= start && time < start + 1_000).length;
            expect(within).toBeLessThanOrEqual(burst + perSecond + 1);
            expect(sent[index]).toBeGreaterThanOrEqual(0);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
