import { validateConfig } from '@omni-hub/channel-sdk';
import { spokenIn, startSynthesizerSimulator, type SynthesizerSimulator } from '@omni-hub/simulator';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SynthesizerConfig } from './models/config.models';
import { Synthesizer } from './synthesizer';

const apiKey = 'sk-hunter2-of-the-spec';
const going = new AbortController().signal;
const hello = { text: 'Good morning.' };

let service: SynthesizerSimulator;
const made: Synthesizer[] = [];
const closing: (() => void)[] = [];

beforeEach(async () => (service = await startSynthesizerSimulator({ apiKey })));
afterEach(async () => {
  await service.close();
  await Promise.all(made.splice(0).map((one) => one.close()));
  closing.splice(0).forEach((close) => close());
});

function synthesizer(changes: Partial<SynthesizerConfig> = {}): Synthesizer {
  const one = new Synthesizer(validateConfig(SynthesizerConfig, { url: service.url, apiKey, ...changes }));
  made.push(one);
  return one;
}

/** A service that answers everything alike. */
async function answering(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) =>
    request.resume().on('end', () => answer(response)),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const failureOf = (asked: Promise<Buffer>) =>
  asked.then(
    (file) => {
      throw new Error(`it was said, in ${file.length} bytes`);
    },
    (error: Error) => error,
  );

