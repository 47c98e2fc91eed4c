import type { PaceRule } from '@omni-hub/channel-sdk';
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

  it('tells whole milliseconds, whatever the rate', () => {
    const pacer = new Pacer();
    const odd = { key: 'odd', scope: 'chat' as const, burst: 1, perSecond: 30 };
    expect(['a', 'b', 'c', 'd'].map((lane) => pacer.reserve(lane, 'i1', [odd], 0))).toEqual([0, 34, 68, 102]);
  });

  it('keeps a limit in mind while chats come and go whose limits have long been free again', () => {
    const pacer = new Pacer();
    const rule = (key: string, perSecond: number) => ({ key, scope: 'chat' as const, burst: 1, perSecond });
    const slow = rule('slow', 0.01);
    expect(pacer.reserve('slow', 'i1', [slow], 0)).toBe(0);
    for (let now = 0; now < 1_000; now++)
      pacer.reserve(`lane ${now}`, 'i1', [rule(`chat ${now}`, 1_000)], now);
    expect(pacer.reserve('slow again', 'i1', [slow], 1_000)).toBe(100_000);
    expect(pacer.reserve('free again', 'i1', [rule('chat 1', 1_000)], 1_000)).toBe(1_000);
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
    pacer.hold('instance', 'a', 'i1', 5_000);
    expect(pacer.held(4_999)).toEqual(['i1']);
    expect(pacer.held(5_000)).toEqual([]);
  });

  it('holds a chat alone where the platform says so of it alone', () => {
    const pacer = new Pacer();
    pacer.hold('chat', 'a', 'i1', 5_000);
    expect(pacer.held(0)).toEqual([]);
    expect(pacer.reserve('a', 'i1', [perChat], 0)).toBe(5_000);
    expect(pacer.reserve('b', 'i1', [perChat], 0)).toBe(0);
    expect(pacer.reserve('a', 'i1', [perChat], 5_000)).toBe(5_000);
  });

  describe('shows previews', () => {
    /** The times at which a preview is shown that is wanted all the time. */
    const shown = (pacer: Pacer, rules: PaceRule[], untilMs: number) => {
      const times: number[] = [];
      for (let now = 0; now <= untilMs; now += 100)
        if (pacer.spare('a', 'i1', rules, now) === now) times.push(now);
      return times;
    };
    const perMinute = { key: 'group', scope: 'chat' as const, burst: 20, perSecond: 20 / 60 };

    it('at half the pace of each limit', () => {
      expect(shown(new Pacer(), [perChat], 6_000)).toEqual([0, 2_000, 4_000, 6_000]);
      expect(shown(new Pacer(), [perChat, perMinute], 60_000)).toHaveLength(11);
    });

    it('only where the answer finds a token at once', () => {
      const pacer = new Pacer();
      expect(pacer.reserve('a', 'i1', [perChat], 0)).toBe(0);
      expect(pacer.spare('a', 'i1', [perChat], 0)).toBe(0);
      expect(pacer.spare('a', 'i1', [perChat], 0)).toBe(2_000);
      expect(pacer.reserve('a', 'i1', [perChat], 0)).toBe(0);
      const [first, second] = [1, 2].map(() => pacer.reserve('a', 'i1', [perChat], 100));
      expect([first, second]).toEqual([1_000, 1_000]);
      expect(pacer.spare('a', 'i1', [perChat], 2_000)).toBe(3_000);
    });

    it('so that the messages of a group stay within twenty a minute, its answer included', () => {
      const pacer = new Pacer();
      const times = shown(pacer, [perMinute], 59_900);
      expect(pacer.reserve('a', 'i1', [perMinute], 60_000)).toBe(60_000);
      expect(times.length + 1).toBeLessThanOrEqual(20);
    });

    it('never where a limit lets through but one at a time', () => {
      const one = { key: 'one', scope: 'chat' as const, burst: 1, perSecond: 1 };
      expect(new Pacer().spare('a', 'i1', [one], 0)).toBe(Infinity);
    });

    it('freely where a channel has no limits', () => {
      expect(shown(new Pacer(), [], 200)).toEqual([0, 100, 200]);
    });

    it.each(['chat', 'instance'] as const)('not while the platform has the %s wait', (scope) => {
      const pacer = new Pacer();
      pacer.hold(scope, 'a', 'i1', 5_000);
      expect(pacer.spare('a', 'i1', [perChat], 0)).toBe(5_000);
      expect(pacer.spare('a', 'i1', [perChat], 5_000)).toBe(5_000);
    });

    it('and never delays an answer by them', () => {
      const moments = fc.array(fc.tuple(fc.integer({ min: 0, max: 2_000 }), fc.boolean()), { maxLength: 60 });
      const limits = fc.record({
        burst: fc.integer({ min: 2, max: 20 }),
        perSecond: fc.double({ min: 0.1, max: 20, noNaN: true }),
      });
      const pacer = new Pacer();
      let runs = 0;
      fc.assert(
        fc.property(limits, moments, (limit, steps) => {
          const instance = `i${++runs}`;
          let now = 0;
          for (const [gap, isPreview] of steps) {
            now += gap;
            const rules = [{ key: 'k', scope: 'chat' as const, ...limit }];
            if (isPreview && pacer.spare(instance, instance, rules, now) === now)
              expect(pacer.reserve(instance, instance, rules, now)).toBeLessThanOrEqual(now);
          }
        }),
        { numRuns: 300 },
      );
    });
  });

  it('never lets more than burst + rate × time pass, whatever the schedule', () => {
    const pacer = new Pacer();
    let runs = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }),
        (burst, perSecond, gaps) => {
          const instance = `i${++runs}`;
          let now = 0;
          const sent = gaps.map((gap, index) =>
            pacer.reserve(
              `${instance} lane ${index}`,
              instance,
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
