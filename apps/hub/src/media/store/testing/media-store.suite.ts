import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { StoredFile } from '../../../storage/repositories/media.repository';
import type { MediaStore } from '../media-store';

export interface StoreUnderTest {
  store: MediaStore;
  /** Makes a file look as if it had been put at another time. */
  age(hash: string, putAt: number): void;
}

const hour = 3_600_000;
const unknown = '0'.repeat(64);

/** What every media store promises. `open` answers an empty one for each test. */
export function describeMediaStore(name: string, open: () => StoreUnderTest | Promise<StoreUnderTest>): void {
  describe(`the media store in ${name}`, () => {
    let folder: string;
    let store: MediaStore;
    let age: StoreUnderTest['age'];

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'omni-store-'));
      ({ store, age } = await open());
    });
    afterEach(async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    });

    async function put(bytes: Buffer): Promise<StoredFile & { path: string }> {
      const path = join(folder, 'finished');
      writeFileSync(path, bytes);
      const hash = createHash('sha256').update(bytes).digest('hex');
      const file = { hash, size: bytes.length, mimeType: 'image/png' };
      await store.put(path, file);
      return { ...file, path };
    }

    it('takes a file over and gives it back, any number of times', async () => {
      const bytes = randomBytes(300_000);
      const { hash, path } = await put(bytes);
      expect(existsSync(path)).toBe(false);
      expect(await store.has(hash)).toBe(true);
      for (let times = 0; times < 2; times++) {
        const opened = await store.open(hash);
        expect(opened?.size).toBe(bytes.length);
        expect(await buffer(opened!.stream)).toEqual(bytes);
      }
    });

    it('knows what it has not got', async () => {
      expect(await store.open(unknown)).toBeNull();
      expect(await store.has(unknown)).toBe(false);
      await store.remove(unknown, Date.now() + hour);
      expect(await store.settled('00', Date.now() + hour)).toEqual([]);
    });

    it('closes a file that is not read to its end', async () => {
      const { hash } = await put(randomBytes(1_000_000));
      const { stream } = (await store.open(hash))!;
      await new Promise<void>((resolve) => {
        stream.on('error', () => undefined).on('close', () => resolve());
        stream.destroy();
      });
      expect(await store.has(hash)).toBe(true);
    });

    it('tells by shelves what has been there for long', async () => {
      const [old, young] = [await put(Buffer.from('old')), await put(Buffer.from('young'))];
      age(old.hash, Date.now() - 2 * hour);
      const shelves = await store.shelves();
      expect(shelves).toEqual([...shelves].sort());
      const settled = await Promise.all(shelves.map((shelf) => store.settled(shelf, Date.now() - hour)));
      expect(settled.flat()).toEqual([old.hash]);
      expect(await store.settled(young.hash.slice(0, 2), Date.now() + hour)).toContain(young.hash);
    });

    it('removes a file, and not one that was put again meanwhile', async () => {
      const { hash } = await put(Buffer.from('sent twice'));
      age(hash, Date.now() - 2 * hour);
      const before = Date.now() - hour;
      expect(await store.settled(hash.slice(0, 2), before)).toEqual([hash]);
      await put(Buffer.from('sent twice'));
      await store.remove(hash, before);
      expect(await store.has(hash)).toBe(true);
      age(hash, Date.now() - 2 * hour);
      await store.remove(hash, before);
      expect(await store.has(hash)).toBe(false);
    });
  });
}
