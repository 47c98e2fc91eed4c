import {
  PayloadError,
  SignatureError,
  validateConfig,
  type ChannelTools,
  type Part,
} from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { createHmac } from 'node:crypto';
import { WhatsAppConfig } from '../../models/config.models';
import { CloudHandler } from './cloud.handler';

const appSecret = 'made-up-app-secret';
const settings = {
  provider: 'cloud',
  phoneNumberId: '1122334455667',
  accessToken: 'EAAmade-up',
  appSecret,
  verifyToken: 'made-up-verify',
};
const tools: ChannelTools = { account: null, log: { info: () => undefined, warn: () => undefined } };
const chat = 'whatsapp:16505551234' as ChatId;
const { signal } = new AbortController();

function handlerWith(overrides: object = {}): CloudHandler {
  return new CloudHandler(validateConfig(WhatsAppConfig, { ...settings, ...overrides }), tools);
}

function signed(body: string, signature?: string) {
  const hex = createHmac('sha256', appSecret).update(body).digest('hex');
  return {
    method: 'POST' as const,
    path: '',
    headers: { 'x-hub-signature-256': signature ?? `sha256=${hex}` },
    query: {},
    body: Buffer.from(body),
  };
}

describe('a webhook request', () => {
  const empty = '{"object":"whatsapp_business_account","entry":[]}';

  it('is read by its exact bytes, however Meta writes its letters', () => {
    const escaped = '{"object":"whatsapp_business_account","entry":[],"note":"\\u00e4 \\ud83d\\ude00"}';
    expect(handlerWith().receive(signed(escaped)).events).toEqual([]);
  });

  it('may have its signature in capitals', () => {
    const hex = createHmac('sha256', appSecret).update(empty).digest('hex').toUpperCase();
    expect(() => handlerWith().receive(signed(empty, `sha256=${hex}`))).not.toThrow();
  });

  it.each(['', 'sha256=', 'sha1=00', createHmac('sha256', appSecret).update(empty).digest('hex')])(
    'is refused with the signature "%s"',
    (signature) => expect(() => handlerWith().receive(signed(empty, signature))).toThrow(SignatureError),
  );

  it('is a PayloadError where it is no JSON', () =>
    expect(() => handlerWith().receive(signed('hello'))).toThrow(PayloadError));
});

describe('what the number can do', () => {
  it('waits for statuses as long as it is told to', () => {
    expect(handlerWith().capabilities.acknowledgesWithinMs).toBe(120_000);
    expect(handlerWith({ acknowledgeTimeoutMs: 5_000 }).capabilities.acknowledgesWithinMs).toBe(5_000);
  });
});

describe('pace', () => {
  it('is 80 a second for the number, and for a person 45 at once and then one in six seconds', () => {
    expect(handlerWith().pace(chat)).toEqual([
      { key: 'instance', scope: 'instance', burst: 80, perSecond: 80 },
      { key: 'pair:whatsapp:16505551234', scope: 'chat', burst: 45, perSecond: 1 / 6 },
    ]);
  });

  it('is what the operator says for a number beside the phone app', () =>
    expect(handlerWith({ messagesPerSecond: 20 }).pace(chat)[0]).toMatchObject({ burst: 20, perSecond: 20 }));

  it('is shared by all the forms of a number', () => {
    const keys = ['whatsapp:551187654321', 'whatsapp:5511987654321'].map(
      (id) => handlerWith().pace(id as ChatId)[1].key,
    );
    expect(new Set(keys).size).toBe(1);
  });

  it('knows no pair in a group', () =>
    expect(handlerWith().pace('whatsapp:group:Y2Fw' as ChatId)).toHaveLength(1));
});

describe('outside the window', () => {
  const part: Part = { type: 'text', body: { text: 'hi', spans: [] }, buttons: [] };

  it('nothing is sent unless a template is configured', () =>
    expect(handlerWith().outsideWindow(part)).toBeNull());

  it('the template is sent where there is one', () => {
    const windowTemplate = { name: 'answer', language: 'en' };
    expect(handlerWith({ windowTemplate }).outsideWindow(part)).toMatchObject({
      type: 'template',
      ...windowTemplate,
    });
  });
});

describe('with the platform', () => {
  let platform: FakePlatform;
  const start = async (otherwise: Parameters<typeof startFakePlatform>[0]) => {
    platform = await startFakePlatform(otherwise);
    return handlerWith({ apiUrl: platform.url });
  };
  afterEach(() => platform.close());

  it('a press of an unknown message shows no typing', async () => {
    const handler = await start({});
    await handler.typing(chat, null, signal);
    expect(platform.attempts).toBe(0);
  });

  it("the token is sent to no address that is not Meta's", async () => {
    for (const url of [
      'http://lookaside.fbsbx.com/1',
      'https://fbsbx.com.example.org/1',
      'https://evilfbsbx.com/1',
      'file:///etc/passwd',
      'nonsense',
    ]) {
      const handler = await start({ otherwise: { status: 200, body: { url, file_size: 5 } } });
      const fetching = handler.fetchMedia('{"id":"77"}', signal);
      await expect(fetching).rejects.toMatchObject({ code: 'REJECTED' });
      await expect(fetching).rejects.toThrow(/token is not sent/);
      expect(platform.attempts).toBe(1);
      await platform.close();
    }
  });

  it('every request names the client, or files are not served', async () => {
    const handler = await start({ otherwise: { status: 200, body: { success: true } } });
    await handler.markRead(chat, 'whatsapp:wamid.a' as MessageId, signal);
    expect(platform.requests[0].headers['user-agent']).toBe('omni-hub');
  });

  it('a webhook that another program took over is told by the probe', async () => {
    const url = 'https://hub.example.org/webhooks/whatsapp/support';
    const other = 'https://other.example.org/hook';
    const handler = await start({
      otherwise: { status: 200, body: { success: true, webhook_configuration: { phone_number: other } } },
    });
    await handler.install(url, signal);
    expect((await handler.probe(signal)).problem).toContain(`${other} and not ${url}`);
    await handler.uninstall(signal);
    expect((await handler.probe(signal)).healthy).toBe(true);
  });
});

describe('Meta itself', () => {
  it('is given https addresses only', async () => {
    await expect(handlerWith().install('http://hub.example.org/x', signal)).rejects.toThrow(
      /OMNI_PUBLIC_URL is http/,
    );
  });
});
