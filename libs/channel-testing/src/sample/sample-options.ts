import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { ConformanceOptions } from '../options';
import { startPollingPlatform } from '../platform/polling-platform';
import { readSample } from './sample-inbound';
import { sampleChannel } from './sample.channel';

const webhookSecret = 'sample-webhook-secret';
const token = 'sample-token/1';

/** The options by which the sample channel is checked. */
export const sampleOptions: ConformanceOptions = {
  channel: sampleChannel(),
  config: (apiUrl) => ({ token, webhookSecret, apiUrl }),
  secrets: [token, webhookSecret],
  fixtures: join(__dirname, '../../fixtures'),
  account: { id: '77', name: null, username: null },
  sign: (request) => {
    const signature = createHmac('sha256', webhookSecret).update(request.body).digest('hex');
    return { ...request, headers: { ...request.headers, 'x-sample-signature': signature } };
  },
  unknown: { id: 'e-9', kind: 'brand-new', at: 1, chat: '1', from: '2', message: '3', text: 'x' },
  handshakes: {
    challenge: {
      method: 'GET',
      query: { secret: webhookSecret, challenge: 'c-1' },
      expect: { status: 200, contentType: 'text/plain', body: 'c-1' },
    },
    'false challenge': {
      method: 'GET',
      query: { secret: 'guessed', challenge: 'c-1' },
      expect: { error: 'SIGNATURE' },
    },
  },
  listen: {
    deliveries: ['inbound/text.json', 'inbound/colon.json'],
    read: readSample,
    start: () =>
      startPollingPlatform({
        poll: ({ path, query }) =>
          path === '/updates' ? { confirmed: Number(query.after), answer: (pending) => pending } : null,
        otherwise: () => ({}),
      }),
  },
};
