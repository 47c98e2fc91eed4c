import type { ClaimQuery, LaneLease } from '../storage/store';
import { LanePump, type LanePumpOptions } from './lane-pump';
import type { Log } from './log';

interface Lane extends LaneLease {
  instanceId: string;
}

const log: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  debug: () => undefined,
};

/** A queue in memory: what is ready, and what was asked of it. */
class Queue {
  ready: Lane[] = [];
  queries: ClaimQuery[] = [];

  add(count: number, instanceId = 'i1'): void {
    for (let n = 0; n < count; n++)
      this.ready.push({ chatId: `${instanceId}-${this.ready.length}-${n}`, epoch: 1, instanceId });
  }

  claim = (query: ClaimQuery): Promise<Lane[]> => {
    this.queries.push(query);
    const claimed = this.ready
      .filter(({ instanceId }) => !query.excludeInstances.includes(instanceId))
      .slice(0, query.limit);
    this.ready = this.ready.filter((lane) => !claimed.includes(lane));
    return Promise.resolve(claimed);
  };
}

/** Work that ends when the spec says so. */
class Work {
  readonly running: { lane: Lane; signal: AbortSignal; end: () => void }[] = [];
  readonly done: Lane[] = [];
  private readonly waiting: (() => void)[] = [];

  start = (lane: Lane, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const entry = {
        lane,
        signal,
        end: () => {
          if (!this.running.includes(entry)) return;
          this.running.splice(this.running.indexOf(entry), 1);
          this.done.push(lane);
          resolve();
        },
      };
      this.running.push(entry);
      signal.addEventListener('abort', entry.end);
      this.waiting.splice(0).forEach((told) => told());
    });

  async untilRunning(count: number): Promise<void> {
    while (this.running.length < count) await new Promise<void>((told) => this.waiting.push(told));
  }
}

function setUp(changes: Partial<LanePumpOptions<Lane>> = {}) {
  const queue = new Queue();
  const work = new Work();
  const pump = new LanePump<Lane>({
    name: 'test',
    limit: 10,
    perInstance: 10,
    claim: queue.claim,
    work: work.start,
    extend: (leases) => Promise.resolve(leases.map(() => true)),
    nextReadyAt: () => Promise.resolve(null),
    excluded: () => [],
    log,
    ...changes,
  });
  return { queue, work, pump };
}

describe('the lane pump', () => {
  it('claims what is ready when it starts and when it is woken', async () => {
    const { queue, work, pump } = setUp();
    queue.add(2);
    pump.start();
    await work.untilRunning(2);
    queue.add(1);
    pump.wake();
    await work.untilRunning(3);
    work.running.slice().forEach(({ end }) => end());
    await pump.stop(0);
    expect(work.done).toHaveLength(3);
  });

  it('never works on more lanes than allowed, and claims again as they end', async () => {
    const { queue, work, pump } = setUp({ limit: 3 });
    queue.add(5);
    pump.start();
    await work.untilRunning(3);
    expect(work.running).toHaveLength(3);
    work.running[0].end();
    await work.untilRunning(3);
    expect(queue.ready).toHaveLength(1);
    while (work.done.length < 5) {
      await work.untilRunning(1);
      work.running[0].end();
    }
    await pump.stop(0);
  });

  it('leaves room for others when one instance has its share', async () => {
    const { queue, work, pump } = setUp({ limit: 10, perInstance: 2 });
    queue.add(2, 'slow');
    pump.start();
    await work.untilRunning(2);
    queue.add(3, 'slow');
    queue.add(1, 'quick');
    pump.wake();
    await work.untilRunning(3);
    expect(work.running.map(({ lane }) => lane.instanceId)).toEqual(['slow', 'slow', 'quick']);
    expect(queue.queries[queue.queries.length - 1].excludeInstances).toEqual(['slow']);
    work.running.slice().forEach(({ end }) => end());
    await pump.stop(0);
  });

  it('keeps an instance to its share exactly where a claim takes one lane', async () => {
    const { queue, work, pump } = setUp({ limit: 4, perInstance: 3, claimAtMost: 1 });
    queue.add(6, 'slow');
    queue.add(1, 'quick');
    pump.start();
    await work.untilRunning(4);
    expect(work.running.map(({ lane }) => lane.instanceId)).toEqual(['slow', 'slow', 'slow', 'quick']);
    queue.ready = [];
    work.running.slice().forEach(({ end }) => end());
    await pump.stop(0);
  });

  it('goes on after the database failed', async () => {
    let failures = 1;
    const { queue, work, pump } = setUp();
    const { pump: failing } = setUp({
      claim: (query) => (failures-- > 0 ? Promise.reject(new Error('down')) : queue.claim(query)),
      work: work.start,
    });
    queue.add(1);
    failing.start();
    await work.untilRunning(1);
    work.running[0].end();
    await failing.stop(0);
    await pump.stop(0);
  });

  it('stops by finishing what it holds, claims nothing more, and aborts what is late', async () => {
    const { queue, work, pump } = setUp();
    queue.add(2);
    pump.start();
    await work.untilRunning(2);
    queue.add(1);
    const stopped = pump.stop(50);
    pump.wake();
    work.running[0].end();
    await stopped;
    expect(work.done).toHaveLength(2);
    expect(queue.ready).toHaveLength(1);
    expect(pump.inFlight).toBe(0);
  });
});
