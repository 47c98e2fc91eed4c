import { watchTraffic, type Exchanged } from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform, type FakePlatformScript } from '@omni-hub/channel-testing';
import { DiscordClient } from './discord.client';

const { signal } = new AbortController();
let platform: FakePlatform;
afterEach(() => platform.close());

/** One call that is watched: what was seen of it, and how it ended. */
async function watched(answer: NonNullable<FakePlatformScript['otherwise']>) {
  platform = await startFakePlatform({ otherwise: answer });
  const client = new DiscordClient({ token: 'made-up', apiUrl: platform.url });
  const seen: Exchanged[] = [];
  const ended = await watchTraffic(
    (one) => void seen.push(one),
    () =>
      client.call({ method: 'POST', path: '/channels/1/messages', body: { content: 'hi' } }, signal).then(
        (returned) => ({ returned }),
        (error: { code: string }) => ({ code: error.code }),
      ),
  );
  return { seen, ended };
}

describe('a call that is watched', () => {
  it('is told whole and answers as ever', async () => {
    const { seen, ended } = await watched({ status: 200, body: { id: '7' } });
    expect(ended).toEqual({ returned: { id: '7' } });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: `${platform.url}/v10/channels/1/messages`,
        requestBody: '{"content":"hi"}',
        answer: { status: 200, body: { id: '7' } },
      },
    ]);
  });

  it('fails as ever, and its refusal is told', async () => {
    const body = { code: 50_035, message: 'Invalid Form Body' };
    const { seen, ended } = await watched({ status: 400, body });
    expect(ended).toEqual({ code: 'REJECTED' });
    expect(seen).toMatchObject([{ answer: { status: 400, body } }]);
  });

  it('that is answered with nothing gives nothing', async () => {
    const { seen, ended } = await watched({ status: 204 });
    expect(ended).toEqual({ returned: undefined });
    expect(seen).toMatchObject([{ answer: { status: 204, body: '' } }]);
  });
});
