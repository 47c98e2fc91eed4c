import type { LiveInstance } from '../instances/live-instance';
import { sampleInstance, sampleTurn } from '../testing/samples';
import { cutReason, type CutShort, RunningTurns } from './running-turns';

const going = () => new AbortController().signal;

describe('the turns that are worked on', () => {
  let instances: Map<string, LiveInstance>;
  let running: RunningTurns;

  beforeEach(() => {
    instances = new Map([['i1', sampleInstance()]]);
    running = new RunningTurns({ byId: (id) => instances.get(id) });
  });

  /** Works until its signal aborts, and tells why. */
  const untilCut = async (stop = going(), instanceId = 'i1') => {
    let why: string | null = null;
    await running.run(sampleTurn({ instanceId }), stop, async (signal) => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      why = (signal.reason as CutShort).why;
    });
    return why;
  };

  it.each<[string, () => void, string]>([
    ['disabled', () => instances.set('i1', sampleInstance({ enabled: false })), 'instance_disabled'],
    ['deleted', () => instances.delete('i1'), 'instance_gone'],
  ])('are cut short when their instance is %s', async (_what, change, reason) => {
    const cut = untilCut();
    change();
    running.cutShort();
    expect(await cut).toBe(reason);
  });

  it('go on when another instance is, and when their own changed otherwise', async () => {
    const stop = new AbortController();
    const cut = untilCut(stop.signal);
    instances.set('i1', sampleInstance({ settings: { fallback: 'Sorry!' } }));
    instances.set('i2', sampleInstance({ id: 'i2', enabled: false }));
    running.cutShort();
    stop.abort();
    expect(await cut).toBe('stopping');
  });

  it('stop with the hub, also when they begin as it stops', async () => {
    const stop = new AbortController();
    const cut = untilCut(stop.signal);
    stop.abort();
    expect([await cut, await untilCut(stop.signal)]).toEqual(['stopping', 'stopping']);
  });

  it('are cut short by whoever works on them, for the first reason alone', async () => {
    const stop = new AbortController();
    const reasons: unknown[] = [];
    await running.run(sampleTurn(), stop.signal, async (signal, cut) => {
      reasons.push(cutReason(signal));
      cut('merged');
      stop.abort();
      reasons.push(cutReason(signal));
    });
    expect(reasons).toEqual([null, 'merged']);
  });

  it('are forgotten when they end, however that is', async () => {
    const failed = running.run(sampleTurn(), going(), () => Promise.reject(new Error('no database')));
    await expect(failed).rejects.toThrow('no database');
    let late: AbortSignal | null = null;
    await running.run(sampleTurn(), going(), async (signal) => void (late = signal));
    instances.clear();
    running.cutShort();
    expect(late!).toMatchObject({ aborted: false });
  });
});
