import { randomBytes, timingSafeEqual } from 'node:crypto';
import net from 'node:net';
import { startFakePlatform } from '../platform/fake-platform';
import { countComparisons, watchPurity } from './purity';

describe('watching for impurity', () => {
  it.each<[string, () => unknown]>([
    ['the clock (Date.now)', () => Date.now()],
    ['the clock (new Date())', () => new Date()],
    ['the clock (performance.now)', () => performance.now()],
    ['the clock (process.hrtime.bigint)', () => process.hrtime.bigint()],
    ['a timer (setTimeout)', () => clearTimeout(setTimeout(() => undefined, 0))],
    ['chance (Math.random)', () => Math.random()],
    ['chance (crypto.randomBytes)', () => randomBytes(4)],
    ['a connection (net)', () => net.connect(9)],
    ['a connection (fetch)', () => fetch('http://127.0.0.1:9')],
  ])('sees %s', async (what, run) => {
    expect((await watchPurity(run)).impurities).toEqual([what]);
  });

  it('sees a connection that is opened a little later', async () => {
    const { impurities } = await watchPurity(
      () =>
        void Promise.resolve()
          .then(() => net.connect(9))
          .catch(() => undefined),
    );
    expect(impurities).toEqual(['a connection (net)']);
  });

  it('sees nothing in a pure function, and gives its result or error', async () => {
    const pure = await watchPurity(() => new Date(0).toISOString());
    expect(pure).toEqual({ result: '1970-01-01T00:00:00.000Z', error: undefined, impurities: [] });
    const error = new Error('no');
    expect((await watchPurity(() => thrown(error))).error).toBe(error);
  });

  it('lets through what goes on beside it', async () => {
    const platform = await startFakePlatform({ otherwise: { status: 200 } });
    const beside = new Promise((resolve) => setImmediate(resolve)).then(() => fetch(platform.url));
    expect((await watchPurity(() => 1)).impurities).toEqual([]);
    expect((await beside).status).toBe(200);
    await platform.close();
  });

  it('leaves everything as it was', async () => {
    const before = [Date, performance.now, setTimeout, Math.random, net.Socket.prototype.connect, fetch];
    await watchPurity(() => 1);
    expect([Date, performance.now, setTimeout, Math.random, net.Socket.prototype.connect, fetch]).toEqual(
      before,
    );
  });
});

describe('counting comparisons', () => {
  it('counts those in constant time, and no others', () => {
    expect(countComparisons(() => timingSafeEqual(Buffer.from('a'), Buffer.from('a')))).toBe(1);
    expect(countComparisons(() => 'a' === String('b'))).toBe(0);
  });
});

function thrown(error: Error): never {
  throw error;
}
