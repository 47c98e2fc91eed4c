import { startFakePlatform } from '@omni-hub/channel-testing';
import { readUpdate } from './inbound';
import { ignoredUpdates } from './inbound-ignored';
import { readKinds } from './setup';
import { TelegramHandler } from './telegram.handler';

const token = '7777000:AAE-made_up-Token';
const url = 'https://hub.example.org/webhooks/telegram/support-bot';
const signal = new AbortController().signal;

describe('the kinds of updates that are asked for', () => {
  it.each(readKinds)('%s is read', (kind) => {
    expect(Object.keys(ignoredUpdates)).not.toContain(kind);
    const { ignored = [] } = readUpdate({ update_id: 1, [kind]: {} }, null);
    for (const { reason } of ignored) expect(reason).not.toMatch(/after this version was made/);
  });

  it('are the only ones that are read', () => {
    const kinds = ['guest_message', 'inline_query', 'poll_answer', 'chat_join_request', 'something_new'];
    for (const kind of kinds) expect(readUpdate({ update_id: 1, [kind]: {} }, null).events).toEqual([]);
  });
});

describe('a webhook that another program took over', () => {
  it('is told by the probe, with the address that is set now', async () => {
    const other = 'https://other.example.org/hook';
    const ok = (result: unknown) => ({ status: 200, body: { ok: true, result } });
    const path = (method: string) => `/bot${token}/${method}`;
    const platform = await startFakePlatform({
      calls: [
        { expect: { path: path('setWebhook') }, answer: ok(true) },
        { expect: { path: path('getMe') }, answer: ok({ id: 7777000, is_bot: true, first_name: 'Support' }) },
        {
          expect: { path: path('getWebhookInfo') },
          answer: ok({ url: other, pending_update_count: 0, allowed_updates: readKinds }),
        },
      ],
    });
    const config = {
      token,
      webhookSecret: 's',
      mode: 'webhook' as const,
      apiUrl: platform.url,
      messagesPerSecond: 30,
    };
    const handler = new TelegramHandler(config, { account: null, log: { info: () => {}, warn: () => {} } });
    try {
      await handler.install(url, signal);
      const { healthy, problem } = await handler.probe(signal);
      expect(healthy).toBe(false);
      expect(problem).toContain(`${other} and not ${url}`);
      expect(platform.problems()).toEqual([]);
    } finally {
      await platform.close();
    }
  });
});
