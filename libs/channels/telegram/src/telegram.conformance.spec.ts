import { describeChannelConformance, startPollingPlatform } from '@omni-hub/channel-testing';
import { join } from 'node:path';
import { readUpdate } from './handler/inbound';
import { telegramChannel } from './telegram.channel';

const token = '7777000:AAE-made_up-Token-of-the-conformance-kit';
const webhookSecret = 'a-secret_that-only-Telegram_knows';

describeChannelConformance({
  channel: telegramChannel,
  config: (apiUrl) => ({ token, webhookSecret, apiUrl }),
  secrets: [token, webhookSecret],
  fixtures: join(__dirname, '../fixtures'),
  account: { id: '7777000', name: 'Support', username: 'vercelchatsdkbot' },
  sign: (request) => ({
    ...request,
    headers: { ...request.headers, 'x-telegram-bot-api-secret-token': webhookSecret },
  }),
  unknown: { update_id: 700000099, telepathy: { id: 1 } },
  listen: {
    config: { mode: 'polling' },
    read: readUpdate,
    deliveries: ['inbound/recorded-text.json', 'inbound/group-mention-of-self.json'],
    start: () =>
      startPollingPlatform({
        poll: (request, delivered) => {
          if (!request.path.endsWith('/getUpdates')) return null;
          const { offset = 0 } = JSON.parse(request.body.toString()) as { offset?: number };
          const confirmed = delivered.filter(
            (update) => (update as { update_id: number }).update_id < offset,
          ).length;
          return { confirmed, answer: (result) => ({ ok: true, result }) };
        },
        otherwise: () => ({ ok: true, result: true }),
      }),
  },
  exempt: {
    'IN-8': 'Telegram proves a webhook by the secret in each request alone; there is no handshake.',
  },
});
