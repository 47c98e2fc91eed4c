import fc from 'fast-check';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  createServer as createSocketServer,
  type AddressInfo,
  type Server as SocketServer,
  type Socket,
} from 'node:net';
import { getEventListeners, once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { FormData as UndiciFormData } from 'undici';
import { UnreachableError } from '../errors/errors';
import { toSendError } from './failures';
import { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client';
import { multipart } from './multipart';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

const token = '4242:hunter2';
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server | SocketServer): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(baseURL: string, options: Partial<HttpClientOptions> = {}): HttpClient {
  const made = createHttpClient({ baseURL, ...options });
  closers.push(() => made.close());
  return made;
}

/** A platform that answers as told and notes what it was asked. */
async function platform(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers, body: await readText(request) });
    answer(response, request);
  });
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { url: await listen(server), seen, server };
}

/** A platform that does as it likes with the connection. */
async function socketPlatform(onRequest: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket.on('error', () => undefined).once('data', () => onRequest(socket)));
  });
  closers.push(async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((done) => server.close(done));
  });
  return listen(server);
}

/** https://github.com/axios/axios/blob/v1.x/lib/utils.js, `merge` */
const droppedByAxios = ['__proto__', 'constructor', 'prototype'];

const ok = (response: ServerResponse) => response.end('{"ok":true}');

async function failureOf(request: Promise<unknown>) {
  const error = await request.then(
    () => null,
    (reason: Error & { code: string; requestSent: boolean }) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error!;
}

describe('a request', () => {
  it('sends JSON behind the base address, and reads JSON', async () => {
    const { url, seen } = await platform(ok);
    const telegram = client(`${url}/bot1`, { headers: { 'X-Client': 'hub' } });
    const response = await telegram.post(
      '/sendMessage',
      { chat_id: 1, text: 'ä' },
      { headers: { 'X-Turn': 't' } },
    );
    expect(response.data).toEqual({ ok: true });
    expect(response.status).toBe(200);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/bot1/sendMessage',
      body: '{"chat_id":1,"text":"ä"}',
    });
    expect(seen[0].headers).toMatchObject({
      'content-type': 'application/json',
      'x-client': 'hub',
      'x-turn': 't',
    });
  });

  it('is the same on the wire and in its answer whether it is plain or takes the way through axios', async () => {
    const { url, seen } = await platform((response, { headers }) => {
      response.setHeader('x-answer', 'yes');
      response.end(`{"turn":${JSON.stringify(headers['x-turn'] ?? null)}}`);
    });
    const http = client(url, { headers: { Authorization: 'Bearer t' } });
    const axiosWay = client(url, { headers: { Authorization: 'Bearer t' } });
    axiosWay.interceptors.request.use((config) => config);

    const fieldNames = fc.string().filter((name) => !droppedByAxios.includes(name));
    const requests = fc.record({
      method: fc.constantFrom('get', 'delete', 'post', 'PUT', 'patch'),
      url: fc.constantFrom('/a', 'a/b', '', '/ä?q=1', `${url}/absolute`),
      data: fc.option(fc.oneof(fc.array(fc.integer()), fc.dictionary(fieldNames, fc.string()), fc.string()), {
        nil: undefined,
      }),
      headers: fc.constantFrom(undefined, {}, { 'X-Turn': '7' }, { 'Content-Type': 'text/plain' }),
      responseType: fc.constantFrom(undefined, 'json' as const, 'text' as const),
    });
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        seen.length = 0;
        const one = await http.request({ ...request });
        const other = await axiosWay.request({ ...request });
        expect(seen[0]).toEqual(seen[1]);
        expect({ ...one.headers, date: '' }).toEqual({ ...other.headers, date: '' });
        expect([one.status, one.statusText, one.data]).toEqual([other.status, other.statusText, other.data]);
      }),
      { numRuns: 60 },
    );
  });

  it.each(droppedByAxios)('sends a field of a plain body even when it is named %s', async (name) => {
    const { url, seen } = await platform(ok);
    const body = `{"${name}":"kept"}`;
    await client(url).post('/a', JSON.parse(body));
    expect(seen[0].body).toBe(body);
  });

  it.each(['{"a":1}', ' {"a": 1}\n', 'no JSON'])(
    'sends text that is called JSON byte for byte: %j',
    async (body) => {
      const { url, seen } = await platform(ok);
      await client(url).post('/a', body, { headers: { 'Content-Type': 'application/json' } });
      expect(seen[0].body).toBe(body);
      expect(seen[0].headers['content-type']).toBe('application/json');
    },
  );

  it('keeps axios’ interceptors, parameters and call forms', async () => {
    const { url, seen } = await platform(ok);
    const http = client(url);
    http.interceptors.request.use((config) => {
      config.headers.set('x-signed', 'yes');
      return config;
    });
    await http.get('/a', { params: { q: 'x y' } });
    await http({ method: 'post', url: '/b', data: { a: 1 } });
    await http.post('/c', { a: 1 });
    expect(seen.map((request) => request.url)).toEqual(['/a?q=x+y', '/b', '/c']);
    expect(seen.map((request) => request.headers['x-signed'])).toEqual(['yes', 'yes', 'yes']);
  });

  it('sends text and bytes as they are', async () => {
    const { url, seen } = await platform(ok);
    const headers = { 'content-type': 'application/octet-stream' };
    await client(url).post('/a', 'plain', { headers });
    await client(url).post('/a', Buffer.from('bytes'), { headers });
    expect(seen.map((request) => request.body)).toEqual(['plain', 'bytes']);
    expect(seen[0].headers['content-type']).toBe('application/octet-stream');
  });

  it.each([
    ['Node’s', () => new FormData()],
    ['undici’s', () => new UndiciFormData() as unknown as FormData],
  ])('sends %s form as multipart', async (_, form) => {
    const { url, seen } = await platform(ok);
    const data = form();
    data.append('chat_id', '1');
    data.append('photo', new Blob(['pixels'], { type: 'image/png' }), 'a.png');
    await client(url).post('/sendPhoto', data);
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(seen[0].headers['content-type']!)![1];
    expect(seen[0].body).toContain(`--${boundary}`);
    expect(seen[0].body).toContain('name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\npixels');
  });
});

