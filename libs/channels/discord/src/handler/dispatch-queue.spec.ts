import { DispatchQueue } from './dispatch-queue';
import type { ShardDispatch } from './sessions';

const { signal } = new AbortController();
const event = (sequence: number, raw = '{}', session = 's1'): ShardDispatch => ({
  session,
  resumeUrl: 'wss://resume',
  sequence,
  kind: 'MESSAGE_CREATE',
  data: {},
  raw,
  shard: 0,
});

describe('the queue', () => {
  it('gives what waits in order, and keeps it until it is done', async () => {
    const queue = new DispatchQueue();
    for (const sequence of [1, 2, 3]) queue.add(event(sequence));
    const first = await queue.next(signal);
    expect(first.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(await queue.next(signal)).toEqual(first);
    queue.done(2);
    expect((await queue.next(signal)).map(({ sequence }) => sequence)).toEqual([3]);
  });

  it('waits for an event, and for the abort', async () => {
    const queue = new DispatchQueue();
    const stop = new AbortController();
    const waiting = queue.next(stop.signal);
    queue.add(event(1));
    expect(await waiting).toHaveLength(1);
    queue.done(1);
    const aborted = queue.next(stop.signal);
    stop.abort();
    expect(await aborted).toEqual([]);
  });

  it('takes once what a session tells twice', async () => {
    const queue = new DispatchQueue();
    for (const sequence of [1, 2, 1, 2, 3]) expect(queue.add(event(sequence))).toBe(true);
    queue.add(event(1, '{}', 's2'));
    expect((await queue.next(signal)).map(({ session, sequence }) => `${session}:${sequence}`)).toEqual([
      's1:1',
      's1:2',
      's1:3',
      's2:1',
    ]);
  });

  it('gives batches of a size that the store can take', async () => {
    const queue = new DispatchQueue();
    for (let sequence = 1; sequence <= 120; sequence++) queue.add(event(sequence));
    expect(await queue.next(signal)).toHaveLength(50);
    const large = new DispatchQueue();
    for (const sequence of [1, 2, 3]) large.add(event(sequence, 'x'.repeat(700_000)));
    expect(await large.next(signal)).toHaveLength(1);
  });

  it('takes no more than it may hold, and says when there is room again', () => {
    const queue = new DispatchQueue();
    for (let sequence = 1; sequence <= 2_000; sequence++) queue.add(event(sequence));
    expect([queue.add(event(2_001)), queue.hasRoom]).toEqual([false, false]);
    queue.done(1_500);
    expect([queue.hasRoom, queue.add(event(2_001))]).toEqual([true, true]);
  });
});
