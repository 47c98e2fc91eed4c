import { PayloadError, SignatureError, type ChannelTools, type ListenSession } from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { TelegramConfig } from '../models/config.models';
import { TelegramHandler } from './telegram.handler';

const token = '7777000:AAE-made_up-Token';
const secret = 'a-secret';
const tools: ChannelTools = { account: null, log: { info: () => undefined, warn: () => undefined } };

function handlerWith(overrides: Partial<TelegramConfig> = {}): TelegramHandler {
  return new TelegramHandler(
    Object.assign(new TelegramConfig(), { token, webhookSecret: secret }, overrides),
    tools,
  );
}

function request(body: string, header: string | undefined = secret) {
  return {
    method: 'POST' as const,
    path: '',
    headers: { 'x-telegram-bot-api-secret-token': header },
    query: {},
    body: Buffer.from(body),
  };
}

describe('a webhook request', () => {
  it('is read when it has the secret', () => {
    const { ignored } = handlerWith().receive(request('{"update_id":1}'));
    expect(ignored).toHaveLength(1);
  });

  it('is read whatever follows the instance in its address', () => {
    const { ignored } = handlerWith().receive({ ...request('{"update_id":1}'), path: 'anything' });
    expect(ignored).toHaveLength(1);
  });

  it.each([undefined, '', 'another', `${secret} `])('is refused with the secret %p', (header) => {
    expect(() =>
      handlerWith().receive({ ...request('{}'), headers: { 'x-telegram-bot-api-secret-token': header } }),
    ).toThrow(SignatureError);
  });

  it('is refused where no secret was agreed', () => {
    const handler = handlerWith({ mode: 'polling', webhookSecret: undefined });
    expect(() => handler.receive(request('{}', ''))).toThrow(SignatureError);
  });

  it.each(['', 'nonsense', '[]', 'null', '"text"', '{}', '{"update_id":"1"}', '['.repeat(100_000)])(
    'is a PayloadError when it is %.20s',
    (body) => expect(() => handlerWith().receive(request(body))).toThrow(PayloadError),
  );
});

describe('pace', () => {
  const keys = (chat: string) =>
    handlerWith()
      .pace(chat as ChatId)
      .map(({ key }) => key);

  it('is one message a second in a private chat, with a short burst', () => {
    expect(handlerWith().pace('telegram:4242' as ChatId)).toEqual([
      { key: 'instance', scope: 'instance', burst: 30, perSecond: 30 },
      { key: 'chat:4242', scope: 'chat', burst: 3, perSecond: 1 },
    ]);
  });

  it('is also twenty a minute in a group', () => {
    expect(handlerWith().pace('telegram:-100123' as ChatId)[2]).toEqual({
      key: 'group:-100123',
      scope: 'chat',
      burst: 20,
      perSecond: 20 / 60,
    });
  });

  it('is shared by all topics of a chat', () => {
    expect(keys('telegram:-100123:topic:4')).toEqual(keys('telegram:-100123'));
    expect(keys('telegram:-100123:direct:4')).toEqual(keys('telegram:-100123'));
  });

  it('is what the operator was granted for the whole bot', () => {
    const [instance] = handlerWith({ messagesPerSecond: 1000 }).pace('telegram:4242' as ChatId);
    expect(instance).toEqual({ key: 'instance', scope: 'instance', burst: 1000, perSecond: 1000 });
  });
});

describe('listening', () => {
  const session = {} as ListenSession;

  it('is one for each bot, by the digits of its token', () => {
    expect(handlerWith({ mode: 'polling' }).listenKey).toBe('7777000');
  });

  it('does nothing but wait where Telegram calls a webhook', async () => {
    const stop = new AbortController();
    const listening = handlerWith().listen(session, stop.signal);
    stop.abort();
    await expect(listening).resolves.toBeUndefined();
    await expect(handlerWith().listen(session, stop.signal)).resolves.toBeUndefined();
    expect(handlerWith().listenKey).toBeUndefined();
  });
});

describe('a preview', () => {
  let platform: FakePlatform | null = null;
  afterEach(() => platform?.close());
  const chat = 'telegram:-100123' as ChatId;
  const group = { chat: { id: -100123, type: 'supergroup' }, date: 1700000000 };
  const sent = { status: 200, body: { ok: true, result: { message_id: 40, ...group } } };

  it('is one message in a group, which grows', async () => {
    platform = await startFakePlatform({ otherwise: sent });
    const handler = handlerWith({ apiUrl: platform.url });
    const { signal } = new AbortController();
    let previewId: MessageId | null = null;
    for (const text of ['I', 'I think', 'I think that', 'I think that I']) {
      previewId = await handler.preview({ turnId: 't', chat, text, previewId, replyTo: null }, signal);
    }
    expect(previewId).toBe('telegram:-100123:40');
    expect(platform.requests.map(({ path }) => path.split('/').pop())).toEqual([
      'sendMessage',
      ...Array<string>(3).fill('editMessageText'),
    ]);
  });

  it('shows the latest part of a draft that is longer than a message, under the same number', async () => {
    platform = await startFakePlatform({
      otherwise: { status: 200, body: { ok: true, result: true } },
    });
    const handler = handlerWith({ apiUrl: platform.url });
    const { signal } = new AbortController();
    const long = `${'word '.repeat(1500)}the end`;
    for (const text of ['word', long]) {
      await handler.preview(
        { turnId: 't', chat: 'telegram:4242' as ChatId, text, previewId: null, replyTo: null },
        signal,
      );
    }
    const drafts = platform.requests.map(({ body }) => JSON.parse(body.toString()));
    expect(drafts[1].draft_id).toBe(drafts[0].draft_id);
    expect(drafts[1].draft_id).not.toBe(0);
    expect(drafts[1].text.length).toBeLessThanOrEqual(4096);
    expect(drafts[1].text).toMatch(/the end$/);
  });

  it('of nothing yet shows nothing', async () => {
    const handler = handlerWith({ apiUrl: 'http://127.0.0.1:9' });
    const preview = { turnId: 't', chat, text: '', previewId: null, replyTo: null };
    await expect(handler.preview(preview, new AbortController().signal)).resolves.toBeNull();
  });
});
