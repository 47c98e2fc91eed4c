import { control } from '../spec-kit';
import { spokenIn } from './ogg';
import { startSynthesizerSimulator, type SynthesizerSimulator } from './synthesizer-simulator';

describe('The fake synthesizer', () => {
  let synthesizer: SynthesizerSimulator;

  beforeEach(async () => {
    synthesizer = await startSynthesizerSimulator({ apiKey: 'sk-right' });
  });
  afterEach(() => synthesizer.close());

  const right = { model: 'tts-1', input: 'Good morning.', voice: 'alloy', response_format: 'opus' };

  interface Asked {
    key?: string;
    path?: string;
    body?: unknown;
  }

  async function ask({ key = 'sk-right', path = '/v1/audio/speech', body = right }: Asked = {}) {
    const response = await fetch(synthesizer.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return {
      status: response.status,
      headers: response.headers,
      bytes: Buffer.from(await response.arrayBuffer()),
    };
  }

  it('says what it is told to, and remembers it', async () => {
    const { status, headers, bytes } = await ask();
    expect([status, headers.get('content-type'), spokenIn(bytes)]).toEqual([
      200,
      'audio/opus',
      'Good morning.',
    ]);
    expect(synthesizer.calls()).toMatchObject([{ model: 'tts-1', input: 'Good morning.', voice: 'alloy' }]);
  });

  it.each<[string, Asked, number, string]>([
    ['another key', { key: 'sk-wrong' }, 401, 'Incorrect API key'],
    ['another address', { path: '/v1/audio/transcriptions' }, 404, 'Invalid URL'],
    ['what is no JSON', { body: 'say it' }, 400, 'could not parse'],
    ['no model', { body: { ...right, model: undefined } }, 400, 'model'],
    ['nothing to say', { body: { ...right, input: '' } }, 400, "'input' is a required"],
    ['too much to say', { body: { ...right, input: 'x'.repeat(4_097) } }, 400, 'at most 4096'],
    ['a voice that it has not got', { body: { ...right, voice: 'ada' } }, 400, "'alloy', 'echo'"],
    ['another format', { body: { ...right, response_format: 'mp3' } }, 400, 'mp3'],
    ['what it does not know', { body: { ...right, pitch: 2 } }, 400, 'pitch'],
  ])('refuses %s', async (_what, asked, status, message) => {
    const answer = await ask(asked);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.bytes.toString())).toMatchObject({
      error: { message: expect.stringContaining(message) },
    });
    expect(synthesizer.calls()).toEqual([]);
  });

  it('fails as a rule says', async () => {
    synthesizer.faults.add({ fault: { kind: 'rate-limit', retryAfter: 3 }, times: 1 });
    synthesizer.faults.add({ fault: { kind: 'error', status: 503 }, times: 1 });
    const first = await ask();
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '3']);
    expect((await ask()).status).toBe(503);
    expect((await ask()).status).toBe(200);
  });

  it('is controlled by HTTP', async () => {
    expect((await ask()).status).toBe(200);
    expect(await control(synthesizer.url, 'GET /control/calls')).toMatchObject([{ input: 'Good morning.' }]);
    await control(synthesizer.url, 'POST /control/faults', { fault: { kind: 'error', status: 500 } });
    expect((await ask()).status).toBe(500);
    await control(synthesizer.url, 'DELETE /control/faults');
    expect((await ask()).status).toBe(200);
  });
});
