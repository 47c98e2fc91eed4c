import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import { text } from 'node:stream/consumers';
import { FileClient } from './file.client';

const { signal } = new AbortController();
let platform: FakePlatform;
afterEach(() => platform.close());

async function clientFor(answer: Parameters<typeof startFakePlatform>[0] & object): Promise<FileClient> {
  platform = await startFakePlatform(answer);
  return new FileClient(platform.url);
}

describe('a file', () => {
  it('is streamed, with its type and size, and asked for without a token', async () => {
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': '5' };
    const client = await clientFor({ otherwise: { status: 200, headers, base64: 'aGVsbG8=' } });
    const { stream, size, mimeType } = await client.open(
      `${platform.url}/attachments/1/2/a.txt?ex=1`,
      signal,
    );
    expect([await text(stream), size, mimeType]).toEqual(['hello', 5, 'text/plain']);
    expect(platform.requests[0].headers.authorization).toBeUndefined();
  });

  it('of Discord is asked for where everything else is asked for', async () => {
    const client = await clientFor({ otherwise: { status: 200, body: 'x' } });
    (await client.open('https://cdn.discordapp.com/stickers/1.png', signal)).stream.destroy();
    expect(platform.requests[0].path).toBe('/stickers/1.png');
  });

  it.each([403, 404])('that is there no more (%i) is REJECTED', async (status) => {
    const client = await clientFor({ otherwise: { status } });
    await expect(client.open(`${platform.url}/a`, signal)).rejects.toMatchObject({
      code: 'REJECTED',
      platformCode: '404',
    });
  });

  it.each([
    'https://evil.example/a',
    'http://cdn.discordapp.com/a',
    'https://cdn.discordapp.com:8443/a',
    'https://cdn.discordapp.com.evil.example/a',
    'file:///etc/passwd',
    'http://127.0.0.1:1/a',
    'nonsense',
  ])('at %s is not asked for', async (address) => {
    const client = await clientFor({ otherwise: { status: 200 } });
    await expect(client.open(address, signal)).rejects.toMatchObject({ code: 'REJECTED' });
    expect(platform.attempts).toBe(0);
  });
});
