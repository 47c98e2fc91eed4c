import { startObjectStoreSimulator, type ObjectStoreSimulator } from '@omni-hub/simulator';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { HubConfig } from '../../config/hub.config';
import { MediaFiles } from '../media-files';
import { FolderStore } from './folder-store';
import type { MediaStore } from './media-store';
import { openMediaStore } from './open-media-store';
import { describeMediaStore } from './testing/media-store.suite';

let folder: string;
let bucket: ObjectStoreSimulator;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'omni-media-'));
  bucket = await startObjectStoreSimulator({ pageSize: 2 });
});
afterEach(async () => {
  await bucket.close();
  rmSync(folder, { recursive: true });
});

const configOf = (changes: Partial<HubConfig> = {}) =>
  Object.assign(new HubConfig(), {
    dataDir: folder,
    mediaUrl: bucket.addressOf('omni/hub'),
    mediaAccessKey: bucket.keys.accessKey,
    mediaSecretKey: bucket.keys.secretKey,
    ...changes,
  });

describeMediaStore('a folder', () => ({
  store: new FolderStore(folder),
  age: (hash, putAt) => {
    const at = new Date(putAt);
    utimesSync(join(folder, hash.slice(0, 2), hash), at, at);
  },
}));

describeMediaStore('a bucket', () => ({
  store: openMediaStore(configOf()),
  age: (hash, putAt) => bucket.age(`omni/hub/${hash.slice(0, 2)}/${hash}`, putAt),
}));

describe('a bucket', () => {
  const open: MediaStore[] = [];
  const storeOf = (changes: Partial<HubConfig> = {}) => {
    const store = openMediaStore(configOf(changes));
    open.push(store);
    return store;
  };
  afterEach(() => Promise.all(open.splice(0).map((store) => store.close())));

  const hash = 'ab'.repeat(32);
  const path = () => join(folder, 'finished');

  /** Texts whose hashes stand on one shelf. */
  const onShelf = (shelf: string, count: number) =>
    Array.from({ length: 10_000 }, (_, number) => `file ${number}`)
      .filter((text) => createHash('sha256').update(text).digest('hex').startsWith(shelf))
      .slice(0, count);

  it('is listed to its end, however many answers that takes', async () => {
    const files = new MediaFiles(configOf());
    const stored: string[] = [];
    for (const text of onShelf('ab', 5))
      stored.push((await files.receive(Readable.from([Buffer.from(text)]), null, 100)).hash);
    expect(await files.settled('ab', Date.now() + 60_000)).toEqual(stored.sort());
    expect(bucket.requests().filter((call) => call.startsWith('LIST'))).toHaveLength(3);
    expect(readdirSync(join(folder, 'media/tmp'))).toEqual([]);
    await files.close();
  });

  it('keeps nothing whose bytes are not those of its name', async () => {
    writeFileSync(path(), 'other bytes');
    const put = storeOf().put(path(), { hash, size: 11, mimeType: null });
    await expect(put).rejects.toThrow('400 XAmzContentSHA256Mismatch');
    expect(bucket.stored()).toEqual([]);
  });

  it.each<[string, Partial<HubConfig>, string]>([
    ['a wrong secret key', { mediaSecretKey: 'hunter2' }, '403 SignatureDoesNotMatch'],
    ['a wrong access key', { mediaAccessKey: 'hunter2' }, '403 InvalidAccessKeyId'],
  ])('says why it refuses %s, and never repeats a key', async (_what, changes, problem) => {
    const error = await storeOf(changes)
      .settled('ab', Date.now())
      .catch((reason: Error) => reason);
    expect(String(error)).toContain(problem);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/hunter2|simulated-secret-key/);
  });

  it.each<[string, (store: MediaStore) => Promise<unknown>]>([
    ['GET', (store) => store.open(hash)],
    ['HEAD', (store) => store.has(hash)],
    ['PUT', (store) => store.put(path(), { hash, size: 5, mimeType: null })],
    ['LIST', (store) => store.settled('ab', Date.now())],
  ])('that fails at %s is in trouble, and not empty', async (method, use) => {
    writeFileSync(path(), 'bytes');
    bucket.faults.add({ method, fault: { kind: 'error', status: 503 } });
    await expect(use(storeOf())).rejects.toThrow('503');
  });
});
