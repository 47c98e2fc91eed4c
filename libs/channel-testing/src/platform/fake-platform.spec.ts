import type { PlatformFault, ScriptedCall } from '../fixtures/fixtures';
import { startFakePlatform, type FakePlatform, type FakePlatformScript } from './fake-platform';

describe('the fake platform', () => {
  let platform: FakePlatform;
  afterEach(() => platform.close());

  const start = async (script?: FakePlatformScript) => (platform = await startFakePlatform(script));
  const post = (path: string, body: unknown) =>
    fetch(platform.url + path, { method: 'POST', body: JSON.stringify(body) });
  const call = (
    path: string,
    body: unknown,
    answer: ScriptedCall['answer'] = { status: 200 },
  ): ScriptedCall => ({
    expect: { path, body },
    answer,
  });

  it('answers the script in order', async () => {
    await start({
      calls: [call('/a', 1, { status: 201, body: { id: 7 } }), call('/b', 2, { status: 429, body: 'wait' })],
    });
    const first = await post('/a', 1);
    expect([first.status, await first.json()]).toEqual([201, { id: 7 }]);
    const second = await post('/b', 2);
    expect([second.status, await second.text()]).toEqual([429, 'wait']);
    expect(platform.problems()).toEqual([]);
    expect(platform.attempts).toBe(2);
  });

  it('tells of calls that differ, that nobody expected, and that never came', async () => {
    await start({ calls: [call('/a', { text: 'hi' }), call('/b', 2), call('/c', 3)] });
    await post('/a', { text: 'ho' });
    await post('/x', 2);
    expect(platform.problems()).toEqual([
      "POST /a: body.text: expected 'hi', got 'ho'",
      'expected POST /b, got POST /x',
      'never called: POST /c',
    ]);
  });

  it('answers 501 to what is beyond the script', async () => {
    await start();
    expect((await post('/a', 1)).status).toBe(501);
    expect(platform.problems()).toEqual(['unexpected call: POST /a']);
  });

  it('answers everything alike where it is told to', async () => {
    await start({ otherwise: { status: 200, body: { ok: true } } });
    await post('/a', 1);
    expect(await (await post('/b', 1)).json()).toEqual({ ok: true });
    expect(platform.problems()).toEqual([]);
    expect(platform.requests.map(({ path }) => path)).toEqual(['/a', '/b']);
  });

  it('compares query and headers', async () => {
    const expectation = { method: 'GET', path: '/a', query: { x: '1' }, headers: { 'x-key': 'k' } };
    await start({ calls: [{ expect: expectation, answer: { status: 200 } }] });
    await fetch(`${platform.url}/a?x=2`, { headers: { 'x-key': 'j' } });
    expect(platform.problems()).toEqual([
      "GET /a: query.x: expected '1', got '2'",
      "GET /a: headers.x-key: expected 'k', got 'j'",
    ]);
  });

  it('compares every field of a multipart body', async () => {
    const data = Buffer.from('bytes').toString('base64');
    const multipart = {
      chat: '1',
      media: [{ type: 'photo' }],
      photo: { filename: 'a.png', data },
      caption: 'x',
    };
    await start({ calls: [{ expect: { path: '/upload', multipart }, answer: { status: 200 } }] });
    const form = new FormData();
    form.set('chat', '1');
    form.set('media', '[{"type":"photo"}]');
    form.set('photo', new File(['bytes'], 'a.png', { type: 'image/png' }));
    form.set('extra', 'y');
    await fetch(`${platform.url}/upload`, { method: 'POST', body: form });
    expect(platform.problems()).toEqual([
      'POST /upload: multipart.extra: not expected',
      "POST /upload: multipart.caption: expected 'x', got nothing",
    ]);
  });

  it.each([
    ['reset-before', 0],
    ['reset-after', 1],
  ] as const)('breaks the connection at %s', async (fault, read) => {
    await start({ calls: [call('/a', 1, { fault })] });
    await expect(post('/a', 1)).rejects.toThrow('fetch failed');
    expect(platform.attempts).toBe(1);
    expect(platform.requests).toHaveLength(read);
  });

  it.each<PlatformFault['fault']>(['garbage', 'truncated'])(
    'gives an unreadable answer at %s',
    async (fault) => {
      await start({ otherwise: { fault } });
      const response = await post('/a', 1);
      expect(response.status).toBe(200);
      await expect(response.json()).rejects.toThrow();
    },
  );

  it('reads a request, tells that it has, and never answers it', async () => {
    await start({ calls: [call('/a', 1, { fault: 'timeout' })] });
    const controller = new AbortController();
    const response = fetch(`${platform.url}/a`, { method: 'POST', body: '1', signal: controller.signal });
    await platform.received(1);
    controller.abort();
    await expect(response).rejects.toThrow('aborted');
    expect(platform.problems()).toEqual([]);
  });
});
