import fc from 'fast-check';
import type { TraceFacts } from '../storage/repositories/traces.repository';
import { distribution, sumOf, TraceTally } from './trace-analytics';

const facts = (changes: Partial<TraceFacts>): TraceFacts => ({
  id: 'm',
  instanceId: 'i1',
  direction: 'in',
  outcome: 'answered',
  reason: null,
  agentKind: null,
  turnStatus: null,
  agentMs: null,
  waitedMs: null,
  outboxMs: null,
  totalMs: null,
  ...changes,
});

function figuresOf(all: Partial<TraceFacts>[]) {
  const tally = new TraceTally();
  for (const one of all) tally.add(facts(one));
  return tally.figures();
}

describe('the figures of traces', () => {
  it('count outcomes by direction, of all and of each instance', () => {
    const { messages, outcomes, instances } = figuresOf([
      {},
      { instanceId: 'i2' },
      { instanceId: 'i2', outcome: 'silent' },
      { direction: 'out', outcome: 'sent' },
    ]);
    expect([messages, outcomes]).toEqual([4, { in: { answered: 2, silent: 1 }, out: { sent: 1 } }]);
    expect([...instances]).toEqual([
      ['i1', { in: { answered: 1 }, out: { sent: 1 } }],
      ['i2', { in: { answered: 1, silent: 1 }, out: {} }],
    ]);
    expect(sumOf([...instances.values()])).toEqual(outcomes);
  });

  it('name reasons of silence and of failure, the most frequent first, each with its newest message', () => {
    const { silence, failures } = figuresOf([
      { id: '6', outcome: 'silent', reason: 'access_blocked' },
      { id: '5', outcome: 'silent', reason: 'group_not_mentioned' },
      { id: '4', outcome: 'silent', reason: 'group_not_mentioned' },
      { id: '3', outcome: 'failed', reason: 'AGENT_TIMEOUT' },
      { id: '2', outcome: 'dead', reason: 'REJECTED', direction: 'out' },
      { id: '1', outcome: 'dead', reason: 'REJECTED' },
      { id: '0', outcome: 'waiting' },
    ]);
    expect(silence).toEqual([
      { reason: 'group_not_mentioned', in: 2, out: 0, messageId: '5' },
      { reason: 'access_blocked', in: 1, out: 0, messageId: '6' },
    ]);
    expect(failures).toEqual([
      { reason: 'REJECTED', in: 1, out: 1, messageId: '2' },
      { reason: 'AGENT_TIMEOUT', in: 1, out: 0, messageId: '3' },
    ]);
  });

  it('show no more than 50 reasons, however many a platform has', () => {
    const all = Array.from({ length: 60 }, (_, index) => ({ outcome: 'dead', reason: `code_${index}` }));
    expect(figuresOf(all).failures).toHaveLength(50);
  });

  it('count turns by the kind of their agent and what they ended in', () => {
    const { agents } = figuresOf([
      { agentKind: 'echo', turnStatus: 'answered' },
      { agentKind: 'http', turnStatus: 'answered' },
      { agentKind: 'http', turnStatus: 'failed' },
      {},
    ]);
    expect(agents).toEqual([
      { kind: 'http', turns: 2, statuses: { answered: 1, failed: 1 } },
      { kind: 'echo', turns: 1, statuses: { answered: 1 } },
    ]);
  });

  it('say how long each stage took, of what was measured; a clock that was set back makes nothing negative', () => {
    const { timings } = figuresOf([{ waitedMs: 30, agentMs: 5 }, { waitedMs: -4 }, { outboxMs: 8 }, {}]);
    expect(timings).toEqual({
      waitedMs: { count: 2, p50: 0, p90: 30, p99: 30, max: 30 },
      agentMs: { count: 1, p50: 5, p90: 5, p99: 5, max: 5 },
      outboxMs: { count: 1, p50: 8, p90: 8, p99: 8, max: 8 },
      totalMs: { count: 0, p50: null, p90: null, p99: null, max: null },
    });
  });
});

describe('a distribution', () => {
  it('has for each part a value that so many do not exceed, and no smaller one of which that is true', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1 });
    fc.assert(
      fc.property(values, (all) => {
        const { count, p50, p90, p99, max } = distribution(all);
        expect([count, max]).toEqual([all.length, Math.max(...all)]);
        for (const [part, value] of [
          [0.5, p50!],
          [0.9, p90!],
          [0.99, p99!],
        ]) {
          expect(all).toContain(value);
          expect(all.filter((one) => one <= value).length / all.length).toBeGreaterThanOrEqual(part);
          expect(all.filter((one) => one < value).length / all.length).toBeLessThan(part);
        }
      }),
    );
  });
});
