import { AmbiguousError, SendError, UnreachableError } from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { TelegramClient } from './telegram.client';

const token = '7777000:AAE-made_up-Token';
const webhookSecret = 'a-secret';
const { signal } = new AbortController();
const getMe = { method: 'getMe' as const, params: {} };

let platform: FakePlatform;
afterEach(() => platform.close());

async function clientFor(otherwise: Parameters<typeof startFakePlatform>[0] & object, base = '') {
  platform = await startFakePlatform(otherwise);
  return new TelegramClient({ token, webhookSecret, apiUrl: platform.url + base });
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
  it("works behind a path of one's own", async () => {
    const client = await clientFor(
      { otherwise: { status: 200, body: { ok: true, result: { id: 1 } } } },
      '/tg/',
    );
    await expect(client.call(getMe, signal)).resolves.toEqual({ id: 1 });
    expect(platform.requests[0].path).toBe(`/tg/bot${token}/getMe`);
  });

  it('sends JSON without uploads, and leaves out what is not set', async () => {
    const client = await clientFor({ otherwise: { status: 200, body: { ok: true, result: true } } });
    const params = { chat_id: 1, text: 'hi', entities: undefined };
    await client.call({ method: 'sendMessage', params }, signal);
    expect(JSON.parse(platform.requests[0].body.toString())).toEqual({ chat_id: 1, text: 'hi' });
  });

  it.each([401, 400, 404, 429, 500, 502])('tells no secret when a %i quotes them', async (status) => {
    const description = `Bad things at /bot${token}/getMe with ${webhookSecret}`;
    const client = await clientFor({
      otherwise: { status, body: { ok: false, error_code: status, description } },
    });
    const told = inspect(await failureOf(client.call(getMe, signal)), { depth: 9, showHidden: true });
    expect(told).not.toContain(token);
    expect(told).not.toContain(webhookSecret);
  });

  it('tells no secret when the way is cut', async () => {
    const client = await clientFor({ otherwise: { fault: 'reset-after' } });
    const error = await failureOf(client.call(getMe, signal));
    expect(error).toBeInstanceOf(AmbiguousError);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const client = await clientFor({});
    await platform.close();
    expect(await failureOf(client.call(getMe, signal))).toBeInstanceOf(UnreachableError);
  });

  it('streams a file and tells its size', async () => {
    const answer = {
      status: 200,
      headers: { 'content-length': '5', 'content-type': 'text/plain' },
      base64: 'aGVsbG8=',
    };
    const client = await clientFor({ otherwise: answer });
    const { stream, size, mimeType } = await client.download('documents/a b#c.txt', signal);
    expect([await text(stream), size, mimeType]).toEqual(['hello', 5, 'text/plain']);
    expect(platform.requests[0].path).toBe(`/file/bot${token}/documents/a b#c.txt`);
  });

  it('does not ask for the file that a --local server names by its path on disk, but for the one that is served', async () => {
    const client = await clientFor({ otherwise: { status: 404, body: '' } });
    const error = await failureOf(
      client.download(`/var/lib/telegram-bot-api/${token}/photos/file_0.jpg`, signal),
    );
    expect(platform.requests[0].path).toBe(`/file/bot${token}/photos/file_0.jpg`);
    expect(error.message).toMatch(/--local/);
    expect(error.message).not.toContain(token);
  });
});
