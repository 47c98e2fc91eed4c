import { PayloadError, SignatureError, type ChannelTools, type ListenSession } from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { generateKeyPairSync, sign } from 'node:crypto';
import { DiscordConfig } from '../models/config.models';
import { DiscordHandler } from './discord.handler';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const settings = {
  token: `${Buffer.from('1457469483726668048').toString('base64url')}.GmadeUp.of-the_handler`,
  applicationId: '1457469483726668048',
  publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex'),
};
const tools: ChannelTools = { account: null, log: { info: () => undefined, warn: () => undefined } };
const { signal } = new AbortController();

function handlerWith(overrides: Partial<DiscordConfig> = {}): DiscordHandler {
  return new DiscordHandler(Object.assign(new DiscordConfig(), settings, overrides), tools);
}

function request(body: string, timestamp = '1767574200') {
  const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString('hex');
  return {
    method: 'POST' as const,
    path: '',
    headers: { 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp },
    query: {},
    body: Buffer.from(body),
  };
}

describe('an interaction by webhook', () => {
  it('is read when the application signed it', () => {
    expect(handlerWith().receive(request('{"type":1}')).reply).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{"type":1}',
    });
  });

  it.each([
    ['another body', { body: Buffer.from('{"type":2}') }],
    [
      'another time',
      { headers: { ...request('{"type":1}').headers, 'x-signature-timestamp': '1767574201' } },
    ],
    ['no time', { headers: { ...request('{"type":1}').headers, 'x-signature-timestamp': undefined } }],
    ['no signature', { headers: { 'x-signature-timestamp': '1767574200' } }],
  ])('is refused with %s', (_, changed) => {
    expect(() => handlerWith().receive({ ...request('{"type":1}'), ...changed })).toThrow(SignatureError);
  });

  it('is refused with a signature of nothing but the body', () => {
    const headers = {
      'x-signature-ed25519': sign(null, Buffer.from('{"type":1}'), privateKey).toString('hex'),
    };
    expect(() => handlerWith().receive({ ...request('{"type":1}'), headers })).toThrow(SignatureError);
  });

  it.each(['', 'nonsense', '[]', 'null', '"text"', '{}', '{"type":2}', '['.repeat(100_000)])(
    'is a PayloadError when it is %.20s',
    (body) => expect(() => handlerWith().receive(request(body))).toThrow(PayloadError),
  );
});

describe('listening', () => {
  it('is one for each bot, by the id in its token', () => {
    expect(handlerWith().listenKey).toBe('1457469483726668048');
    expect(handlerWith({ mode: 'both' }).listenKey).toBe('1457469483726668048');
  });

  it('does nothing but wait where interactions come by webhook alone', async () => {
    const handler = handlerWith({ mode: 'interactions', apiUrl: 'http://127.0.0.1:9' });
    const stop = new AbortController();
    const listening = handler.listen({} as ListenSession, stop.signal);
    stop.abort();
    await expect(listening).resolves.toBeUndefined();
    await expect(handler.listen({} as ListenSession, stop.signal)).resolves.toBeUndefined();
    expect(handler.listenKey).toBeUndefined();
  });
});

describe('sending', () => {
  const chat = 'discord:1457510428359004343' as ChatId;
  const sent = { status: 200, body: { id: '1457540000000000500', channel_id: '1457510428359004343' } };
  let platform: FakePlatform | null = null;
  afterEach(() => platform?.close());

  async function play(): Promise<DiscordHandler> {
    platform = await startFakePlatform({ otherwise: sent });
    return handlerWith({ apiUrl: platform.url });
  }

  const bodies = () => platform!.requests.map(({ body }) => JSON.parse(body.toString()));

  function message(deliveryId: string) {
    const part = { type: 'text' as const, body: { text: 'hi', spans: [] }, buttons: [] };
    return { deliveryId, attempt: 1, chat, part, files: [], replyTo: null, answers: null, replaces: null };
  }

  it('names a delivery the same at every attempt, and no two alike', async () => {
    const handler = await play();
    for (const id of ['0192-a', '0192-a', '0192-b']) await handler.send(message(id), signal);
    const nonces = bodies().map(({ nonce }) => nonce);
    expect(nonces[0]).toBe(nonces[1]);
    expect(nonces[0]).not.toBe(nonces[2]);
    expect(Math.max(...nonces.map((nonce) => nonce.length))).toBeLessThanOrEqual(25);
    expect(bodies().every((body) => body.enforce_nonce === true)).toBe(true);
  });

  it('previews in one message that grows', async () => {
    const handler = await play();
    let previewId: MessageId | null = null;
    for (const text of ['I', 'I think', 'I think that']) {
      previewId = await handler.preview({ turnId: 't', chat, text, previewId, replyTo: null }, signal);
    }
    expect(previewId).toBe('discord:1457510428359004343:1457540000000000500');
    expect(platform!.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH']);
  });

  it('previews the beginning of what is longer than a message', async () => {
    const handler = await play();
    await handler.preview(
      { turnId: 't', chat, text: `start ${'word '.repeat(1_000)}`, previewId: null, replyTo: null },
      signal,
    );
    expect(bodies()[0].content).toMatch(/^start word/);
    expect(bodies()[0].content.length).toBeLessThanOrEqual(2000);
  });

  it('previews nothing of nothing', async () => {
    const preview = { turnId: 't', chat, text: ' ', previewId: null, replyTo: null };
    await expect(handlerWith({ apiUrl: 'http://127.0.0.1:9' }).preview(preview, signal)).resolves.toBeNull();
  });

  it('is paced for the bot and for each channel', () => {
    expect(handlerWith().pace(chat)).toEqual([
      { key: 'instance', scope: 'instance', burst: 50, perSecond: 50 },
      { key: chat, scope: 'chat', burst: 5, perSecond: 1 },
    ]);
  });
});