describe('an answer', () => {
  it.each([200, 204, 302, 400, 401, 429, 500, 503])(
    'of status %i resolves, and no redirect is followed',
    async (status) => {
      const { url, seen } = await platform((response) => {
        response.writeHead(status, { location: '/elsewhere', 'retry-after': '3' }).end();
      });
      const response = await client(url).get('/a');
      expect(response.status).toBe(status);
      expect(response.headers['retry-after']).toBe('3');
      expect(seen).toHaveLength(1);
    },
  );

  it('is left as text when it is no JSON', async () => {
    const { url } = await platform((response) => response.end('<html>'));
    expect((await client(url).get('/')).data).toBe('<html>');
  });

  it('is text or bytes on request', async () => {
    const { url } = await platform((response) => response.end('{"a":1}'));
    expect((await client(url).get('/', { responseType: 'text' })).data).toBe('{"a":1}');
    expect((await client(url).get('/', { responseType: 'arraybuffer' })).data).toEqual(
      Buffer.from('{"a":1}'),
    );
  });

  it('is refused when it is too long', async () => {
    const { url } = await platform((response) => response.end('x'.repeat(2000)));
    const error = await failureOf(client(url, { maxResponseBytes: 1000 }).get('/'));
    expect(error).toMatchObject({ code: 'ERR_BAD_RESPONSE', requestSent: true });
    expect(error.message).toContain('longer than 1000 bytes');
    expect((await client(url, { maxResponseBytes: 2000 }).get('/')).data).toHaveLength(2000);
  });
});

describe('a stream', () => {
  it('is read at the reader’s pace and may be longer than what is kept in memory', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const { url } = await platform(async (response) => {
      for (let sent = 0; sent < 40; sent++) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    });
    const { data } = await client(url, { maxResponseBytes: 1000 }).get<Readable>('/', {
      responseType: 'stream',
    });
    let received = 0;
    for await (const part of data) received += part.length;
    expect(received).toBe(40 * chunk.length);
  });

  it('ends with an error when it is aborted or breaks off', async () => {
    const { url } = await platform((response) => void response.write('beginning'));
    const controller = new AbortController();
    const request = { responseType: 'stream', signal: controller.signal } as const;
    const { data: aborted } = await client(url).get<Readable>('/', request);
    const ended = failureOf(readText(aborted));
    controller.abort();
    expect(await ended).toMatchObject({ code: 'ERR_CANCELED', requestSent: true });

    const breaking = await socketPlatform((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbeginning', () => socket.destroy()),
    );
    const { data: broken } = await client(breaking).get<Readable>('/', { responseType: 'stream' });
    expect(await failureOf(readText(broken))).toMatchObject({ requestSent: true });
  });

  it('closes its connection when the reader stops', async () => {
    const { url, server } = await platform((response) => void response.write('beginning'));
    const closed = new Promise((done) => server.on('connection', (socket) => socket.on('close', done)));
    const { data } = await client(url).get<Readable>('/', { responseType: 'stream' });
    data.destroy();
    await closed;
  });
});

