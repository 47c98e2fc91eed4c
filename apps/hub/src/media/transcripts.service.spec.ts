import { startTranscriberSimulator, type TranscriberSimulator } from '@omni-hub/simulator';
import { UnreachableError } from '@omni-hub/channel-sdk';
import { rmSync } from 'node:fs';
import type { MediaKey, MediaRow } from '../storage/repositories/media.repository';
import { MediaWorld, served } from './testing/media-world';

const ogg = Buffer.from('OggS and so on');
const hour = 3_600_000;

let transcriber: TranscriberSimulator;
let world: MediaWorld;

beforeEach(async () => {
  transcriber = await startTranscriberSimulator({ apiKey: 'sk-spec' });
  world = new MediaWorld();
  Object.assign(world.config, { transcriberUrl: transcriber.url, transcriberApiKey: 'sk-spec' });
  await world.open();
});
afterEach(async () => {
  await world.close();
  await transcriber.close();
});

async function start(): Promise<void> {
  await world.service.start();
  await world.transcripts.start();
}

/** The row once its transcript was tried so often. */
const tried = (key: MediaKey, attempts = 1): Promise<MediaRow> =>
  world.until(
    key,
    (row) =>
      row.transcriptStatus !== 'pending' &&
      row.status === 'ready' &&
      row.leased === 0 &&
      row.attempts === attempts,
  );

describe('a recording', () => {
  it.each(['voice', 'audio'] as const)(
    'of the kind %s is transcribed once its file is here',
    async (kind) => {
      transcriber.hears('Good morning');
      await start();
      const key = await world.add(ogg, { kind, mimeType: 'audio/ogg; codecs=opus' });
      expect(await tried(key)).toMatchObject({
        status: 'ready',
        transcriptStatus: 'ready',
        transcript: 'Good morning',
        transcriptReason: null,
        readyAt: null,
      });
      expect(transcriber.calls()).toMatchObject([
        { model: 'whisper-1', file: { filename: 'audio.ogg', bytes: ogg } },
      ]);
    },
  );

  it('is told of twice: when its file is here, and when its transcript is', async () => {
    const key = await world.add(ogg, { kind: 'voice' });
    const told = jest.spyOn(world.arrivals, 'tell');
    await start();
    await tried(key);
    await world.happened(() => told.mock.calls.length === 2);
    expect(told.mock.calls).toEqual([[key.messageId], [key.messageId]]);
  });

  it('is the only kind of file that is: others are done when they are here', async () => {
    await start();
    const key = await world.add(ogg, { kind: 'document' });
    expect(await world.tried(key)).toMatchObject({ status: 'ready', transcriptStatus: null, readyAt: null });
    expect(transcriber.calls()).toEqual([]);
  });

  it('that somebody else fetched is transcribed all the same', async () => {
    const key = await world.add(ogg, { kind: 'voice' });
    (await world.reader.open(key)).stream.destroy();
    await world.transcripts.start();
    expect(await tried(key)).toMatchObject({ transcriptStatus: 'ready' });
    expect(world.asked).toHaveLength(1);
  });

  it('that this process has not got is fetched for it once more', async () => {
    transcriber.faults.add({ fault: { kind: 'error', status: 400 }, times: 1 });
    await world.service.start();
    const key = await world.add(ogg, { kind: 'voice' });
    await world.until(key, ({ transcriptStatus }) => transcriptStatus === 'pending');
    for (const path of world.stored()) rmSync(path);
    transcriber.faults.clear();
    await world.transcripts.start();
    expect(await tried(key)).toMatchObject({ transcriptStatus: 'ready' });
    expect(world.asked).toHaveLength(2);
  });

  it('whose file cannot be had has no transcript', async () => {
    await start();
    const key = await world.add(() => Promise.reject(new UnreachableError('no route')), { kind: 'voice' });
    expect(await world.tried(key)).toMatchObject({ status: 'failed', transcriptStatus: null });
  });
});

