import { describeChannelConformance } from '@omni-hub/channel-testing';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { whatsappChannel } from './whatsapp.channel';

const apiKey = 'EVOLUTION-SERVER-KEY-0001';
const webhookSecret = 'evolution-webhook-secret-0001';
const secretPath = createHmac('sha256', webhookSecret).update('webhook path').digest('hex').slice(0, 32);

const words = (status: number, error: string, message: unknown) => ({
  body: { status, error, response: { message } },
});

describeChannelConformance({
  channel: whatsappChannel,
  config: (apiUrl) => ({
    provider: 'evolution',
    apiUrl,
    mediaUrl: apiUrl,
    apiKey,
    webhookSecret,
    instanceName: 'loja',
  }),
  secrets: [apiKey, webhookSecret, secretPath],
  fixtures: join(__dirname, '../fixtures/evolution'),
  account: { id: '5511999990000', name: 'Loja', username: null, aliases: ['lid:141000111222333'] },
  sign: (request) => ({
    ...request,
    path: request.path === '' ? secretPath : `${secretPath}/${request.path}`,
    headers: { ...request.headers, 'x-webhook-secret': webhookSecret },
  }),
  unknown: {
    event: 'telepathy.upsert',
    instance: 'loja',
    data: { id: 1 },
    sender: '5511999990000@s.whatsapp.net',
  },
  refusals: {
    400: words(400, 'Bad Request', [['instance requires property "text"']]),
    401: words(401, 'Unauthorized', 'Unauthorized'),
    429: { headers: { 'retry-after': '7' }, ...words(429, 'Too Many Requests', ['slow down']) },
    500: words(500, 'Internal Server Error', ['TypeError: Cannot read properties of undefined']),
  },
  exempt: {
    'IN-8': 'Evolution proves a webhook by what is in each request alone; there is no handshake.',
  },
});
