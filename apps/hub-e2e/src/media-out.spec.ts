import type { Content } from '@omni-hub/contracts';
import { startObjectStoreSimulator } from '@omni-hub/simulator';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileRoads, type FilePerson, type FileRoad } from './harness/file-roads';
import { adminKey } from './harness/hub';
import { until } from './harness/until';

const mostBytes = 200_000;
/** The smallest picture, made unlike any other by what follows its end. */
const picture = (more: string) =>
  Buffer.concat([
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
      'base64',
    ),
    Buffer.from(more),
  ]);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let road: FileRoad;
let ada: FilePerson;

const answers = (...messages: Content[]) => road.agent.answersNext({ kind: 'messages', messages });
const serve = (name: string, ...files: Parameters<typeof road.agent.files.serve>[1][]) =>
  road.agent.files.serve(name, ...files);

/** The files that the person has been sent, once there are so many. */
async function sentFiles(count: number) {
  await until(`${count} files are shown`, () => ada.shown().length >= count);
  return ada.files();
}

/** The dead letter of something that was said to this person. */
const deadLetter = (detail: RegExp) =>
  road.operator.deadLetter((letter) => letter.kind === 'delivery' && detail.test(letter.detail));

/** What the hub's store of messages and deliveries holds of the person's chat. */
async function storedText(): Promise<string> {
  const chat = await road.operator.chat(ada.chatId);
  return JSON.stringify(await road.operator.messages(chat!));
}

describe.each(fileRoads)('files that are sent on %s', (_name, open) => {
  beforeAll(async () => {
    road = await open({ environment: { OMNI_MEDIA_MAX_BYTES: String(mostBytes) } });
  });
  afterAll(() => road.dispose());
  beforeEach(() => (ada = road.person('Ada')));

  it('by url, data and mediaId arrive as bytes, in order', async () => {
    const [byUrl, byData] = [picture('by url'), picture('by data')];
    answers(
      { type: 'image', url: serve('a.png', byUrl), caption: 'from the agent' },
      { type: 'image', data: byData.toString('base64'), caption: 'from the answer' },
      { type: 'text', text: 'and that is all' },
    );
    ada.says('show me');
    await ada.reply('that is all');
    expect(ada.shown()).toEqual(['from the agent', 'from the answer', 'and that is all']);
    const files = await ada.files();
    expect(files.map(({ bytes }) => bytes)).toEqual([byUrl, byData]);
    expect(await storedText()).not.toContain(byData.toString('base64').slice(0, 60));
  });

  it('may be what came: a picture goes back to who sent it', async () => {
    const sent = picture('what Ada sent');
    ada.sendsPicture(sent, 'look');
    await ada.reply('look');
    const [{ mediaId }] = road.lastAsked(ada).messages[0].attachments;
    answers({ type: 'image', mediaId: mediaId!, caption: 'yours' });
    ada.says('send it back');
    await ada.reply('yours');
    expect((await ada.files()).map(({ bytes }) => bytes)).toEqual([sent]);
  });

  it('that may not be fetched are dead letters, and what stands beside them arrives', async () => {
    const far = serve('far.png', { status: 302, headers: { location: 'http://169.254.169.254/latest/' } });
    answers(
      { type: 'text', text: 'before' },
      { type: 'image', url: `http://127.0.0.1:${road.hub.port}/metrics` },
      { type: 'image', url: far },
      { type: 'text', text: 'after' },
    );
    ada.says('tell me secrets');
    await ada.reply('after');
    expect(ada.shown()).toEqual(['before', 'after']);
    for (const reason of [new RegExp(`from 127.0.0.1:${road.hub.port}`), /from 169\.254\.169\.254/])
      expect(await deadLetter(reason)).toMatchObject({ code: 'BLOCKED' });
    expect(await ada.files()).toEqual([]);
  });
});

