import { UnreachableError, type MediaPart, type OutboundFile, type Part } from '@omni-hub/channel-sdk';
import type { Content } from '@omni-hub/contracts';
import { startAgentSimulator, type AgentSimulator } from '@omni-hub/simulator';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { mediaIdOf } from '../flow/media-ids';
import { FileError } from '../flow/outgoing-files';
import { MediaWorld } from './testing/media-world';

const going = new AbortController().signal;

let world: MediaWorld;
let agent: AgentSimulator;

beforeEach(async () => {
  agent = await startAgentSimulator();
  world = new MediaWorld();
  await world.open();
  world.instance = { ...world.instance, agentOrigin: agent.baseUrl };
  await world.service.start();
});
afterEach(async () => {
  await world.close();
  await agent.close();
});

const part = (source: MediaPart['source'], changes: Partial<MediaPart> = {}): MediaPart => ({
  type: 'media',
  kind: 'image',
  source,
  mimeType: null,
  filename: null,
  caption: null,
  ...changes,
});

const serve = (name: string, ...bytes: string[]) =>
  agent.files.serve(name, ...bytes.map((one) => Buffer.from(one)));
const ofPart = (one: Part, messageId = 'm1') => world.outgoing.ofPart(world.instance, messageId, one, going);
const read = async ([file]: OutboundFile[]) => text(await file.open());
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

async function upload(bytes: string, told: Partial<{ mimeType: string; filename: string }> = {}) {
  const facts = { mimeType: null, filename: null, ...told };
  return (await world.outgoing.upload(Readable.from([Buffer.from(bytes)]), facts)).mediaId;
}

/** A file that somebody sent to the instance, once it is here. */
async function received(bytes: string) {
  const key = await world.add(Buffer.from(bytes));
  await world.until(key, ({ status }) => status === 'ready');
  return mediaIdOf(key);
}

const loseStore = () => rmSync(join(world.folder, 'media'), { recursive: true });

describe('the files of a part', () => {
  it('are none where it has none', async () => {
    expect(await ofPart({ type: 'text', body: { text: 'hi', spans: [] }, buttons: [] })).toEqual([]);
  });

  it('are one for each item of an album, with what is known of each', async () => {
    const url = serve('b.png', '\x89PNG\r\n\x1a\n');
    const items = [part({ url }), part({ mediaId: await upload('hello', { filename: 'a.txt' }) })];
    const files = await ofPart({ type: 'album', items });
    expect(files).toMatchObject([
      { filename: 'b.png', size: 9 },
      { filename: 'a.txt', size: 5, mimeType: null },
    ]);
    expect(await text(await files[1].open())).toBe('hello');
  });

  it('are called and typed as whoever sends them says, where the bytes do not know better', async () => {
    const mediaId = await upload('hello', { filename: 'a.txt' });
    const [file] = await ofPart(part({ mediaId }, { filename: 'b.md', mimeType: 'text/markdown' }));
    expect(file).toMatchObject({ filename: 'b.md', mimeType: 'text/markdown' });
    const [told] = await ofPart(part({ url: serve('c', 'hello') }, { mimeType: 'text/x-thing' }), 'm2');
    expect(told).toMatchObject({ filename: null, mimeType: 'text/x-thing' });
  });

  it('are fetched once for a message, however often it is tried and names them', async () => {
    const url = serve('a.png', 'first', 'second');
    expect(await read(await ofPart({ type: 'album', items: [part({ url }), part({ url })] }))).toBe('first');
    expect(await read(await ofPart(part({ url })))).toBe('first');
    expect(agent.files.timesAsked('a.png')).toBe(1);
    expect(await read(await ofPart(part({ url }), 'another message'))).toBe('second');
  });

  it('are fetched again where the store has lost them, from where they are', async () => {
    const url = serve('a.png', 'by url');
    const mediaId = await received('received');
    await ofPart(part({ url }));
    await ofPart(part({ mediaId }));
    loseStore();
    expect(await read(await ofPart(part({ url })))).toBe('by url');
    expect(await read(await ofPart(part({ mediaId })))).toBe('received');
  });

  it('may be at another process: it is tried again, and says what would help', async () => {
    const mediaId = await upload('hello');
    loseStore();
    expect(await failureOf(ofPart(part({ mediaId })))).toMatchObject({
      code: 'STORAGE',
      retryable: true,
      message: expect.stringContaining('OMNI_MEDIA_URL'),
    });
  });

  it('that go while they are sent have not reached the platform', async () => {
    const [file] = await ofPart(part({ mediaId: await upload('hello') }));
    loseStore();
    expect(await failureOf(file.open())).toBeInstanceOf(UnreachableError);
  });

  it.each([
    ['what the platform has no more', 'unknown.0', { code: 'STORAGE', retryable: true }],
    ['what failed for good', null, { code: 'EMPTY', retryable: false }],
  ])('of %s cannot be had', async (_what, id, expected) => {
    const key = await world.add(Buffer.alloc(0));
    await world.tried(key);
    expect(await failureOf(ofPart(part({ mediaId: id ?? mediaIdOf(key) })))).toMatchObject(expected);
  });

  it.each<[string, () => string, object]>([
    ['a forbidden place', () => 'http://127.0.0.1:1/', { code: 'BLOCKED', retryable: false }],
    ['nowhere', () => `${agent.baseUrl}/files/none`, { code: 'REJECTED', retryable: false }],
    ['an empty file', () => agent.files.serve('e', Buffer.alloc(0)), { code: 'EMPTY', retryable: false }],
    [
      'a file that is too large',
      () => agent.files.serve('l', Buffer.alloc(1_000_001)),
      { code: 'TOO_LARGE', retryable: false },
    ],
    [
      'a server in trouble',
      () => agent.files.serve('t', { status: 503, headers: { 'retry-after': '9' } }),
      { code: 'UNREACHABLE', retryable: true, waitMs: 9_000 },
    ],
  ])('of %s cannot be had, and say why', async (_what, url, expected) => {
    const error = await failureOf(ofPart(part({ url: url() })));
    expect(error).toBeInstanceOf(FileError);
    expect(error).toMatchObject(expected);
  });

  it('are given up when nobody waits any more', async () => {
    const stopping = new AbortController();
    stopping.abort();
    const asked = world.outgoing.ofPart(
      world.instance,
      'm1',
      part({ url: serve('a', 'x') }),
      stopping.signal,
    );
    expect(await failureOf(asked)).toMatchObject({ name: 'AbortError' });
  });
});

