import { RejectedError, UnauthorizedError, UnreachableError } from '@omni-hub/channel-sdk';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { MediaWorld, served } from './testing/media-world';

const png = Buffer.from('\x89PNG\r\n\x1a\nand so on', 'latin1');
const hash = createHash('sha256').update(png).digest('hex');
const hour = 3_600_000;

let world: MediaWorld;

beforeEach(async () => {
  world = new MediaWorld();
  await world.open();
});
afterEach(() => world.close());

describe('a message’s file', () => {
  beforeEach(() => world.service.start());

  it('is fetched, checked and kept', async () => {
    const key = await world.add(png, { mimeType: 'application/octet-stream' });
    const facts = { status: 'ready', hash, size: png.length, mimeType: 'image/png', readyAt: null };
    expect(await world.tried(key)).toMatchObject(facts);
  });

  it('is kept once, however many messages have it', async () => {
    for (const key of [await world.add(png), await world.add(png)]) await world.tried(key);
    expect(world.stored()).toHaveLength(1);
  });

  it('of 0 bytes has failed, says why, and is tried again as its own job', async () => {
    let bytes = Buffer.alloc(0);
    const key = await world.add(() => served(bytes));
    expect(await world.tried(key)).toMatchObject({
      status: 'failed',
      code: 'EMPTY',
      reason: expect.stringContaining('0 bytes'),
    });
    bytes = png;
    world.passes(10_000);
    expect(await world.tried(key, 2)).toMatchObject({ status: 'ready', hash, code: null, reason: null });
  });

  it('whose bytes are not those that were sent is tried three times, and nothing of it is kept', async () => {
    const key = await world.add(() => {
      const lines = async function* () {
        yield png;
        throw new RejectedError('the file’s MAC is wrong');
      };
      return served(Readable.from(lines()));
    });
    for (const attempt of [1, 2, 3]) {
      const row = await world.tried(key, attempt);
      expect(row).toMatchObject({ status: 'failed', code: 'REJECTED', reason: 'the file’s MAC is wrong' });
      expect(row.readyAt === null).toBe(attempt === 3);
      world.passes(hour);
    }
    expect(world.stored()).toEqual([]);
  });

  it('that the platform cannot hand out now is tried six times', async () => {
    const key = await world.add(() => {
      throw new UnreachableError('no route');
    });
    for (const attempt of [1, 2, 3, 4, 5, 6]) {
      expect((await world.tried(key, attempt)).readyAt === null).toBe(attempt === 6);
      world.passes(hour);
    }
  });

  it.each([
    ['gone', new RejectedError('the file is gone')],
    ['refused', new UnauthorizedError('correct the token')],
  ])('that is %s is not tried again', async (_what, error) => {
    const key = await world.add(() => {
      throw error;
    });
    const facts = { status: 'failed', code: error.code, reason: error.message, readyAt: null };
    expect(await world.tried(key)).toMatchObject(facts);
  });

  describe('over the limit has failed, and is tried again later', () => {
    const tooLarge = { status: 'failed', code: 'TOO_LARGE', readyAt: expect.any(Number) };

    it('by what its message says: the platform is not asked', async () => {
      expect(await world.tried(await world.add(png, { size: 1_000_001 }))).toMatchObject(tooLarge);
      expect(world.asked).toEqual([]);
    });

    it('by what the platform says: nothing is read', async () => {
      const stream = Readable.from([png]);
      expect(await world.tried(await world.add(() => served(stream, { size: 1_000_001 })))).toMatchObject(
        tooLarge,
      );
      expect(stream.destroyed).toBe(true);
    });

    it('by its bytes: no more of them are read', async () => {
      const endless = new Readable({
        read() {
          this.push(Buffer.alloc(60_000));
        },
      });
      expect(await world.tried(await world.add(() => served(endless)))).toMatchObject(tooLarge);
      expect(endless.destroyed).toBe(true);
      expect(world.stored()).toEqual([]);
    });
  });

  it('does not hold up the others, whatever becomes of it', async () => {
    await world.add(
      (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('ended')))),
    );
    const bad = await world.add(() => Promise.reject(new Error('a bug in the channel')));
    const good = await world.add(png);
    expect(await world.tried(good)).toMatchObject({ status: 'ready' });
    expect(await world.tried(bad)).toMatchObject({ status: 'failed', code: 'UNREACHABLE' });
  }, 10_000);

  it('has failed where the instance can fetch no files any more', async () => {
    world.instance = { ...world.instance, handler: { ...world.instance.handler, fetchMedia: undefined } };
    expect(await world.tried(await world.add(png))).toMatchObject({ code: 'UNSUPPORTED', readyAt: null });
  });
});

describe('many files', () => {
  it('are fetched four at once, three of one instance', async () => {
    let running = 0;
    const most = { all: 0, ofOne: 0 };
    const ends: (() => void)[] = [];
    const slow = async () => {
      most.all = Math.max(most.all, ++running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running--;
      return served(png);
    };
    const first = [];
    for (let n = 0; n < 6; n++) first.push(await world.add(slow));
    await world.service.start();
    await world.happened(() => ends.length === 3);
    most.ofOne = most.all;
    const second = await world.add(slow, { instanceId: 'i2' });
    await world.happened(() => ends.length === 4);
    const stillWaiting = await world.store.media.ofMessages(first.map(({ messageId }) => messageId));
    expect(stillWaiting.filter(({ leased }) => leased === 1)).toHaveLength(3);
    for (const key of [...first, second]) {
      await world.happened(async () => {
        ends.splice(0).forEach((end) => end());
        return (await world.store.media.get(key))?.status === 'ready';
      });
    }
    expect(most).toEqual({ all: 4, ofOne: 3 });
  }, 15_000);
});

describe('a hub that stops', () => {
  it('ends at once and hands back what it was fetching', async () => {
    let signal: AbortSignal | undefined;
    const stream = new Readable({ read: () => undefined });
    stream.push(png);
    const key = await world.add((its) => {
      signal = its;
      return served(stream);
    });
    await world.service.start();
    await world.happened(() => signal !== undefined && world.stored().length > 0);
    await world.service.stop();
    expect(signal?.aborted).toBe(true);
    expect(await world.store.media.get(key)).toMatchObject({ status: 'pending', attempts: 0, leased: 0 });
    expect(world.stored()).toEqual([]);
  });
});

describe('a hub that died', () => {
  it('leaves its jobs to the next one', async () => {
    const key = await world.add(png);
    const now = Date.now() + 1;
    await world.store.media.claim('file', { now, leaseMs: 30_000, limit: 1, excludeInstances: [] });
    world.make();
    await world.store.join();
    await world.service.start();
    expect(await world.tried(key, 2)).toMatchObject({ status: 'ready' });
  });
});
