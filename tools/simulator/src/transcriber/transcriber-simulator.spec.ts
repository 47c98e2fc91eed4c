import { control } from '../spec-kit';
import { startTranscriberSimulator, type TranscriberSimulator } from './transcriber-simulator';

describe('The fake transcriber', () => {
  let transcriber: TranscriberSimulator;

  beforeEach(async () => {
    transcriber = await startTranscriberSimulator({ apiKey: 'sk-right' });
  });
  afterEach(() => transcriber.close());

  interface Asked {
    key?: string;
    path?: string;
    fields?: Record<string, string>;
    bytes?: string;
    filename?: string | null;
  }

  async function ask({ key = 'sk-right', path, fields, bytes = 'OggS', filename = 'audio.ogg' }: Asked = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields ?? { model: 'whisper-1' })) form.append(name, value);
    if (filename !== null) form.append('file', new Blob([bytes], { type: 'audio/ogg' }), filename);
    const response = await fetch(transcriber.url + (path ?? '/v1/audio/transcriptions'), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
  }

  it('hears what it is told to, and remembers what it was sent', async () => {
    transcriber.hears('hello');
    expect(await ask({ fields: { model: 'small', language: 'pt' } })).toMatchObject({
      status: 200,
      body: { text: 'hello' },
    });
    transcriber.hears(({ bytes }) => bytes.toString().toUpperCase());
    expect((await ask()).body).toEqual({ text: 'OGGS' });
    expect(transcriber.calls()).toMatchObject([
      { model: 'small', language: 'pt', file: { filename: 'audio.ogg', contentType: 'audio/ogg' } },
      { model: 'whisper-1', language: null },
    ]);
  });

  it.each<[string, Asked, number, string]>([
    ['another key', { key: 'sk-wrong' }, 401, 'Incorrect API key'],
    ['another address', { path: '/v1/audio/speech' }, 404, 'Invalid URL'],
    ['no file', { filename: null }, 400, "'file' is a required"],
    ['no model', { fields: {} }, 400, 'model'],
    ['a format that it does not answer in', { fields: { model: 'm', response_format: 'srt' } }, 400, 'srt'],
    ['a language by its name', { fields: { model: 'm', language: 'Portuguese' } }, 400, 'ISO-639-1'],
    ['a kind of file that it does not read', { filename: 'audio.pdf' }, 400, 'Invalid file format'],
    ['a recording of 0 bytes', { bytes: '' }, 400, 'too short'],
    ['too many bytes', { bytes: 'x'.repeat(26_214_400) }, 413, 'Maximum content size'],
  ])('refuses %s', async (_what, asked, status, message) => {
    expect(await ask(asked)).toMatchObject({
      status,
      body: { error: { message: expect.stringContaining(message) } },
    });
    expect(transcriber.calls()).toEqual([]);
  });

  it('fails as a rule says', async () => {
    transcriber.faults.add({ fault: { kind: 'rate-limit', retryAfter: 3 }, times: 1 });
    transcriber.faults.add({ fault: { kind: 'error', status: 503 }, times: 1 });
    const first = await ask();
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '3']);
    expect((await ask()).status).toBe(503);
    expect((await ask()).status).toBe(200);
  });

  it('is controlled by HTTP', async () => {
    await control(transcriber.url, 'POST /control/hears', { text: 'hi' });
    expect((await ask()).body).toEqual({ text: 'hi' });
    expect(await control(transcriber.url, 'GET /control/calls')).toMatchObject([{ file: { bytes: 4 } }]);
    await control(transcriber.url, 'POST /control/faults', { fault: { kind: 'error', status: 500 } });
    expect((await ask()).status).toBe(500);
    await control(transcriber.url, 'DELETE /control/faults');
    expect((await ask()).status).toBe(200);
  });
});