describe('a transcript that fails', () => {
  it('says why, is tried again as a file is, and does not touch the file', async () => {
    transcriber.faults.add({ fault: { kind: 'garbage' }, times: 1 });
    transcriber.faults.add({ fault: { kind: 'rate-limit', retryAfter: 600 }, times: 1 });
    await start();
    const key = await world.add(ogg, { kind: 'voice' });
    expect(await tried(key)).toMatchObject({
      status: 'ready',
      transcriptStatus: 'failed',
      transcript: null,
      transcriptCode: 'UNREADABLE',
      transcriptReason: expect.stringContaining('without a text'),
      readyAt: null,
    });

    const busy = await world.add(ogg, { kind: 'voice' });
    const row = await tried(busy);
    expect(row).toMatchObject({ transcriptStatus: 'failed', transcriptCode: 'RATE_LIMITED' });
    expect(row.readyAt! - Date.now()).toBeGreaterThan(500_000);
    world.passes(hour);
    expect(await tried(busy, 2)).toMatchObject({ transcriptStatus: 'ready', transcriptReason: null });
  });

  it('for good is not tried again', async () => {
    Object.assign(world.config, { transcriberApiKey: 'sk-wrong' });
    world.make();
    await start();
    const key = await world.add(ogg, { kind: 'voice' });
    expect(await tried(key)).toMatchObject({ transcriptCode: 'UNAUTHORIZED', readyAt: null });
  });

  it('whose file is gone for good says so', async () => {
    await world.service.start();
    let isGone = false;
    const key = await world.add(
      () => (isGone ? Promise.reject(new UnreachableError('no route')) : served(ogg)),
      { kind: 'voice' },
    );
    await world.until(key, ({ transcriptStatus }) => transcriptStatus === 'pending');
    for (const path of world.stored()) rmSync(path);
    isGone = true;
    await world.transcripts.start();
    expect(await tried(key)).toMatchObject({
      status: 'ready',
      transcriptCode: 'UNREACHABLE',
      transcriptReason: 'no route',
    });
  });
});

describe('a transcriber that does not answer', () => {
  it('holds up no files, and what it was asked is handed back when the hub stops', async () => {
    transcriber.faults.add({ fault: { kind: 'timeout-before' } });
    await start();
    const recordings: MediaKey[] = [];
    for (let n = 0; n < 6; n++)
      recordings.push(await world.add(ogg, { kind: 'voice', instanceId: n % 2 ? 'i1' : 'i2' }));
    await world.happened(() => transcriber.calls().length === 4);
    const picture = await world.add(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    expect(await world.tried(picture)).toMatchObject({ status: 'ready' });

    await Promise.all([world.service.stop(), world.transcripts.stop()]);
    world.make();
    for (const key of recordings)
      expect(await world.store.media.get(key)).toMatchObject({
        status: 'ready',
        transcriptStatus: 'pending',
        attempts: 0,
        leased: 0,
      });
    expect(transcriber.calls()).toHaveLength(4);
  });
});

describe('a hub without a transcriber', () => {
  it('transcribes nothing, and lets go of what was to be', async () => {
    await world.service.start();
    const before = await world.add(ogg, { kind: 'voice' });
    await world.until(before, ({ transcriptStatus }) => transcriptStatus === 'pending');
    await Promise.all([world.service.stop(), world.transcripts.stop()]);

    Object.assign(world.config, { transcriberUrl: undefined });
    world.make();
    await start();
    const after = await world.add(ogg, { kind: 'voice' });
    await world.tried(after);
    for (const key of [before, after])
      expect(await world.store.media.get(key)).toMatchObject({
        status: 'ready',
        transcriptStatus: null,
        transcript: null,
        readyAt: null,
      });
    expect(transcriber.calls()).toEqual([]);
  });
});

it('counts what became of each attempt', async () => {
  transcriber.faults.add({ fault: { kind: 'error', status: 400 }, times: 1 });
  await start();
  await tried(await world.add(ogg, { kind: 'voice' }));
  await tried(await world.add(ogg, { kind: 'voice' }));
  await world.happened(async () => {
    const text = await world.metrics.registry.metrics();
    return ['failed', 'ready'].every((outcome) =>
      text.includes(`omni_transcript_seconds_count{channel="sample",outcome="${outcome}"} 1`),
    );
  });
});
