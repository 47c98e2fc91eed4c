import fc from 'fast-check';
import { DataError } from './errors';
import { GroupCommit, OverloadedError } from './group-commit';

/** A database whose flushes end when the test says so. */
function controlled() {
  const flushes: { batch: number[]; end(): void; fail(error: Error): void }[] = [];
  const flush = (batch: number[]) =>
    new Promise<number[]>((resolve, reject) => {
      flushes.push({ batch, end: () => resolve(batch.map((item) => item * 10)), fail: reject });
    });
  return { flushes, flush };
}

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('GroupCommit', () => {
  it('commits what comes while a flush runs in the next one, in order', async () => {
    const { flushes, flush } = controlled();
    const group = new GroupCommit({ flush });
    const first = group.add(1);
    await turnOfTheLoop();
    const others = [group.add(2), group.add(3)];
    await turnOfTheLoop();
    expect(flushes.map(({ batch }) => batch)).toEqual([[1]]);
    flushes[0].end();
    expect(await first).toBe(10);
    while (flushes.length < 2) await turnOfTheLoop();
    expect(flushes.map(({ batch }) => batch)).toEqual([[1], [2, 3]]);
    flushes[1].end();
    expect(await Promise.all(others)).toEqual([20, 30]);
  });

  it('cuts batches by rows and by bytes, and lets a large item go alone', async () => {
    const batches: number[][] = [];
    const flush = (batch: number[]) => {
      batches.push(batch);
      return Promise.resolve(batch);
    };
    const group = new GroupCommit({ flush, maxRows: 3, maxBytes: 10 });
    const sizes = [1, 1, 1, 1, 6, 6, 25, 1];
    await Promise.all(sizes.map((bytes, index) => group.add(index, bytes)));
    expect(batches).toEqual([[0, 1, 2], [3, 4], [5], [6], [7]]);
  });

  it('refuses what is too much, in items and in bytes, and takes more when there is room again', async () => {
    const { flushes, flush } = controlled();
    const group = new GroupCommit({ flush, maxPending: 2, maxPendingBytes: 100 });
    const first = group.add(0, 90);
    await expect(group.add(1, 20)).rejects.toBeInstanceOf(OverloadedError);
    const second = group.add(2, 10);
    await expect(group.add(3)).rejects.toBeInstanceOf(OverloadedError);
    await turnOfTheLoop();
    const third = group.add(4, 90);
    flushes[0].end();
    expect(await Promise.all([first, second])).toEqual([0, 20]);
    await turnOfTheLoop();
    flushes[1].end();
    expect(await third).toBe(40);
  });

  it('lets every item of a batch fail with the database', async () => {
    const { flushes, flush } = controlled();
    const group = new GroupCommit({ flush });
    const added = [group.add(1), group.add(2)];
    await turnOfTheLoop();
    flushes[0].fail(new Error('disk full'));
    expect((await Promise.allSettled(added)).map((result) => result.status)).toEqual([
      'rejected',
      'rejected',
    ]);
    expect(flushes).toHaveLength(1);
  });

  it('fails exactly the bad items and commits each other one once, wherever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), async (isBad) => {
        const committed: number[] = [];
        const flush = (batch: number[]) => {
          if (batch.some((item) => isBad[item])) return Promise.reject(new DataError('bad'));
          committed.push(...batch);
          return Promise.resolve(batch);
        };
        const group = new GroupCommit({ flush, maxRows: 16 });
        const results = await Promise.allSettled(isBad.map((_, item) => group.add(item)));
        expect(results.map(({ status }) => status === 'rejected')).toEqual(isBad);
        expect(committed).toEqual(numbers(isBad.length).filter((item) => !isBad[item]));
      }),
    );
  });

  it('is drained when nothing waits and nothing runs', async () => {
    const { flushes, flush } = controlled();
    const group = new GroupCommit({ flush, maxRows: 1 });
    await group.drained();
    void group.add(1);
    void group.add(2);
    let isDrained = false;
    const drained = group.drained().then(() => (isDrained = true));
    await turnOfTheLoop();
    flushes[0].end();
    while (flushes.length < 2) await turnOfTheLoop();
    expect(isDrained).toBe(false);
    flushes[1].end();
    await drained;
    expect(group.pending).toBe(0);
  });
});
