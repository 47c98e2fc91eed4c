import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { UnreachableError } from '@omni-hub/channel-sdk';
import { HubConfig } from '../config/hub.config';
import { MediaFiles } from './media-files';

const png = Buffer.from('\x89PNG\r\n\x1a\nand so on', 'latin1');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let files: MediaFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omni-files-'));
  files = new MediaFiles(Object.assign(new HubConfig(), { dataDir: folder }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const receive = (source: Readable, maxBytes = 1_000) => files.receive(source, null, maxBytes);
const unfinished = () => readdirSync(join(folder, 'media/tmp'));

describe('the media store', () => {
  it('keeps a file by the hash of its bytes, and gives it back', async () => {
    const stored = await receive(Readable.from([png.subarray(0, 3), png.subarray(3)]));
    expect(stored).toEqual({ hash: sha256(png), size: png.length, mimeType: 'image/png' });
    expect(existsSync(join(folder, 'media', stored.hash.slice(0, 2), stored.hash))).toBe(true);
    const opened = await files.open(stored.hash);
    expect(opened?.size).toBe(png.length);
    expect(await buffer(opened!.stream)).toEqual(png);
    expect(unfinished()).toEqual([]);
  });

  it('keeps the same bytes once', async () => {
    const twice = await Promise.all([receive(Readable.from([png])), receive(Readable.from([png]))]);
    expect(twice[0]).toEqual(twice[1]);
    expect(readdirSync(join(folder, 'media', twice[0].hash.slice(0, 2)))).toEqual([twice[0].hash]);
  });

  it('knows what it has not got', async () => {
    expect(await files.open('0'.repeat(64))).toBeNull();
    expect(await files.shelves()).toEqual([]);
    await files.removeUnfinished(Date.now());
  });

  it('holds little of a file in memory: it takes what it has written, and then more', async () => {
    const chunk = Buffer.alloc(64 * 1024, 1);
    const written = () =>
      existsSync(join(folder, 'media/tmp'))
        ? unfinished().reduce((sum, name) => sum + statSync(join(folder, 'media/tmp', name)).size, 0)
        : 0;
    let given = 0;
    let mostHeld = 0;
    const source = new Readable({
      highWaterMark: chunk.length,
      read() {
        mostHeld = Math.max(mostHeld, given - written());
        this.push(given < 200 * chunk.length ? chunk : null);
        given += chunk.length;
      },
    });
    const { size } = await receive(source, 100_000_000);
    expect(size).toBe(200 * chunk.length);
    expect(mostHeld).toBeLessThanOrEqual(4 * chunk.length);
  });

  const failing = (error: Error) =>
    Readable.from(
      (async function* () {
        yield png;
        throw error;
      })(),
    );

  it.each([
    ['it is empty', () => Readable.from([]), { code: 'EMPTY' }],
    ['it is longer than allowed', () => Readable.from([png, Buffer.alloc(1_000)]), { code: 'TOO_LARGE' }],
    [
      'it ends with the channel’s error',
      () => failing(new UnreachableError('cut off')),
      { code: 'UNREACHABLE', message: 'cut off' },
    ],
    ['it ends with any error', () => failing(new Error('ECONNRESET')), { code: 'UNREACHABLE' }],
    [
      'it has ended with an error before it is read',
      () => {
        const source = Readable.from([png]);
        source.on('error', () => undefined);
        source.destroy(new UnreachableError('cut off'));
        return source;
      },
      { code: 'UNREACHABLE', message: 'cut off' },
    ],
    [
      'it is given up',
      () => {
        const source = new Readable({ read: () => undefined });
        source.push(png);
        setImmediate(() => source.destroy());
        return source;
      },
      { code: 'UNREACHABLE' },
    ],
  ])('leaves nothing behind of a file where %s', async (_what, source, failure) => {
    const stream = source();
    await expect(receive(stream)).rejects.toMatchObject({ name: 'MediaError', ...failure });
    expect(stream.destroyed).toBe(true);
    expect(unfinished()).toEqual([]);
    expect(await files.shelves()).toEqual([]);
  });

  it('gives up on a source that brings nothing any more', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const source = new Readable({ read: () => undefined });
      const read = new Promise<void>((resolve) => source.once('resume', resolve).once('readable', resolve));
      const outcome = receive(source).catch((error: Error) => error);
      source.push(png);
      await read;
      while (jest.getTimerCount() === 0) await new Promise(setImmediate);
      jest.advanceTimersByTime(30_000);
      expect(await outcome).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('30') });
    } finally {
      jest.useRealTimers();
    }
  });

  it('says that it is itself in trouble, not the platform', async () => {
    writeFileSync(join(folder, 'media'), 'a file where the folder should be');
    await expect(receive(Readable.from([png]))).rejects.toMatchObject({
      code: 'STORAGE',
      message: expect.stringContaining('OMNI_DATA_DIR'),
    });
  });
});
