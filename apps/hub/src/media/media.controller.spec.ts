import { createHttpClient, UnreachableError } from '@omni-hub/channel-sdk';
import type { Response } from 'express';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SecretBox } from '../config/secret-box';
import { MediaLinks } from '../flow/media-links';
import { Problem } from '../flow/problem';
import type { MediaKey } from '../storage/repositories/media.repository';
import { event } from '../storage/testing/samples';
import { sampleMessage } from '../testing/samples';
import { MediaController } from './media.controller';
import { MediaWorld, served } from './testing/media-world';

const png = Buffer.from('\x89PNG\r\n\x1a\nand so on', 'latin1');
const http = createHttpClient({ baseURL: 'http://127.0.0.1', timeoutMs: 5_000 });
afterAll(() => http.close());

let world: MediaWorld;
let links: MediaLinks;
let server: Server;

beforeEach(async () => {
  world = new MediaWorld();
  await world.open();
  links = new MediaLinks(new SecretBox(Buffer.alloc(32, 1)), world.config);
  const controller = new MediaController(links, world.reader);
  server = createServer((request, response) => {
    const token = request.url!.slice('/media/'.length);
    controller.fetch(token, response as Response).catch((error: unknown) => {
      const problem = error instanceof Problem ? error : new Problem(500, 'INTERNAL', String(error));
      response.writeHead(problem.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(problem));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  links.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

async function fetched({ messageId, position }: MediaKey) {
  const url = links.make(world.instance, messageId, position)!;
  const { status, headers, data } = await http.get<ArrayBuffer>(url, { responseType: 'arraybuffer' });
  return { status, headers, bytes: Buffer.from(data) };
}

const problemOf = async (key: MediaKey) => {
  const { status, bytes } = await fetched(key);
  const { code, detail } = JSON.parse(bytes.toString()) as { code: string; detail: string };
  return { status, code, detail };
};

async function ready(bytes = png): Promise<MediaKey> {
  await world.service.start();
  const key = await world.add(bytes);
  await world.tried(key);
  return key;
}

describe('a link to a file', () => {
  it('serves it from the media store, safely', async () => {
    const { status, headers, bytes } = await fetched(await ready());
    expect(status).toBe(200);
    expect(bytes).toEqual(png);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    });
    expect(world.asked).toHaveLength(1);
  });

  it('brings it again where this process has not got it', async () => {
    const key = await ready();
    rmSync(world.stored()[0]);
    expect((await fetched(key)).bytes).toEqual(png);
    expect((await fetched(key)).bytes).toEqual(png);
    expect(world.asked).toHaveLength(2);
    expect(world.stored()).toHaveLength(1);
  });

  it('says why it cannot be brought again', async () => {
    const key = await ready();
    rmSync(world.stored()[0]);
    world.platform.set(key.messageId, () => {
      throw new UnreachableError('no route');
    });
    expect(await problemOf(key)).toEqual({ status: 502, code: 'UNREACHABLE', detail: 'no route' });
    expect(await world.store.media.get(key)).toMatchObject({ status: 'ready' });
  });

  it('says why a file has failed, without asking the platform again', async () => {
    const key = await ready(Buffer.alloc(0));
    expect(await problemOf(key)).toMatchObject({ status: 502, code: 'EMPTY' });
    expect(world.asked).toHaveLength(1);
  });

  it('brings a file that was still pending, which ends its job', async () => {
    const key = await world.add(png);
    expect((await fetched(key)).bytes).toEqual(png);
    expect(await world.store.media.get(key)).toMatchObject({
      status: 'ready',
      readyAt: null,
      size: png.length,
    });
  });

  it('joins the job that is fetching the file', async () => {
    let give: () => void = () => undefined;
    const key = await world.add(async () => {
      await new Promise<void>((resolve) => (give = resolve));
      return served(png);
    });
    await world.service.start();
    await world.happened(() => world.asked.length === 1);
    const both = Promise.all([fetched(key), fetched(key)]);
    give();
    expect((await both).map(({ bytes }) => bytes)).toEqual([png, png]);
    expect(world.asked).toHaveLength(1);
  });

  it('serves a file whose message was stored without a job for it', async () => {
    const attachment = { kind: 'image' as const, ref: 'r', mimeType: null, size: null, filename: null };
    const stored = event('a', { event: JSON.stringify(sampleMessage({ attachments: [attachment] })) });
    await world.store.hot.ingest(stored);
    world.platform.set('r', () => served(png));
    expect((await fetched({ messageId: stored.id, position: 0 })).bytes).toEqual(png);
  });

  it.each([
    ['a type that could break the answer', 'text/html\r\nx: y', 'application/octet-stream'],
    ['a voice message', 'audio/ogg; codecs=opus', 'audio/ogg; codecs=opus'],
    ['no known type', null, 'application/octet-stream'],
  ])('names the type of %s', async (_what, mimeType, shown) => {
    await world.service.start();
    const key = await world.add(Buffer.from(mimeType?.startsWith('audio') ? 'OggS' : 'text'), { mimeType });
    await world.tried(key);
    expect((await fetched(key)).headers['content-type']).toBe(shown);
  });

  it('to what is not there, or too old, is refused', async () => {
    expect(await problemOf({ messageId: 'unknown', position: 0 })).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    });
    const key = await ready();
    expect(await problemOf({ ...key, position: 1 })).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const url = links.make(world.instance, key.messageId, 0)!;
    world.passes(3_600_001);
    expect((await http.get<{ code: string }>(url)).data).toMatchObject({ code: 'LINK_EXPIRED' });
  });
});
