import { control } from '../spec-kit';
import type { CloudPerson } from './person';
import { type CloudSimulator, startCloudSimulator } from './simulator';
import { graphOf, sender } from './spec-kit';

describe('Faults of the fake Cloud API', () => {
  let simulator: CloudSimulator;
  let ada: CloudPerson;
  let bob: CloudPerson;

  beforeEach(async () => {
    simulator = await startCloudSimulator();
    await simulator.number();
    [ada, bob] = ['Ada', 'Bob'].map((name) => simulator.person({ name }));
    ada.says('hello');
    bob.says('hello');
  });
  afterEach(() => simulator.close());

  const send = (to = ada, ms = 5000) =>
    sender(simulator)({ to: to.phone, text: { body: 'x' } }, { signal: AbortSignal.timeout(ms) });
  const outcome = (to?: CloudPerson, ms?: number) =>
    send(to, ms).then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
  const kept = () => ada.chat.entries.length - 1;

  it('a rate limit, which tells no time to wait', async () => {
    simulator.faults.add({ fault: { kind: 'rate-limit', retryAfter: 5 }, times: 1 });
    const refused = await send();
    expect(refused).toMatchObject({
      status: 429,
      error: [130429, expect.stringContaining('too many messages')],
    });
    expect(refused.headers.get('retry-after')).toBeNull();
    expect([await outcome(), kept()]).toEqual([200, 1]);
  });

  it.each([
    [500, undefined, 131000],
    [503, undefined, 131016],
    [401, undefined, 190],
    [500, 131056, 131056],
    [403, 130429, 130429],
    [400, 131047, 131047],
  ])('status %d with code %p, with nothing done, or with the message kept', async (status, code, told) => {
    const fault = { kind: 'error' as const, status, ...(code !== undefined && { code }) };
    simulator.faults.add({ fault, nth: 1 });
    simulator.faults.add({ fault: { ...fault, accept: true }, nth: 2 });
    expect(await send()).toMatchObject({ status, error: [told, expect.any(String)] });
    expect(kept()).toBe(0);
    expect([await outcome(), kept()]).toEqual([status, 1]);
  });

  it.each([
    ['timeout-before', 'TimeoutError', 0],
    ['timeout-after', 'TimeoutError', 1],
    ['reset-before', 'TypeError', 0],
    ['reset-after', 'TypeError', 1],
  ] as const)('%s', async (kind, error, messages) => {
    simulator.faults.add({ fault: { kind }, times: 1 });
    expect([await outcome(ada, 100), kept()]).toEqual([error, messages]);
    expect(simulator.calls('send')).toMatchObject([{ fault: kind, status: messages ? 200 : null }]);
    expect(await outcome()).toBe(200);
  });

  it('a page instead of an answer, and an answer that is late', async () => {
    simulator.faults.add({ fault: { kind: 'garbage' }, nth: 1 });
    expect([await outcome(), kept()]).toEqual(['SyntaxError', 0]);
    simulator.faults.add({ fault: { kind: 'slow', ms: 80 } });
    const at = Date.now();
    const sent = send();
    await simulator.waitForReply(ada);
    expect((await sent).status).toBe(200);
    expect(Date.now() - at).toBeGreaterThanOrEqual(75);
  });

  it('hit only the method and the chat that they are for, by either of its names', async () => {
    simulator.faults.add({ fault: { kind: 'error', status: 500 }, method: 'SEND', chat: bob.phone, nth: 1 });
    simulator.faults.add({ fault: { kind: 'error', status: 503 }, chat: bob.userId, nth: 2 });
    simulator.faults.add({ fault: { kind: 'error', status: 401 }, method: 'number' });
    expect([await outcome(ada), await outcome(bob), await outcome(bob), await outcome(bob)]).toEqual([
      200, 500, 503, 200,
    ]);
    expect((await graphOf(simulator)(`GET /${simulator.numbers[0].id}`)).status).toBe(401);
  });

  it('a window that is closed', async () => {
    simulator.faults.add({ fault: { kind: 'window-closed' }, times: 1 });
    expect([await outcome(), await outcome()]).toEqual([200, 200]);
    expect(ada.chat.entries.slice(1).map(({ failure }) => failure)).toEqual([131047, null]);
  });

  describe('of media', () => {
    const bytes = Buffer.from('what is in it');
    const address = async () => {
      const { content } = ada.sendsDocument({ file: { bytes } });
      const { id } = content.document as { id: string };
      return (await graphOf(simulator)(`GET /${id}`)).body;
    };
    const download = async (url: string) => {
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${simulator.numbers[0].accessToken}` },
      });
      return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
    };

    it('an address that has expired, once', async () => {
      const { url } = await address();
      simulator.faults.add({ fault: { kind: 'media-expired' }, times: 1 });
      expect((await download(url)).status).toBe(404);
      expect((await download(url)).bytes).toEqual(bytes);
    });

    it('no bytes, wrong bytes, too many bytes', async () => {
      const { url } = await address();
      simulator.faults.add({ fault: { kind: 'media-empty' }, nth: 1 });
      simulator.faults.add({ fault: { kind: 'media-corrupt' }, nth: 2 });
      simulator.faults.add({ fault: { kind: 'media-over-limit', bytes: 1000 }, nth: 3 });
      expect(await download(url)).toEqual({ status: 200, bytes: Buffer.alloc(0) });
      const corrupt = await download(url);
      expect([corrupt.bytes.length, corrupt.bytes.equals(bytes)]).toEqual([bytes.length, false]);
      expect((await download(url)).bytes).toHaveLength(1000);
      expect(simulator.calls('download').map(({ fault }) => fault)).toEqual([
        'media-empty',
        'media-corrupt',
        'media-over-limit',
      ]);
    });

    it('a size over every limit, told before the download', async () => {
      simulator.faults.add({ method: 'media', fault: { kind: 'media-over-limit' } });
      expect((await address()).file_size).toBe(101 * 1024 * 1024);
    });

    it('a download that breaks like any call', async () => {
      const { url } = await address();
      simulator.faults.add({ method: 'download', fault: { kind: 'reset-before' }, times: 1 });
      await expect(download(url)).rejects.toThrow('fetch failed');
      expect((await download(url)).bytes).toEqual(bytes);
    });
  });

  it('can be set and taken back from outside', async () => {
    const { id } = await control(simulator.url, 'POST /control/faults', {
      fault: { kind: 'error', status: 500 },
    });
    expect(await outcome()).toBe(500);
    expect(await control(simulator.url, 'GET /control/faults')).toMatchObject([{ id, used: 1 }]);
    await control(simulator.url, `DELETE /control/faults/${id}`);
    expect(await outcome()).toBe(200);
  });

  it('a platform that is down comes back on the same port', async () => {
    await simulator.offline();
    expect(await outcome()).toBe('TypeError');
    await simulator.online();
    expect(await outcome()).toBe(200);
  });
});
