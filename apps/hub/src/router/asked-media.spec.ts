import type { Attachment } from '@omni-hub/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arrivals } from '../flow/arrivals';
import { mediaJobs } from '../flow/media-jobs';
import { Wakeups } from '../flow/wakeups';
import { openStore, type Store } from '../storage/open-store';
import { sampleInstance, sampleMessage } from '../testing/samples';
import type { AskedEvent } from '../flow/agent-request';
import { AskedMedia } from './asked-media';

const instance = sampleInstance({ handler: { fetchMedia: () => Promise.reject(new Error('not here')) } });
const location: Attachment = { kind: 'location', latitude: 1, longitude: 2 };
const image = (ref: string): Attachment => ({
  kind: 'image',
  ref,
  mimeType: null,
  size: null,
  filename: null,
});
const asked = (rowId: string, attachments: Attachment[]): AskedEvent => ({
  rowId,
  personId: null,
  receivedAt: 0,
  event: sampleMessage({ attachments }),
});
const stored = { hash: 'a'.repeat(64), size: 3, mimeType: 'image/png' };
const going = new AbortController().signal;

let folder: string;
let store: Store;
let wakeups: Wakeups;
let arrivals: Arrivals;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'omni-asked-'));
  store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
  wakeups = new Wakeups();
  arrivals = new Arrivals();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const media = (patienceMs = 10_000) => new AskedMedia(store, wakeups, arrivals, patienceMs);
const keep = (...events: AskedEvent[]) =>
  store.media.add(events.flatMap(({ rowId, event }) => mediaJobs(instance, rowId, event)));
const statuses = (files: { status: string }[]) => files.map(({ status }) => status);

describe('before an agent is asked', () => {
  it('nothing is waited for where there are no files, or none that the channel can fetch', async () => {
    expect(await media().settled(instance, [asked('m1', [location])], going)).toEqual([]);
    expect(await media().settled(sampleInstance(), [asked('m1', [image('r')])], going)).toEqual([]);
    expect(await store.media.ofMessages(['m1'])).toEqual([]);
  });

  it('files that are still on their way are waited for, all of them', async () => {
    const events = [asked('m1', [location, image('a')]), asked('m2', [image('b')])];
    await keep(...events);
    const waits = media().settled(instance, events, going);
    await store.media.arrive({ messageId: 'm1', position: 1 }, stored, { transcribe: false });
    arrivals.tell('m1');
    await store.media.arrive({ messageId: 'm2', position: 0 }, stored, { transcribe: false });
    arrivals.tell('m2');
    expect(statuses(await waits)).toEqual(['ready', 'ready']);
  });

  it('a recording is waited for until it has been transcribed once, however that ended', async () => {
    const events = [asked('m1', [image('a')]), asked('m2', [image('b')])];
    await keep(...events);
    const waits = media().settled(instance, events, going);
    for (const messageId of ['m1', 'm2'])
      await store.media.arrive({ messageId, position: 0 }, stored, { transcribe: true });
    arrivals.tell('m1');
    const now = Date.now() + 1;
    const query = { now, leaseMs: 1_000, limit: 2, excludeInstances: [] };
    const [first, second] = await store.media.claim('transcript', query);
    await store.media.completeTranscript(first, 'hello');
    arrivals.tell(first.messageId);
    await store.media.failTranscript(second, { code: 'UNREACHABLE', reason: 'down', retryAt: now + 5_000 });
    arrivals.tell(second.messageId);
    const transcripts = (await waits).map(({ transcriptStatus }) => transcriptStatus);
    expect(transcripts.sort()).toEqual(['failed', 'ready']);
  });

  it('the wait for file and transcript is one and bounded', async () => {
    const event = asked('m1', [image('a')]);
    await keep(event);
    await store.media.arrive({ messageId: 'm1', position: 0 }, stored, { transcribe: true });
    expect(await media(30).settled(instance, [event], going)).toMatchObject([
      { status: 'ready', transcriptStatus: 'pending' },
    ]);
  });

  it('a file that has failed is not waited for, though it is tried again', async () => {
    const event = asked('m1', [image('a')]);
    await keep(event);
    const now = Date.now() + 1;
    const [job] = await store.media.claim('file', { now, leaseMs: 1, limit: 1, excludeInstances: [] });
    await store.media.fail(job, { code: 'EMPTY', reason: 'empty', retryAt: now + 5_000 });
    expect(statuses(await media().settled(instance, [event], going))).toEqual(['failed']);
  });

  it('the wait is bounded', async () => {
    const event = asked('m1', [image('a')]);
    await keep(event);
    expect(statuses(await media(30).settled(instance, [event], going))).toEqual(['pending']);
  });

  it('what another process fetched is seen without a hint', async () => {
    const event = asked('m1', [image('a')]);
    await keep(event);
    const waits = media(3_000).settled(instance, [event], going);
    await store.media.arrive({ messageId: 'm1', position: 0 }, stored, { transcribe: false });
    expect(statuses(await waits)).toEqual(['ready']);
  });

  it('the wait ends when the hub stops', async () => {
    const event = asked('m1', [image('a')]);
    await keep(event);
    const stopping = new AbortController();
    const waits = media().settled(instance, [event], stopping.signal);
    stopping.abort();
    expect(statuses(await waits)).toEqual(['pending']);
  });

  it('a job that a crash left out is made', async () => {
    const woken = new Promise<void>((resolve) => wakeups.on('media', resolve));
    const waits = media(30).settled(instance, [asked('m1', [image('a')])], going);
    await woken;
    expect(statuses(await waits)).toEqual(['pending']);
    expect(await store.media.get({ messageId: 'm1', position: 0 })).toMatchObject({ instanceId: 'i1' });
  });
});