describe('files that are sent', () => {
  const [[, telegram]] = fileRoads;

  beforeAll(async () => {
    road = await telegram({ environment: { OMNI_MEDIA_MAX_BYTES: String(mostBytes) } });
  });
  afterAll(() => road.dispose());
  beforeEach(() => (ada = road.person('Ada')));

  const post = (path: string, body: Buffer | object, headers: Record<string, string> = {}) =>
    road.hub.api.post(path, body, { headers });
  const send = async (content: object) =>
    (await post(`/api/v1/instances/${road.instance}/messages`, { to: ada.chatId, content })).data as {
      id: string;
      code?: string;
      detail?: string;
    };

  it('are fetched again where that failed, once for all attempts to send them', async () => {
    const bytes = picture('at the third attempt');
    const url = serve('late.png', { status: 503 }, { status: 500 }, bytes);
    answers({ type: 'text', text: 'wait' }, { type: 'image', url }, { type: 'text', text: 'there' });
    ada.says('go on');
    await ada.reply('there');
    expect(ada.shown()).toEqual(['wait', '[file]', 'there']);
    expect((await ada.files()).map((file) => file.bytes)).toEqual([bytes]);
    expect(road.agent.files.timesAsked('late.png')).toBe(3);
  });

  it.each<[string, () => string, string]>([
    ['are not there', () => serve('gone.png', { status: 404 }), 'REJECTED'],
    ['are empty', () => serve('empty.png', Buffer.alloc(0)), 'EMPTY'],
    ['are too large', () => serve('large.png', Buffer.alloc(mostBytes + 1)), 'TOO_LARGE'],
    [
      'turn out to be too large',
      () => serve('liar.png', { bytes: Buffer.alloc(mostBytes + 1), chunked: true }),
      'TOO_LARGE',
    ],
  ])('that %s are dead letters with the reason', async (_what, url, code) => {
    answers({ type: 'image', url: url() }, { type: 'text', text: 'and this' });
    ada.says('show me');
    await ada.reply('and this');
    const letter = await road.operator.deadLetter((one) => one.kind === 'delivery' && one.code === code);
    expect(letter.instance).toBe(road.instance);
    expect(ada.shown()).toEqual(['and this']);
  });

  it('that the instance may not send are refused, and cost nothing else', async () => {
    answers(
      { type: 'image', mediaId: '01900000-0000-7000-8000-000000000000.0' },
      { type: 'text', text: 'but this' },
    );
    ada.says('show me');
    await ada.reply('but this');
    const letter = await road.operator.deadLetter(({ code }) => code === 'UNKNOWN_MEDIA');
    expect(letter).toMatchObject({ kind: 'turn', detail: expect.stringContaining('mediaId') });
    expect(await send({ type: 'image', mediaId: '01900000-0000-7000-8000-000000000000' })).toMatchObject({
      code: 'UNKNOWN_MEDIA',
    });
  });

  it('can be uploaded, and sent as often as one likes', async () => {
    const bytes = picture('uploaded');
    const { status, data } = await post('/api/v1/media?filename=logo.png', bytes, {
      'content-type': 'image/png',
    });
    expect(status).toBe(201);
    expect(data).toEqual({
      mediaId: expect.any(String),
      size: bytes.length,
      mimeType: 'image/png',
      hash: sha256(bytes),
    });
    for (const caption of ['once', 'twice']) {
      await send({ type: 'document', mediaId: data.mediaId, caption });
      await ada.reply(caption);
    }
    expect((await ada.files()).map((file) => file.bytes)).toEqual([bytes, bytes]);
  });

  it.each<[string, Buffer, Record<string, string>, number, string]>([
    ['too large', Buffer.alloc(mostBytes + 1), {}, 413, 'TOO_LARGE'],
    ['empty', Buffer.alloc(0), {}, 422, 'EMPTY'],
    ['packed', Buffer.from('x'), { 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['sent with a wrong key', Buffer.from('x'), { 'x-api-key': 'wrong' }, 401, 'UNAUTHENTICATED'],
  ])('are not taken where they are %s', async (_what, bytes, headers, status, code) => {
    const answer = await post('/api/v1/media', bytes, {
      'content-type': 'application/octet-stream',
      'x-api-key': adminKey,
      ...headers,
    });
    expect([answer.status, answer.data.code]).toEqual([status, code]);
  });

  it('may be JSON, which is a file like any other', async () => {
    const bytes = Buffer.from('{"broken');
    const { data } = await road.hub.api.post('/api/v1/media?filename=a.json', bytes, {
      headers: { 'content-type': 'application/json' },
      transformRequest: (body: unknown) => body,
    });
    await send({ type: 'document', mediaId: data.mediaId });
    const [file] = await sentFiles(1);
    expect(file.bytes).toEqual(bytes);
  });

  it('and scheduled are kept until then, across a restart of the hub', async () => {
    const bytes = picture('later');
    const sendAt = new Date(Date.now() + 2_500).toISOString();
    const { status } = await post(`/api/v1/instances/${road.instance}/messages`, {
      to: ada.chatId,
      sendAt,
      content: { type: 'image', data: bytes.toString('base64'), caption: 'as promised' },
    });
    expect(status).toBe(202);
    await road.hub.stop();
    await road.hub.start();
    await ada.reply('as promised');
    expect((await ada.files()).map((file) => file.bytes)).toEqual([bytes]);
  });
});

describe('files that are sent from an object store', () => {
  const [[, telegram]] = fileRoads;
  let bucket: Awaited<ReturnType<typeof startObjectStoreSimulator>>;

  beforeAll(async () => {
    bucket = await startObjectStoreSimulator();
    road = await telegram({
      environment: {
        OMNI_MEDIA_URL: bucket.addressOf('omni'),
        OMNI_MEDIA_ACCESS_KEY: bucket.keys.accessKey,
        OMNI_MEDIA_SECRET_KEY: bucket.keys.secretKey,
      },
    });
  });
  afterAll(async () => {
    await road.dispose();
    await bucket.close();
  });
  beforeEach(() => (ada = road.person('Ada')));

  const keyOf = (bytes: Buffer) => `omni/${sha256(bytes).slice(0, 2)}/${sha256(bytes)}`;

  it('are in the bucket and nowhere else, those that came too', async () => {
    const [came, byUrl, byData] = ['came', 'by url', 'by data'].map(picture);
    ada.sendsPicture(came, 'look');
    await ada.reply('look');
    const [{ mediaId }] = road.lastAsked(ada).messages[0].attachments;
    answers(
      { type: 'image', url: serve('b.png', byUrl) },
      { type: 'image', data: byData.toString('base64') },
      { type: 'image', mediaId: mediaId!, caption: 'yours' },
    );
    ada.says('all of them');
    await ada.reply('yours');
    expect((await ada.files()).map(({ bytes }) => bytes)).toEqual([byUrl, byData, came]);
    for (const bytes of [came, byUrl, byData]) expect(bucket.bytesOf(keyOf(bytes))).toEqual(bytes);
    expect(readdirSync(join(road.hub.dataDir, 'media'))).toEqual(['tmp']);
    expect(readdirSync(join(road.hub.dataDir, 'media/tmp'))).toEqual([]);
  });

  it('wait while the bucket cannot be reached', async () => {
    const bytes = picture('once it is back');
    const { data } = await road.hub.api.post('/api/v1/media', bytes, {
      headers: { 'content-type': 'image/png' },
    });
    bucket.faults.add({ fault: { kind: 'error', status: 503 }, times: 2 });
    answers({ type: 'image', mediaId: data.mediaId, caption: 'here it is' }, { type: 'text', text: 'done' });
    ada.says('send it');
    await ada.reply('done');
    expect(ada.shown()).toEqual(['here it is', 'done']);
    expect((await ada.files()).map((file) => file.bytes)).toEqual([bytes]);
  });
});
