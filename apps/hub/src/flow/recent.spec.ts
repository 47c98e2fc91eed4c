import { setTimeout } from 'node:timers/promises';
import { Recent } from './recent';

describe('Recent', () => {
  it('holds what was used last, and no more than it may', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    recent.get('a');
    recent.set('c', 3);
    expect([...recent.keys()].sort()).toEqual(['a', 'c']);
  });

  it('counts an entry that is set again once', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    for (let value = 0; value < 5; value++) recent.set('b', value);
    expect([recent.get('a'), recent.get('b')]).toEqual([1, 4]);
  });

  it('takes no memory for entries that never came', () => {
    const before = process.memoryUsage().arrayBuffers;
    const recent = Array.from({ length: 20 }, () => new Recent<string>(1_000_000));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    expect(recent).toHaveLength(20);
  });

  it('forgets in time where it is told a time', async () => {
    const recent = new Recent<string>(10, 5);
    recent.set('a', 'here');
    while (recent.has('a')) await setTimeout(1);
    expect(recent.get('a')).toBeUndefined();
  });
});
