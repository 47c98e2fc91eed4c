import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { MediaWorld } from './testing/media-world';

const longAgo = new Date(Date.now() - 2 * 3_600_000);

let world: MediaWorld;

beforeEach(async () => {
  world = new MediaWorld();
  await world.open();
});
afterEach(() => world.close());

/** A file that has been in the store for two hours. */
async function keep(text: string): Promise<string> {
  const { hash } = await world.files.receive(Readable.from([Buffer.from(text)]), null, 1_000);
  utimesSync(join(world.folder, 'media', hash.slice(0, 2), hash), longAgo, longAgo);
  return hash;
}

function leaveUnfinished(name: string, at = new Date()): void {
  const folder = join(world.folder, 'media/tmp');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), 'half');
  utimesSync(join(folder, name), at, at);
}

const names = () =>
  world
    .stored()
    .map((path) => basename(path))
    .sort();

describe('the media folder', () => {
  it('loses files that no message names any more', async () => {
    const kept = await keep('kept');
    const gone = await keep('gone');
    const key = await world.add(Buffer.from('kept'));
    await world.store.media.arrive(key, { hash: kept, size: 4, mimeType: null }, { transcribe: false });
    expect(names()).toEqual([kept, gone].sort());
    await world.sweeper.sweep();
    expect(names()).toEqual([kept]);
  });

  it('keeps what was uploaded, and what messages on their way out name', async () => {
    const [upload, outgoing] = [await keep('an upload'), await keep('on its way')];
    const facts = { size: 9, mimeType: null, filename: null };
    await world.store.outgoingFiles.addUpload({ id: 'u1', instanceId: null, hash: upload, ...facts });
    await world.store.outgoingFiles.put([
      { messageId: 'm1', source: 's1', instanceId: 'i1', hash: outgoing, ...facts },
    ]);
    await world.sweeper.sweep();
    expect(names()).toEqual([upload, outgoing].sort());
  });

  it('keeps a young file: its message may be about to name it', async () => {
    const old = await keep('the same');
    await world.files.receive(Readable.from([Buffer.from('the same')]), null, 1_000);
    await world.sweeper.sweep();
    expect(names()).toEqual([old]);
  });

  it('is gone through a few shelves at a time, all of them in the end', async () => {
    for (let n = 0; n < 40; n++) await keep(`file ${n}`);
    const shelves = (await world.files.shelves()).length;
    const left = [];
    for (let sweeps = 0; sweeps < Math.ceil(shelves / 8); sweeps++) {
      await world.sweeper.sweep();
      left.push(names().length);
    }
    expect(left[0]).toBeGreaterThan(0);
    expect(left.at(-1)).toBe(0);
  });

  it('loses what was never finished', async () => {
    leaveUnfinished('old', longAgo);
    leaveUnfinished('young');
    await world.sweeper.sweep();
    expect(names()).toEqual(['young']);
  });

  it('has nothing unfinished at a start', async () => {
    leaveUnfinished('of-a-crash', new Date(Date.now() - 1_000));
    await world.sweeper.start();
    expect(names()).toEqual([]);
  });
});