describe('a text', () => {
  it('is said as an Ogg file of Opus, by the model and the voice of the configuration', async () => {
    const file = await synthesizer().say(hello, going);
    expect(spokenIn(file)).toBe('Good morning.');
    expect(service.calls()).toMatchObject([{ model: 'tts-1', voice: 'alloy', input: 'Good morning.' }]);
  });

  it('may have a voice of its own', async () => {
    await synthesizer({ model: 'kokoro', voice: 'echo' }).say({ ...hello, voice: 'nova' }, going);
    expect(service.calls()).toMatchObject([{ model: 'kokoro', voice: 'nova' }]);
  });

  it.each(['', '/', '/v1', '/v1/'])(
    'is sent to the service, whose address may end with "%s"',
    async (end) => {
      expect(spokenIn(await synthesizer({ url: service.url + end }).say(hello, going))).toBe(hello.text);
    },
  );

  it('is taken as it comes, bit by bit and of a length that is not told', async () => {
    const file = await synthesizer().say(hello, going);
    const url = await answering((response) => {
      for (const byte of file) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(await synthesizer({ url }).say(hello, going)).toEqual(file);
  });

  it('that is too long is not sent', async () => {
    const error = await failureOf(synthesizer({ maxCharacters: 5 }).say(hello, going));
    expect(error).toMatchObject({ name: 'SynthesisError', code: 'TOO_LONG', retryable: false });
    expect(error.message).toContain('at most 5');
    expect(service.calls()).toEqual([]);
  });
});

describe('a service that fails', () => {
  it.each([
    ['is down for a moment', { kind: 'error', status: 503 }],
    ['breaks off', { kind: 'reset-before' }],
    ['is too busy', { kind: 'rate-limit', retryAfter: 0 }],
  ] as const)('and %s is asked once more', async (_what, fault) => {
    service.faults.add({ fault, times: 1 });
    expect(spokenIn(await synthesizer().say(hello, going))).toBe(hello.text);
    expect(service.calls()).toHaveLength(2);
  });

  it('is asked twice at most', async () => {
    service.faults.add({ fault: { kind: 'error', status: 500 } });
    const error = await failureOf(synthesizer().say(hello, going));
    expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: true });
    expect(service.calls()).toHaveLength(2);
  });

  it('is not asked again where the budget is over before', async () => {
    service.faults.add({ fault: { kind: 'rate-limit', retryAfter: 60 } });
    const error = await failureOf(synthesizer({ budgetMs: 5_000 }).say(hello, going));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 60_000 });
    expect(service.calls()).toHaveLength(1);
  });

  it('and does not answer costs the budget and no more', async () => {
    service.faults.add({ fault: { kind: 'timeout-before' } });
    const startedAt = performance.now();
    const error = await failureOf(synthesizer({ budgetMs: 200 }).say(hello, going));
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('in time') });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
    expect(service.calls()).toHaveLength(1);
  });

  it('and begins to answer and never ends costs the budget and no more', async () => {
    const url = await answering((response) => response.write('OggS'));
    const error = await failureOf(synthesizer({ url, budgetMs: 200 }).say(hello, going));
    expect(error).toMatchObject({ code: 'UNREACHABLE', message: expect.stringContaining('in time') });
  });

  it('is left at once when nobody waits any more', async () => {
    service.faults.add({ fault: { kind: 'timeout-before' } });
    const stopping = new AbortController();
    const asked = failureOf(synthesizer().say(hello, stopping.signal));
    while (service.calls().length === 0) await new Promise(setImmediate);
    stopping.abort();
    expect(await asked).toMatchObject({ name: 'AbortError' });
  });

  it('and cannot be reached says so', async () => {
    await service.offline();
    expect(await failureOf(synthesizer({ budgetMs: 300 }).say(hello, going))).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it.each([
    ['a key that it refuses', 401, { code: 'UNAUTHORIZED', retryable: false }],
    ['a model that it has not got', 404, { code: 'REJECTED', retryable: false }],
    ['a text that it does not say', 400, { code: 'REJECTED', retryable: false }],
    ['a redirect', 302, { code: 'REJECTED', retryable: false }],
  ])('for good is asked once: %s', async (_what, status, expected) => {
    service.faults.add({ fault: { kind: 'error', status } });
    expect(await failureOf(synthesizer().say(hello, going))).toMatchObject(expected);
    expect(service.calls()).toHaveLength(1);
  });

  it.each([
    ['a web page', '<html>It works!</html>', 'response_format'],
    ['another format', 'ID3 and the rest of an MP3', 'response_format'],
    ['nothing', '', 'response_format'],
    ['more than is taken', `OggS${'x'.repeat(1_100_000)}`, 'more than 1000000 bytes'],
  ])('and answers with %s is no synthesizer', async (_what, body, words) => {
    const url = await answering((response) => response.end(body));
    expect(await failureOf(synthesizer({ url }).say(hello, going))).toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining(words),
    });
  });

  it.each([
    ['{"error": {"message": "no such voice"}}', 'no such voice'],
    ['{"detail": "out of memory"}', 'out of memory'],
    [`{"error": "bad key ${apiKey}"}`, 'bad key ***'],
    ['no JSON', '400'],
    [`{"error": "${'x'.repeat(10_000)}"}`, 'xxx'],
  ])('tells why in its own words, short and without the key: %.40s', async (body, words) => {
    const url = await answering((response) => response.writeHead(400).end(body));
    const { message } = await failureOf(synthesizer({ url }).say(hello, going));
    expect(message).toContain(words);
    expect(message.length).toBeLessThan(320);
  });

  it('never tells the key, however deeply its error is inspected', async () => {
    const body = `{"error": {"message": "Incorrect API key provided: ${apiKey}"}}`;
    const url = await answering((response) => response.writeHead(401).end(body));
    const error = await failureOf(synthesizer({ url }).say(hello, going));
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('hunter2');
  });
});

describe('its configuration', () => {
  it('needs an address only', () => {
    expect(validateConfig(SynthesizerConfig, { url: 'http://kokoro:8880' })).toMatchObject({
      model: 'tts-1',
      voice: 'alloy',
      budgetMs: 20_000,
    });
  });

  it.each([
    ['url', { url: 'kokoro' }],
    ['apiKey', { url: 'http://kokoro', apiKey: 'two words' }],
    ['model', { url: 'http://kokoro', model: 'a\r\nb' }],
    ['voice', { url: 'http://kokoro', voice: '' }],
  ])('names a %s that is wrong', (field, wrong) => {
    expect(() => validateConfig(SynthesizerConfig, wrong)).toThrow(field);
  });
});
