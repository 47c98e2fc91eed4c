import { control, type Json } from '../spec-kit';
import { decryptMedia, sha256 } from './media-cipher';
import type { FileOptions, Person } from './person';
import { type EvolutionSimulator, startEvolutionSimulator } from './simulator';
import { apiOf, type Hook, listen, startHook } from './spec-kit';

describe('Faults of the fake Evolution API', () => {
  let simulator: EvolutionSimulator;
  let ada: Person;

  beforeEach(async () => {
    simulator = await startEvolutionSimulator({ acknowledgements: { statuses: [] } });
    ada = simulator.person({ phone: '5511987654321', name: 'Ada' });
    simulator.person({ phone: '4930123456' });
  });
  afterEach(() => simulator.close());

  const send = (number = '5511987654321', ms = 5000) =>
    apiOf(
      simulator,
      simulator.apiKey,
      AbortSignal.timeout(ms),
    )('POST message/sendText/support', {
      number,
      text: 'x',
    });
  const outcome = (number?: string, ms?: number) =>
    send(number, ms).then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
  const kept = () => ada.chat.entries.length;

  it('a rate limit', async () => {
    simulator.faults.add({ fault: { kind: 'rate-limit', retryAfter: 5 }, times: 1 });
    const refused = await send();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect([await outcome(), kept()]).toEqual([201, 1]);
  });

  it.each([500, 502, 503])('status %d, with nothing done, or with the message kept', async (status) => {
    simulator.faults.add({ fault: { kind: 'error', status }, nth: 1 });
    simulator.faults.add({ fault: { kind: 'error', status, accept: true }, nth: 2 });
    expect([await outcome(), kept()]).toEqual([status, 0]);
    expect([await outcome(), kept()]).toEqual([status, 1]);
  });

  it.each([
    ['timeout-before', 'TimeoutError', 0],
    ['timeout-after', 'TimeoutError', 1],
    ['reset-before', 'TypeError', 0],
    ['reset-after', 'TypeError', 1],
  ] as const)('%s', async (kind, error, messages) => {
    simulator.faults.add({ fault: { kind }, times: 1 });
    expect([await outcome(undefined, 250), kept()]).toEqual([error, messages]);
    expect(simulator.calls('sendText')).toMatchObject([{ fault: kind, status: messages ? 201 : null }]);
    expect(await outcome()).toBe(201);
  });

  it('a page instead of an answer, and a slow answer to what was done at once', async () => {
    simulator.faults.add({ fault: { kind: 'garbage' }, nth: 1 });
    expect([await outcome(), kept()]).toEqual(['SyntaxError', 0]);
    simulator.faults.add({ fault: { kind: 'slow', ms: 50 } });
    const at = Date.now();
    const sent = send();
    expect(await simulator.waitForReply(ada)).toMatchObject({ text: 'x' });
    expect((await sent).status).toBe(201);
    expect(Date.now() - at).toBeGreaterThanOrEqual(45);
  });

  it.each([
    ['connection-closed', 400, { response: { message: ['Error: Connection Closed'] } }],
    ['not-on-whatsapp', 400, { response: { message: [{ exists: false, number: '5511987654321' }] } }],
    ['license-required', 503, { code: 'LICENSE_REQUIRED' }],
    ['error-in-200', 200, { error: true, message: expect.any(String) }],
  ] as const)('the refusal %s', async (why, status, body) => {
    simulator.faults.add({ fault: { kind: 'refuse', why }, times: 1 });
    expect(await send()).toMatchObject({ status, body });
    expect(simulator.instances[0].state).toBe('open');
    expect([await outcome(), kept()]).toEqual([201, 1]);
  });

  it('hit only the method, chat and call that they are for', async () => {
    simulator.faults.add({
      fault: { kind: 'error', status: 500 },
      method: 'SENDTEXT',
      chat: '4930123456',
      nth: 2,
    });
    simulator.faults.add({ fault: { kind: 'error', status: 503 }, method: 'connectionState' });
    expect([
      await outcome('4930123456'),
      await outcome(),
      await outcome('4930123456@s.whatsapp.net'),
    ]).toEqual([201, 201, 500]);
    expect((await apiOf(simulator)('GET instance/connectionState/support')).status).toBe(503);
  });

  it('can be set and taken back from outside', async () => {
    const { id } = await control(simulator.url, 'POST /control/faults', {
      fault: { kind: 'error', status: 500 },
    });
    expect(await outcome()).toBe(500);
    await control(simulator.url, `DELETE /control/faults/${id}`);
    expect(await outcome()).toBe(201);
  });

  it('a server that is down comes back on the same port', async () => {
    await simulator.offline();
    expect(await outcome()).toBe('TypeError');
    await simulator.online();
    expect(await outcome()).toBe(201);
  });

  describe('of media', () => {
    let hook: Hook;

    beforeEach(async () => {
      hook = await startHook();
      await listen(simulator, hook, { events: ['MESSAGES_UPSERT'] });
    });
    afterEach(() => hook.close());

    const bytes = Buffer.from('what is in the file');

    /** Sends a document and asks for it both ways. */
    const ask = async (options: FileOptions = {}) => {
      ada.sendsDocument({ file: { bytes }, ...options });
      await simulator.drained();
      const [{ key, message }] = hook.data('messages.upsert').slice(-1);
      const content = message.documentMessage as Json;
      const download = await fetch(simulator.url + content.directPath);
      const base64 = await apiOf(simulator)('POST chat/getBase64FromMediaMessage/support', {
        message: { key },
      });
      return {
        content,
        mediaKey: Buffer.from(Object.values(content.mediaKey as Record<string, number>)),
        download: { status: download.status, bytes: Buffer.from(await download.arrayBuffer()) },
        base64,
      };
    };
    const asBytes = (value: Record<string, number>) => Buffer.from(Object.values(value));

    it('none: what is downloaded, decrypted and checked is what the server gives as base64', async () => {
      const { content, mediaKey, download, base64 } = await ask({
        caption: 'look',
        file: { bytes, filename: 'a.txt' },
      });
      const plain = decryptMedia(download.bytes, mediaKey, 'Document');
      expect(plain).toEqual(bytes);
      expect(asBytes(content.fileSha256)).toEqual(sha256(bytes));
      expect(asBytes(content.fileEncSha256)).toEqual(sha256(download.bytes));
      expect(content).toMatchObject({
        fileName: 'a.txt',
        caption: 'look',
        fileLength: { low: bytes.length },
      });
      expect(base64).toMatchObject({
        status: 201,
        body: {
          mediaType: 'documentMessage',
          fileName: 'a.txt',
          caption: 'look',
          base64: bytes.toString('base64'),
        },
      });
    });

    it('no bytes', async () => {
      const { download, base64 } = await ask({ flaws: ['empty'] });
      expect([download.bytes.length, base64.body.base64]).toEqual([0, '']);
    });

    it('a wrong MAC', async () => {
      const { mediaKey, download } = await ask({ flaws: ['wrong-mac'] });
      expect(() => decryptMedia(download.bytes, mediaKey, 'Document')).toThrow('MAC');
    });

    it('a wrong SHA-256, a wrong length', async () => {
      const { content } = await ask({ flaws: ['wrong-sha256'], declares: 1 });
      expect(asBytes(content.fileSha256)).not.toEqual(sha256(bytes));
      expect(content.fileLength).toMatchObject({ low: 1 });
    });

    it.each([
      ['no-base64', 400, 200],
      ['no-download', 201, 404],
    ] as const)('%s, while the other way works', async (flaw, base64Status, downloadStatus) => {
      const { download, base64 } = await ask({ flaws: [flaw] });
      expect([base64.status, download.status]).toEqual([base64Status, downloadStatus]);
    });

    it('unknown messages, and messages without a file', async () => {
      const get = async (id: string) => {
        const request = 'POST chat/getBase64FromMediaMessage/support';
        const { status, body } = await apiOf(simulator)(request, { message: { key: { id } } });
        return [status, body.response.message];
      };
      expect(await get('none')).toEqual([400, ['Message not found']]);
      expect(await get(ada.says('hello').id)).toEqual([400, ['The message is not of the media type']]);
    });

    it('a download that meets a fault', async () => {
      simulator.faults.add({ method: 'media', times: 1, fault: { kind: 'error', status: 502 } });
      expect((await ask()).download.status).toBe(502);
    });
  });
});
