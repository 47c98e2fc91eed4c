import { describeChannelConformance } from '@omni-hub/channel-testing';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { whatsappChannel } from './whatsapp.channel';

const accessToken = 'EAAmade-up-access-token-of-the-conformance-kit';
const appSecret = 'made-up-app-secret-0123456789abcdef';
const verifyToken = 'made-up-verify-token';

const refusal = (code: number, message: string, details?: string) => ({
  body: {
    error: {
      message: `(#${code}) ${message}`,
      type: 'OAuthException',
      code,
      ...(details && { error_data: { messaging_product: 'whatsapp', details } }),
      fbtrace_id: 'Az8or2yhqkZfEZ-_4Qn_Bam',
    },
  },
});

describeChannelConformance({
  channel: whatsappChannel,
  config: (apiUrl) => ({
    provider: 'cloud',
    phoneNumberId: '1122334455667',
    accessToken,
    appSecret,
    verifyToken,
    apiUrl,
  }),
  secrets: [accessToken, appSecret, verifyToken],
  fixtures: join(__dirname, '../fixtures/cloud'),
  account: {
    id: '1122334455667',
    name: 'Test Business',
    username: '+972 12-345-6789',
    aliases: ['972123456789'],
  },
  sign: (request) => ({
    ...request,
    headers: {
      ...request.headers,
      'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(request.body).digest('hex')}`,
    },
  }),
  unknown: {
    object: 'whatsapp_business_account',
    entry: [{ id: '102290129340398', changes: [{ field: 'telepathy', value: { thought: 'hm' } }] }],
  },
  handshakes: {
    'the request by which Meta proves a webhook': {
      method: 'GET',
      query: { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': verifyToken },
      expect: { status: 200, contentType: 'text/plain', body: '1158201444' },
    },
    'one with another token': {
      method: 'GET',
      query: { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'guessed' },
      expect: { error: 'SIGNATURE' },
    },
    'one without a token': {
      method: 'GET',
      query: { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444' },
      expect: { error: 'SIGNATURE' },
    },
    'one of another mode': {
      method: 'GET',
      query: { 'hub.mode': 'unsubscribe', 'hub.challenge': '1158201444', 'hub.verify_token': verifyToken },
      expect: { error: 'SIGNATURE' },
    },
    'one without a challenge': {
      method: 'GET',
      query: { 'hub.mode': 'subscribe', 'hub.verify_token': verifyToken },
      expect: { error: 'SIGNATURE' },
    },
  },
  refusals: {
    400: refusal(100, 'Invalid parameter', 'Param text["body"] must be at most 4096 characters long'),
    401: refusal(190, 'Error validating access token: Session has expired'),
    429: { ...refusal(130429, 'Rate limit hit'), headers: { 'retry-after': '7' } },
    500: refusal(1, 'An unknown error occurred'),
  },
});
