import {
  RejectedError,
  Secret,
  type Channel,
  type ChannelHandler,
  type ListenSession,
  type Received,
} from '@omni-hub/channel-sdk';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpClient, type HttpClient } from '@omni-hub/channel-sdk';
import type { Log } from '../flow/log';
import { recordingChannels } from './recorder';

class AcmeConfig {
  @Secret()
  token = 'acme-token-1';
  apiUrl = '';
}

const tools = { account: null, log: { info: () => undefined, warn: () => undefined } };
const signal = new AbortController().signal;

/** A test's own: what the test before left unfinished ends in that one's. */
let warnings: string[];
let folder: string;
let server: Server;
let config: AcmeConfig;
let http: HttpClient;

beforeAll(async () => {
  server = createServer((request, response) =>
    request.resume().on('end', () => response.end('{"ok":true,"id":17}')),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  config = Object.assign(new AcmeConfig(), {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  http = createHttpClient({ baseURL: config.apiUrl });
});
afterAll(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A handler of a small channel, recorded. */
function recorded(changes: Partial<ChannelHandler> = {}): ChannelHandler {
  const handler = {
    capabilities: {},
    receive: () => received,
    send: async () => {
      const { data } = await http.post(`/bot${config.token}/send`, { text: 'hello there' });
      return { platformIds: [`acme:7:${data.id}`] };
    },
    ...changes,
  } as unknown as ChannelHandler;
  const channel = {
    id: 'acme',
    configClass: AcmeConfig,
    create: () => handler,
  } as unknown as Channel<object>;
  const told = warnings;
  const log = { warn: (_fields: object, message: string) => void told.push(message) } as Log;
  return recordingChannels([channel], folder, log)[0].create(config, tools);
}

const received: Received = { events: [] };
const message = {
  chat: 'acme:7',
  deliveryId: 'd',
  part: { type: 'text', body: { text: 'hello there', spans: [] } },
};
const request = (body: object) => ({
  method: 'POST' as const,
  path: '',
  headers: { 'x-signature': 'abc' },
  query: {},
  body: Buffer.from(JSON.stringify(body)),
});

/** The recorded files, once there are so many. */
async function files(count: number): Promise<Record<string, Record<string, never>>> {
  const list = () =>
    existsSync(join(folder, 'acme'))
      ? readdirSync(join(folder, 'acme'), { recursive: true, encoding: 'utf8' }).filter((file) =>
          file.endsWith('.json'),
        )
      : [];
  while (list().length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  return Object.fromEntries(
    list().map((file) => [
      file.replaceAll('\\', '/'),
      JSON.parse(readFileSync(join(folder, 'acme', file), 'utf8')),
    ]),
  );
}

describe('a recorded channel', () => {
  it('says at once that it records', () => {
    recorded();
    expect(warnings).toEqual([expect.stringContaining('OMNI_RECORD_FIXTURES is set')]);
  });

  it('writes what comes by webhook, unsigned', async () => {
    expect(recorded().receive!(request({ type: 'message', text: 'hello there' }))).toBe(received);
    const [[file, fixture]] = Object.entries(await files(1));
    expect(file).toBe('inbound/0001-nothing.json');
    expect(fixture).toMatchObject({ request: { type: 'message' }, expect: { events: [] } });
    expect(JSON.stringify(fixture)).not.toMatch(/hello|signature|abc/);
  });

  it('writes what a listener gets, once it is committed', async () => {
    const raw = Buffer.from('{"type":"message"}');
    const handler = recorded({ listen: (session: ListenSession) => session.accept(received, raw, null) });
    const committed: Buffer[] = [];
    const session = {
      cursor: null,
      state: () => undefined,
      accept: async (_: Received, kept: Buffer) => void committed.push(kept),
    };
    await handler.listen!(session, signal);
    expect(committed).toEqual([raw]);
    expect(Object.values(await files(1))).toMatchObject([{ via: 'listen', request: { type: 'message' } }]);
  });

  it('writes what is sent, the requests that this made, and what came of it', async () => {
    const receipt = await recorded().send(message as never, signal);
    expect(receipt).toEqual({ platformIds: ['acme:7:17'] });
    const { 'outbound/0001-send.json': fixture } = await files(1);
    const { text } = (fixture as never as { input: typeof message }).input.part.body;
    expect(fixture).toMatchObject({
      ability: 'send',
      calls: [
        {
          expect: { method: 'POST', path: '/bot{{token}}/send', body: { text } },
          answer: { status: 200, body: { ok: true, id: 17 } },
        },
      ],
      receipt: { platformIds: ['acme:7:17'] },
    });
    expect(text).not.toContain('hello');
  });

  it('writes a failure by its code, and throws it on', async () => {
    const error = new RejectedError('Ada is gone', { platformCode: '403' });
    const handler = recorded({ send: () => Promise.reject(error) });
    await expect(handler.send(message as never, signal)).rejects.toBe(error);
    const [fixture] = Object.values(await files(1));
    expect(fixture.error).toEqual({ code: 'REJECTED', retryable: false, platformCode: '403' });
    expect(JSON.stringify(fixture)).not.toContain('Ada');
  });

  it('writes of what is alike only the first few', async () => {
    const handler = recorded();
    for (let count = 0; count < 20; count++)
      handler.receive!(request({ type: 'message', text: `number ${count}` }));
    await handler.send(message as never, signal);
    await files(6);
    expect(readdirSync(join(folder, 'acme/inbound'))).toHaveLength(5);
  });

  it('goes beside what another process has written', async () => {
    recorded().receive!(request({ first: 1 }));
    await files(1);
    recorded().receive!(request({ second: 2 }));
    expect(Object.keys(await files(2)).sort()).toEqual([
      'inbound/0001-nothing.json',
      'inbound/0002-nothing.json',
    ]);
  });

  it('works on where nothing can be written, and says so once', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file');
    const handler = recorded();
    expect(handler.receive!(request({}))).toBe(received);
    expect(await handler.send(message as never, signal)).toEqual({ platformIds: ['acme:7:17'] });
    expect(warnings.filter((warning) => warning.includes('given up'))).toHaveLength(1);
  });
});
