import { SendError } from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { EvolutionClient } from './evolution.client';

const apiKey = 'EVOLUTION-KEY-0001';
const webhookSecret = 'evolution-webhook-secret-0001';
const { signal } = new AbortController();
const call = { method: 'GET' as const, path: 'instance/connectionState' };

let platform: FakePlatform;
afterEach(() => platform.close());

async function clientFor(otherwise: Parameters<typeof startFakePlatform>[0] & object, base = '') {
  platform = await startFakePlatform(otherwise);
  const apiUrl = platform.url + base;
  return new EvolutionClient({ apiUrl, mediaUrl: apiUrl, apiKey, webhookSecret, instanceName: 'loja 1' }, [
    'a-path',
  ]);
}

async function failureOf(work: Promise<unknown>): Promise<SendError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SendError);
  return error as SendError;
}

describe('the client', () => {
  it("works behind a path of one's own, and shows its key to the server alone", async () => {
    const client = await clientFor({ otherwise: { status: 200, body: { instance: {} } } }, '/evo/');
    await expect(client.call(call, signal)).resolves.toEqual({ instance: {} });
    expect(platform.requests[0].path).toBe('/evo/instance/connectionState/loja 1');
    expect(platform.requests[0].headers.apikey).toBe(apiKey);
    await client.encryptedFile('/v/1.enc?a=b', signal);
    expect(platform.requests[1].headers.apikey).toBeUndefined();
  });

  it.each([200, 400, 401, 404, 429, 500, 502, 503])(
    'tells no secret when a %i quotes them',
    async (status) => {
      const quoted = `${apiKey} and ${webhookSecret} at /a-path`;
      const client = await clientFor({ otherwise: { status, body: { error: true, message: quoted } } });
      const told = inspect(await failureOf(client.call(call, signal)), { depth: 9, showHidden: true });
      for (const secret of [apiKey, webhookSecret, 'a-path']) expect(told).not.toContain(secret);
    },
  );

  it('tells no secret when a stream is refused, and reads only the beginning of the refusal', async () => {
    const client = await clientFor({
      otherwise: { status: 400, body: `${apiKey} ${'x'.repeat(1_000_000)}` },
    });
    const error = await failureOf(client.file('3A55', signal));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(apiKey);
    expect(error.code).toBe('REJECTED');
  });

  it('takes an error with status 200 for one', async () => {
    const client = await clientFor({
      otherwise: { status: 200, body: { error: true, message: 'Error: Connection Closed' } },
    });
    expect((await failureOf(client.call(call, signal))).code).toBe('UNREACHABLE');
  });

  it('cannot tell what a list or a text in the place of an object means', async () => {
    const client = await clientFor({ otherwise: { status: 201, body: [] } });
    expect((await failureOf(client.ask(call, signal))).code).toBe('AMBIGUOUS');
  });

  it.each(['https://evil.example/x', '//evil.example/x', '/\\evil.example/x', 'v/1.enc', ''])(
    'never asks another server for a file: %s',
    async (directPath) => {
      const client = await clientFor({ otherwise: { status: 200, body: 'x' } });
      expect((await failureOf(client.encryptedFile(directPath, signal))).code).toBe('REJECTED');
      expect(platform.attempts).toBe(0);
    },
  );

  it('opens a file as a stream', async () => {
    const client = await clientFor({ otherwise: { status: 201, body: { base64: 'aGVsbG8=' } } });
    await expect(text(await client.file('3A55', signal))).resolves.toBe('hello');
  });
});