describe('a failure', () => {
  it('says that a refused request was not sent', async () => {
    const { url, server } = await platform(ok);
    await new Promise((done) => server.close(done));
    expect(await failureOf(client(url).post('/', {}))).toMatchObject({
      code: 'ECONNREFUSED',
      requestSent: false,
    });
  });

  it('says that a request may have arrived when the connection is lost after it', async () => {
    const reset = await socketPlatform((socket) => socket.resetAndDestroy());
    expect(await failureOf(client(reset).post('/', {}))).toMatchObject({
      code: 'ECONNRESET',
      requestSent: true,
    });

    const cutOff = await socketPlatform((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok"', () => socket.destroy()),
    );
    expect(await failureOf(client(cutOff).post('/', {}))).toMatchObject({ requestSent: true });
  });

  it('says so too when the answer is no HTTP', async () => {
    const babble = await socketPlatform((socket) => socket.end('hello\r\n\r\n'));
    expect(await failureOf(client(babble).get('/'))).toMatchObject({
      code: 'ERR_BAD_RESPONSE',
      requestSent: true,
    });
  });

  it('is a timeout when no answer comes, or does not end, in time', async () => {
    const silent = await socketPlatform(() => undefined);
    expect(await failureOf(client(silent, { timeoutMs: 30 }).get('/'))).toMatchObject({
      code: 'ECONNABORTED',
      message: 'no answer within 30 ms',
      requestSent: true,
    });
    const { url } = await platform((response) => void response.write('{'));
    const error = await failureOf(client(url).post('/', {}, { timeout: 30 }));
    expect(error).toMatchObject({ code: 'ECONNABORTED', requestSent: true });
  });

  it('ends at once when it is aborted', async () => {
    const controller = new AbortController();
    const { url } = await platform(() => controller.abort());
    const error = await failureOf(client(url).post('/', {}, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'ERR_CANCELED', requestSent: true });
  });

  it('never sends what was aborted before', async () => {
    const { url, seen } = await platform(ok);
    const http = client(url);
    const aborted = { signal: AbortSignal.abort() };
    expect(await failureOf(http.post('/', {}, aborted))).toMatchObject({
      code: 'ERR_CANCELED',
      requestSent: false,
    });
    expect(await failureOf(http.post('/', new FormData(), aborted))).toMatchObject({
      code: 'ERR_CANCELED',
      requestSent: false,
    });
    await http.post('/second', {});
    expect(seen.map((request) => request.url)).toEqual(['/second']);
  });

  it('never sends what timed out or was aborted while it waited for a connection', async () => {
    const waiting: ServerResponse[] = [];
    const { url, seen, server } = await platform((response) => void waiting.push(response));
    const http = client(url, { connections: 1 });
    const asked = once(server, 'request');
    const first = http.get('/first');
    await asked;

    expect(await failureOf(http.get('/timed-out', { timeout: 20 }))).toMatchObject({ requestSent: false });
    const controller = new AbortController();
    const second = failureOf(http.get('/aborted', { signal: controller.signal }));
    controller.abort();
    expect(await second).toMatchObject({ code: 'ERR_CANCELED', requestSent: false });

    const last = http.get('/last');
    server.on('request', (request, response) => request.url === '/last' && response.end());
    waiting[0].end();
    await Promise.all([first, last]);
    expect(seen.map((request) => request.url)).toEqual(['/first', '/last']);
  });

  it.each(['ftp://example.org', 'example.org', '', 'http://'])('is ERR_INVALID_URL for "%s"', async (url) => {
    expect(await failureOf(client(url).get('/a'))).toMatchObject({
      code: 'ERR_INVALID_URL',
      requestSent: false,
    });
  });

  it('is ERR_BAD_OPTION_VALUE for a header that cannot be written', async () => {
    const http = client('http://127.0.0.1:1', { headers: { authorization: `Bearer ${token}\n` } });
    const error = await failureOf(http.post('/', {}));
    expect(error).toMatchObject({ code: 'ERR_BAD_OPTION_VALUE', requestSent: false });
  });

  it('holds no secret, however deeply it is inspected', async () => {
    const silent = await socketPlatform((socket) => socket.destroy());
    const http = client(`${silent}/bot${token}`, { headers: { authorization: `Bearer ${token}` } });
    const intercepted = client(`${silent}/bot${token}`, { headers: { authorization: `Bearer ${token}` } });
    intercepted.interceptors.request.use((config) => config);
    for (const each of [http, intercepted]) {
      const error = await failureOf(each.post('/send', { token }));
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('hunter2');
    }
  });
});

describe('a body that cannot be read to its end', () => {
  it('fails as what it says of itself: the platform has nothing to act upon', async () => {
    const url = await socketPlatform(() => undefined);
    const broken = new UnreachableError('The file is gone');
    const form = multipart([
      [
        'file',
        { size: 9, mimeType: 'a/b', filename: 'f', open: () => Promise.resolve(Readable.from(half(broken))) },
      ],
    ]);
    const error = await failureOf(client(url).post('/', form.stream, { headers: form.headers }));
    expect(toSendError(error)).toBe(broken);
  });

  async function* half(error: Error) {
    yield Buffer.from('half');
    throw error;
  }
});

describe('a request that has ended', () => {
  it('leaves neither a timer nor a listener behind', async () => {
    const { url } = await platform(ok);
    const { signal } = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const http = client(url);
    const before = timers();
    await http.post('/', {}, { signal });
    const { data } = await http.get<Readable>('/', { signal, responseType: 'stream' });
    await readText(data);
    expect(timers()).toBeLessThanOrEqual(before);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('close', () => {
  it('waits for running requests and refuses new ones', async () => {
    const { url, server } = await platform((response) => void setImmediate(() => ok(response)));
    const http = createHttpClient({ baseURL: url });
    const asked = once(server, 'request');
    const running = http.get('/');
    await asked;
    await http.close();
    expect((await running).data).toEqual({ ok: true });
    expect(await failureOf(http.get('/'))).toMatchObject({ code: 'ERR_NETWORK', requestSent: false });
  });
});
