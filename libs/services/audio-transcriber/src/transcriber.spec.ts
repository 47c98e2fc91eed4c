import { validateConfig } from '@omni-hub/channel-sdk';
import { startTranscriberSimulator, type TranscriberSimulator } from '@omni-hub/simulator';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { TranscriberConfig } from './models/config.models';
import type { Recording } from './models/recording';
import { Transcriber } from './transcriber';

const apiKey = 'sk-hunter2-of-the-spec';
const going = new AbortController().signal;

let service: TranscriberSimulator;
const made: Transcriber[] = [];

beforeEach(async () => (service = await startTranscriberSimulator({ apiKey })));
afterEach(async () => {
  await service.close();
  await Promise.all(made.splice(0).map((one) => one.close()));
});

function transcriber(changes: Partial<TranscriberConfig> = {}): Transcriber {
  const one = new Transcriber(validateConfig(TranscriberConfig, { url: service.url, apiKey, ...changes }));
  made.push(one);
  return one;
}

function recording(bytes = Buffer.from('OggS hello'), changes: Partial<Recording> = {}) {
  const opened: Readable[] = [];
  const open = () => {
    const stream = Readable.from([bytes]);
    opened.push(stream);
    return Promise.resolve({ stream, size: bytes.length });
  };
  const facts = { mimeType: 'audio/ogg; codecs=opus', filename: null };
  return { ...facts, open, ...changes, opened };
}