describe('content on its way into a message', () => {
  const keep = (...contents: Content[]) => world.outgoing.keep(world.instance, contents);
  const data = Buffer.from('hello').toString('base64');

  it('names a file where it brought bytes, and keeps all else', async () => {
    const words: Content = { type: 'text', text: 'hi' };
    const [image, album, said] = await keep(
      { type: 'image', data, caption: 'look', filename: 'a.png', mimeType: 'image/png' },
      {
        type: 'album',
        items: [
          { type: 'image', data },
          { type: 'image', url: 'https://example.org/a' },
        ],
      },
      words,
    );
    const mediaId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(image).toEqual({
      content: { type: 'image', mediaId, caption: 'look', filename: 'a.png', mimeType: 'image/png' },
    });
    expect(album).toEqual({
      content: {
        type: 'album',
        items: [
          { type: 'image', mediaId },
          { type: 'image', url: 'https://example.org/a' },
        ],
      },
    });
    expect(said).toEqual({ content: words });
    expect(JSON.stringify([image, album])).not.toContain(data);
  });

  it('may name what the instance received and any upload, and nothing of another instance', async () => {
    const [own, shared] = [await received('received'), await upload('hello')];
    world.instance = { ...world.instance, id: 'i2' };
    const [brought] = await keep({ type: 'image', data });
    world.instance = { ...world.instance, id: 'i1' };
    const foreign = 'content' in brought ? (brought.content as { mediaId: string }).mediaId : '';
    const image = (mediaId: string): Content => ({ type: 'image', mediaId });
    const kept = await keep(image(own), image(shared), image(foreign), image('unknown'));
    expect(kept.map((one) => ('refused' in one ? one.refused.code : 'kept'))).toEqual([
      'kept',
      'kept',
      'UNKNOWN_MEDIA',
      'UNKNOWN_MEDIA',
    ]);
  });

  it('that is too large is refused, and does not cost the others', async () => {
    const large = Buffer.alloc(1_000_001).toString('base64');
    expect(await keep({ type: 'image', data: large }, { type: 'image', data })).toMatchObject([
      { refused: { code: 'TOO_LARGE' } },
      { content: { type: 'image' } },
    ]);
  });
});

describe('a planned message', () => {
  const pin = (...parts: Part[]) => world.outgoing.pin([{ message: { id: 'm1', instanceId: 'i1' }, parts }]);

  it('keeps the files that it names, also twice, and those that are not here yet for later', async () => {
    const [mediaId, receivedId] = [await upload('hello'), await received('received')];
    const items = [part({ mediaId }), part({ mediaId }), part({ mediaId: receivedId })];
    await pin({ type: 'album', items }, part({ url: 'https://example.org/a.png' }));
    const rows = await world.store.outgoingFiles.ofMessage('m1');
    expect(rows.map(({ size }) => size).sort()).toEqual([5, 8]);
  });

  it('is sent although the upload itself was swept', async () => {
    const mediaId = await upload('hello');
    await pin(part({ mediaId }));
    world.passes(40 * 86_400_000);
    await world.store.retention.sweep(Date.now() - 30 * 86_400_000);
    expect(await world.store.outgoingFiles.upload(mediaId)).toBeNull();
    expect(await read(await ofPart(part({ mediaId })))).toBe('hello');
  });
});
