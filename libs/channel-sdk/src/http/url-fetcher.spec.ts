import dns from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { isAllowedHost } from './allowed-hosts';
import { guardUrl } from './guarded-url';
import { AllowedHosts } from './allowed-hosts';
import { UrlFetcher } from './url-fetcher';

const servers: Server[] = [];
const going = new AbortController().signal;

afterEach(() => {
  jest.restoreAllMocks();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A server of files on loopback; answers its origin and the paths that it was asked for. */
async function files(answer: Answer = (response) => response.end('the bytes')) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    answer(response, request);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, asked };
}

const redirecting =
  (to: string): Answer =>
  (response) =>
    response.writeHead(302, { location: to }).end();

const opened = async (url: string, origins: string[] = [], allowedHosts: string[] = []) => {
  const { stream, ...about } = await new UrlFetcher({ allowedHosts }).open(url, origins, going);
  return { ...about, bytes: (await buffer(stream)).toString() };
};

/** What names resolve to. */
const named = (hosts: Record<string, string[]>) =>
  jest
    .spyOn(dns, 'lookup')
    .mockImplementation((async (host: string) =>
      hosts[host].map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))) as never);

describe('a URL that somebody named', () => {
  it('is fetched, with what its server tells of it', async () => {
    const { origin } = await files((response) =>
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': 9 }).end('the bytes'),
    );
    expect(await opened(`${origin}/a%20dot.png?v=1`, [origin])).toEqual({
      mimeType: 'image/png',
      size: 9,
      filename: 'a dot.png',
      bytes: 'the bytes',
    });
  });

  it.each([
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://[fd00:ec2::254]/',
    'ftp://example.org/file',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'http://ada:secret@example.org/',
    'no url',
  ])('is refused without a request where it is %s', async (url) => {
    const error = await opened(url).catch((reason: Error) => reason);
    expect(error).toMatchObject({ name: 'UrlError', code: 'BLOCKED' });
    expect(String(error)).not.toMatch(/secret|meta-data/);
  });

  it('is refused where one of its addresses is not public, however many are', async () => {
    named({ 'mixed.test': ['93.184.216.34', '10.0.0.7'] });
    await expect(opened('https://mixed.test/')).rejects.toMatchObject({
      code: 'BLOCKED',
      message: expect.stringContaining('10.0.0.7'),
    });
  });

  it('is connected to the addresses that were judged, whatever its name says by then', async () => {
    const { port } = await files();
    const lookup = named({ 'rebinding.test': ['127.0.0.1'] });
    expect(await opened(`http://rebinding.test:${port}/`, [], ['127.0.0.0/8'])).toMatchObject({
      bytes: 'the bytes',
    });
    expect(lookup).toHaveBeenCalledTimes(1);

    named({ 'rebinding.test': ['93.184.216.34', '2606:4700::1111'] });
    const guarded = await guardUrl('https://rebinding.test/', { allowed: new AllowedHosts(), origins: [] });
    named({ 'rebinding.test': ['169.254.169.254'] });
    const asked = (options: object) =>
      new Promise((resolve) =>
        guarded.lookup!('rebinding.test', options, (_error, address) => resolve(address)),
      );
    expect(await asked({ all: false })).toBe('93.184.216.34');
    expect(await asked({ all: true })).toMatchObject([
      { address: '93.184.216.34' },
      { address: '2606:4700::1111' },
    ]);
  });

  it('is worth another attempt where its name has no address now', async () => {
    jest.spyOn(dns, 'lookup').mockRejectedValue(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    await expect(opened('https://unknown.test/')).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  it('may be of an origin that is known, and of no other port of it', async () => {
    const { origin } = await files();
    await expect(opened(`${origin}/`, [`${origin}0`, 'http://127.0.0.1'])).rejects.toMatchObject({
      code: 'BLOCKED',
    });
    expect(await opened(`${origin}/`, [origin])).toMatchObject({ bytes: 'the bytes' });
  });

  it.each([
    ['its host', () => '127.0.0.1'],
    ['its host with the port', (port: number) => `127.0.0.1:${port}`],
    ['a subnet', () => '127.0.0.0/8'],
  ])('may be where the operator allows %s', async (_what, entry) => {
    const { origin, port } = await files();
    expect(await opened(`${origin}/`, [], [entry(port)])).toMatchObject({ bytes: 'the bytes' });
    await expect(opened('http://[::1]/', [], [entry(port)])).rejects.toMatchObject({ code: 'BLOCKED' });
  });
});

describe('a redirect', () => {
  it('is followed, relative or not, three times', async () => {
    const { origin, asked } = await files((response, { url }) => {
      const step = Number(url!.slice(1));
      if (step < 3) redirecting(step === 0 ? '1' : `${origin}/${step + 1}`)(response, {} as IncomingMessage);
      else response.end('there');
    });
    expect(await opened(`${origin}/0`, [origin])).toMatchObject({ bytes: 'there' });
    expect(asked).toEqual(['/0', '/1', '/2', '/3']);
  });

  it('is not followed a fourth time, nor to nowhere', async () => {
    const circle = await files(redirecting('/'));
    await expect(opened(circle.origin, [circle.origin])).rejects.toMatchObject({ code: 'REJECTED' });
    expect(circle.asked).toHaveLength(4);
    const lost = await files((response) => response.writeHead(302).end());
    await expect(opened(lost.origin, [lost.origin])).rejects.toMatchObject({ code: 'REJECTED' });
  });

  it.each(['http://169.254.169.254/', 'http://[::1]:80/', 'file:///etc/passwd', '//10.0.0.1/'])(
    'is judged like the first URL: %s',
    async (target) => {
      const { origin } = await files(redirecting(target));
      await expect(opened(origin, [origin])).rejects.toMatchObject({ code: 'BLOCKED' });
    },
  );
});

describe('a server', () => {
  it.each([
    [404, 'REJECTED'],
    [401, 'REJECTED'],
    [410, 'REJECTED'],
    [204, 'REJECTED'],
    [206, 'REJECTED'],
    [408, 'UNREACHABLE'],
    [429, 'UNREACHABLE'],
    [500, 'UNREACHABLE'],
    [503, 'UNREACHABLE'],
  ])('that answers %i makes it %s', async (status, code) => {
    const { origin } = await files((response) => response.writeHead(status, { 'retry-after': '7' }).end());
    const error = await opened(origin, [origin]).catch((reason: Error) => reason);
    expect(error).toMatchObject({ code, waitMs: code === 'UNREACHABLE' ? 7_000 : 0 });
  });

  it('that breaks off, or says nothing, is worth another attempt', async () => {
    const broken = await files((response) => response.destroy());
    await expect(opened(broken.origin, [broken.origin])).rejects.toMatchObject({ code: 'UNREACHABLE' });
    const silent = await files(() => undefined);
    const patient = new UrlFetcher({ timeoutMs: 50 });
    await expect(patient.open(silent.origin, [silent.origin], going)).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
  });

  it('is left at once when nobody waits any more', async () => {
    const stopping = new AbortController();
    const { origin } = await files(() => stopping.abort());
    await expect(new UrlFetcher().open(origin, [origin], stopping.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('what an operator may allow', () => {
  it.each([
    'media.internal',
    'media_store:9000',
    '127.0.0.1',
    '127.0.0.1:80',
    '[::1]:9000',
    '::1',
    '10.0.0.0/8',
    'fd00::/8',
  ])('can be "%s"', (entry) => expect(isAllowedHost(entry)).toBe(true));
  it.each(['', 'http://media', 'media/path', 'ada@media', 'a b', '*.internal', 'media:port'])(
    'cannot be "%s"',
    (entry) => expect(isAllowedHost(entry)).toBe(false),
  );

  it('names a host with the port that its scheme implies', async () => {
    const at = (entry: string, url: string) => new AllowedHosts([entry]).names(new URL(url));
    expect(at('media:80', 'http://media/')).toBe(true);
    expect(at('media:443', 'https://media/')).toBe(true);
    expect(at('media:443', 'http://media/')).toBe(false);
    expect(at('MEDIA', 'https://media:8443/')).toBe(true);
    expect(at('[::1]', 'http://[0:0:0:0:0:0:0:1]:9/')).toBe(true);
  });
});