/** A service that answers everything alike. */
async function answering(status: number, body: string, headers = {}): Promise<string> {
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(status, headers).end(body)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

const failureOf = (asked: Promise<string>) =>
  asked.then(
    (text) => {
      throw new Error(`it was transcribed: ${text}`);
    },
    (error: Error) => error,
  );

describe('a recording', () => {
  it('is sent as it is, with the model, and comes back as text', async () => {
    service.hears('  Good morning.\n');
    expect(await transcriber().transcribe(recording(), going)).toBe('Good morning.');
    expect(service.calls()).toMatchObject([
      {
        model: 'whisper-1',
        language: null,
        file: { filename: 'audio.ogg', contentType: 'audio/ogg', bytes: Buffer.from('OggS hello') },
      },
    ]);
  });

  it('names its language where that is known', async () => {
    await transcriber({ model: 'large-v3' }).transcribe(recording(undefined, { language: 'pt' }), going);
    expect(service.calls()).toMatchObject([{ model: 'large-v3', language: 'pt' }]);
  });

  it('in which nothing is said is an empty text', async () => {
    service.hears('');
    expect(await transcriber().transcribe(recording(), going)).toBe('');
  });

  it.each(['', '/', '/v1', '/v1/'])(
    'is sent to the service, whose address may end with "%s"',
    async (end) => {
      service.hears('heard');
      expect(await transcriber({ url: service.url + end }).transcribe(recording(), going)).toBe('heard');
    },
  );

  it('is never held whole: it is read as fast as it is taken', async () => {
    const chunk = Buffer.alloc(64 * 1024, 1);
    const total = 200;
    let read = 0;
    let taken = 0;
    let mostAhead = 0;
    const url = await new Promise<string>((resolve) => {
      const server = createServer((request, response) => {
        request.on('data', (bytes: Buffer) => (taken += bytes.length));
        request.on('end', () => response.end('{"text": "long"}'));
        request.pause();
        setImmediate(() => request.resume());
      }).listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
      closing.push(() => void server.close().closeAllConnections());
    });
    const stream = new Readable({
      highWaterMark: chunk.length,
      read() {
        mostAhead = Math.max(mostAhead, read * chunk.length - taken);
        this.push(read++ < total ? chunk : null);
      },
    });
    const open = () => Promise.resolve({ stream, size: total * chunk.length });
    const long = recording(undefined, { open });
    expect(await transcriber({ url }).transcribe(long, going)).toBe('long');
    expect(taken).toBeGreaterThan(total * chunk.length);
    expect(mostAhead).toBeLessThan((total / 2) * chunk.length);
  });

  it('that is too long is not sent', async () => {
    const sent = recording();
    const error = await failureOf(transcriber({ maxBytes: 5 }).transcribe(sent, going));
    expect(error).toMatchObject({ code: 'TOO_LARGE', retryable: false });
    expect(error.message).toContain('at most 5');
    expect(sent.opened.every(({ destroyed }) => destroyed)).toBe(true);
    expect(service.calls()).toEqual([]);
  });

  it.each([
    ['cannot be opened', { open: () => Promise.reject(new Error('no such file')) }],
    [
      'breaks off',
      {
        open: () => {
          const bytes = async function* () {
            yield Buffer.from('OggS');
            throw new Error('no such file');
          };
          return Promise.resolve({ stream: Readable.from(bytes()), size: 10 });
        },
      },
    ],
  ] as [string, Partial<Recording>][])(
    'that %s fails with what kept it from being read',
    async (_what, how) => {
      const error = await failureOf(transcriber().transcribe(recording(undefined, how), going));
      expect(error.message).toBe('no such file');
      expect(service.calls()).toEqual([]);
    },
  );
});

describe('a service that fails', () => {
  it.each([
    ['is down for a moment', { kind: 'error', status: 503 }],
    ['breaks off', { kind: 'reset-before' }],
    ['is too busy', { kind: 'rate-limit', retryAfter: 0 }],
  ] as const)('and %s is asked again, with the recording from its start', async (_what, fault) => {
    service.hears('at last');
    service.faults.add({ fault, times: 1 });
    const sent = recording();
    expect(await transcriber().transcribe(sent, going)).toBe('at last');
    expect(service.calls().map(({ file }) => file.bytes.toString())).toEqual(['OggS hello', 'OggS hello']);
    expect(sent.opened.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('is asked three times at most', async () => {
    service.faults.add({ fault: { kind: 'error', status: 500 } });
    const error = await failureOf(transcriber().transcribe(recording(), going));
    expect(error).toMatchObject({ name: 'TranscriptionError', code: 'UNREACHABLE', retryable: true });
    expect(service.calls()).toHaveLength(3);
  });

  it('is not asked again where the budget is over before', async () => {
    service.faults.add({ fault: { kind: 'rate-limit', retryAfter: 60 } });
    const error = await failureOf(transcriber({ budgetMs: 5_000 }).transcribe(recording(), going));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 60_000 });
    expect(service.calls()).toHaveLength(1);
  });

  it('and does not answer costs the budget and no more', async () => {
    service.faults.add({ fault: { kind: 'timeout-before' } });
    const startedAt = performance.now();
    const error = await failureOf(transcriber({ budgetMs: 200 }).transcribe(recording(), going));
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('in time') });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
    expect(service.calls()).toHaveLength(1);
  });

  it('is left at once when nobody waits any more', async () => {
    service.faults.add({ fault: { kind: 'timeout-before' } });
    const stopping = new AbortController();
    const sent = recording();
    const asked = failureOf(transcriber().transcribe(sent, stopping.signal));
    while (service.calls().length === 0) await new Promise(setImmediate);
    stopping.abort();
    expect(await asked).toMatchObject({ name: 'AbortError' });
    expect(sent.opened.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('and cannot be reached says so', async () => {
    await service.offline();
    expect(await failureOf(transcriber({ budgetMs: 300 }).transcribe(recording(), going))).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it.each([
    ['a key that it refuses', 401, { code: 'UNAUTHORIZED', retryable: false }],
    ['a model that it has not got', 404, { code: 'REJECTED', retryable: false }],
    ['a recording that it cannot read', 400, { code: 'REJECTED', retryable: false }],
    ['a redirect', 302, { code: 'REJECTED', retryable: false }],
    ['a recording that is too large for it', 413, { code: 'TOO_LARGE', retryable: false }],
  ])('for good is asked once: %s', async (_what, status, expected) => {
    service.faults.add({ fault: { kind: 'error', status } });
    expect(await failureOf(transcriber().transcribe(recording(), going))).toMatchObject(expected);
    expect(service.calls()).toHaveLength(1);
  });

  it.each([
    ['a web page', '<html>It works!</html>'],
    ['no text', '{"transcript": "hi"}'],
    ['more than a text', `{"text": "${'x'.repeat(1_100_000)}"}`],
  ])('and answers with %s is no transcriber', async (_what, body) => {
    const url = await answering(200, body);
    expect(await failureOf(transcriber({ url }).transcribe(recording(), going))).toMatchObject({
      code: 'UNREADABLE',
    });
  });

  it.each([
    ['{"error": {"message": "the audio is broken"}}', 'the audio is broken'],
    ['{"detail": "no decoder"}', 'no decoder'],
    [`{"error": "bad key ${apiKey}"}`, 'bad key ***'],
    ['no JSON', '400'],
    [`{"error": "${'x'.repeat(10_000)}"}`, 'xxx'],
  ])('tells why in its own words, short and without the key: %.40s', async (body, words) => {
    const url = await answering(400, body, { 'content-type': 'application/json' });
    const { message } = await failureOf(transcriber({ url }).transcribe(recording(), going));
    expect(message).toContain(words);
    expect(message.length).toBeLessThan(300);
  });

  it('never tells the key, however deeply its error is inspected', async () => {
    const url = await answering(401, `{"error": {"message": "Incorrect API key provided: ${apiKey}"}}`);
    const error = await failureOf(transcriber({ url }).transcribe(recording(), going));
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('hunter2');
  });
});

describe('its configuration', () => {
  it('needs an address only', () => {
    expect(validateConfig(TranscriberConfig, { url: 'http://whisper:8000' })).toMatchObject({
      model: 'whisper-1',
      budgetMs: 120_000,
    });
  });

  it.each([
    ['url', { url: 'whisper' }],
    ['apiKey', { url: 'http://whisper', apiKey: 'two words' }],
    ['model', { url: 'http://whisper', model: 'a\r\nb' }],
  ])('names a %s that is wrong', (field, wrong) => {
    expect(() => validateConfig(TranscriberConfig, wrong)).toThrow(field);
  });
});
