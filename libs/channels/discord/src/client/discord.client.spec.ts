import type { REST } from '@discordjs/rest';
import { SendError, type RateLimitedError } from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { inspect } from 'node:util';
import type { Call } from '../models/api.models';
import { DiscordClient, madeChannel, madeMessage } from './discord.client';

const token = 'MTQ1NzQ2OTQ4MzcyNjY2ODA0OA.GmadeUp.of-the_client';
const { signal } = new AbortController();
const me: Call = { method: 'GET', path: '/users/@me' };
const message = (channel = '1457510428359004343'): Call => ({
  method: 'POST',
  path: `/channels/${channel}/messages`,
  body: { content: 'hi' },
});

let platform: FakePlatform | null = null;
afterEach(async () => {
  await platform?.close();
  platform = null;
});

async function clientFor(script: Parameters<typeof startFakePlatform>[0], base = ''): Promise<DiscordClient> {
  platform = await startFakePlatform(script);
  return new DiscordClient({ token, apiUrl: platform.url + base });
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
  it('names itself and proves itself as Discord asks', async () => {
    const client = await clientFor({ otherwise: { status: 200, body: { id: '1' } } }, '/proxy/');
    await expect(client.call(me, signal)).resolves.toEqual({ id: '1' });
    const [{ path, headers }] = platform!.requests;
    expect(path).toBe('/proxy/v10/users/@me');
    expect(headers.authorization).toBe(`Bot ${token}`);
    expect(headers['user-agent']).toMatch(/^DiscordBot \(https?:\/\/\S+, \S+\)/);
  });

  it('sends no token where an interaction proves the call', async () => {
    const client = await clientFor({ otherwise: { status: 204 } });
    await client.call(
      { method: 'POST', path: '/interactions/1/t/callback', body: {}, authorized: false },
      signal,
    );
    expect(platform!.requests[0].headers.authorization).toBeUndefined();
  });

  it('gives nothing where Discord answers with nothing', async () => {
    const client = await clientFor({ otherwise: { status: 204 } });
    await expect(client.call(me, signal)).resolves.toBeUndefined();
  });

  it('does not go on with a token that was refused', async () => {
    const client = await clientFor({
      otherwise: { status: 401, body: { message: '401: Unauthorized', code: 0 } },
    });
    for (const call of [me, message(), me])
      expect((await failureOf(client.call(call, signal))).code).toBe('UNAUTHORIZED');
    expect(platform!.attempts).toBe(1);
  });

  it('does not make a request that a limit would refuse, and says for how long', async () => {
    const headers = {
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': '0.4',
      'x-ratelimit-bucket': 'b',
    };
    const client = await clientFor({
      otherwise: { status: 200, headers, body: { id: '1', channel_id: '2' } },
    });
    // The first answer names the bucket, the second says how full it is.
    await client.call(message(), signal);
    await client.call(message(), signal);
    const error = (await failureOf(client.call(message(), signal))) as RateLimitedError;
    expect([error.code, error.scope]).toEqual(['RATE_LIMITED', 'chat']);
    expect(error.message).toContain('POST /channels/:id/messages');
    expect(error.retryAfterMs).toBeLessThanOrEqual(400);
    await client.call(message('1457510428359004344'), signal);
    expect(platform!.attempts).toBe(3);
  });

  it('holds everything where all of the bot is too fast', async () => {
    const client = await clientFor({
      otherwise: {
        status: 429,
        headers: { 'retry-after': '0.4', 'x-ratelimit-global': 'true' },
        body: { message: 'slow', retry_after: 0.4, global: true },
      },
    });
    for (const call of [message(), me]) {
      expect(await failureOf(client.call(call, signal))).toMatchObject({
        code: 'RATE_LIMITED',
        scope: 'instance',
      });
    }
    expect(platform!.attempts).toBe(1);
  });

  it('forgets buckets that are not in use', async () => {
    const client = await clientFor({ otherwise: { status: 200, body: {} } });
    const { rest } = client as unknown as {
      rest: Pick<REST, 'handlers'> & { createHandler(hash: string, major: string): unknown };
    };
    for (let bucket = 0; bucket <= 1_000; bucket++) rest.createHandler(`bucket-${bucket}`, '1');
    await client.call(message(), signal);
    expect(rest.handlers.size).toBe(1);
  });

  it('is UNREACHABLE where nobody listens, and where it was given up before it began', async () => {
    const client = await clientFor({});
    expect((await failureOf(client.call(me, AbortSignal.abort()))).code).toBe('UNREACHABLE');
    await platform!.close();
    expect((await failureOf(client.call(me, signal))).code).toBe('UNREACHABLE');
  });

  it('is UNREACHABLE where it was given up while it waited for its turn', async () => {
    const client = await clientFor({ otherwise: { fault: 'timeout' } });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = failureOf(client.call(message(), first.signal));
    await platform!.received(1);
    const waiting = failureOf(client.call(message(), second.signal));
    second.abort();
    expect((await waiting).message).toMatch(/no time left/);
    expect((await waiting).code).toBe('UNREACHABLE');
    first.abort();
    expect((await running).code).toBe('AMBIGUOUS');
    expect(platform!.attempts).toBe(1);
  });

  it('understands a refusal whose body is not what its header says', async () => {
    const client = await clientFor({
      otherwise: { status: 403, headers: { 'content-type': 'application/json' }, body: '<html>' },
    });
    expect((await failureOf(client.call(me, signal))).code).toBe('REJECTED');
  });

  it('lets go of the connections of refused requests', async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(500, { 'content-type': 'text/html' }).end('x'.repeat(100_000));
    });
    let connections = 0;
    server.on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = new DiscordClient({
      token,
      apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    for (let attempt = 0; attempt < 20; attempt++) await failureOf(client.call(me, signal));
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    expect(connections).toBeLessThan(5);
  });

  it.each([400, 401, 403, 404, 429, 500])('tells neither token when a %i quotes them', async (status) => {
    const told = `at /webhooks/1/interaction-secret with ${token}`;
    const client = await clientFor({ otherwise: { status, body: { message: told, code: 50035 } } });
    const error = await failureOf(
      client.call({ ...message(), path: '/webhooks/1/interaction-secret/messages/@original' }, signal),
    );
    const inspected = inspect(error, { depth: 9, showHidden: true });
    expect(inspected).not.toContain(token);
    expect(error.stack).not.toContain('queueRequest');
  });
});

describe('an answer', () => {
  it('names the message or the channel that was made', () => {
    expect(madeMessage({ id: '1', channel_id: '2', content: '' })).toEqual({ id: '1', channel: '2' });
    expect(madeChannel({ id: '3' })).toBe('3');
  });

  it.each([null, undefined, {}, [], 'text', { id: 1, channel_id: 2 }, { id: '1' }])(
    '%p names none',
    (answer) => {
      expect(() => madeMessage(answer)).toThrow(/names no message/);
    },
  );
});
