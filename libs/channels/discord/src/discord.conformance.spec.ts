import {
  describeChannelConformance,
  startGatewayPlatform,
  type GatewayRequest,
} from '@omni-hub/channel-testing';
import { generateKeyPairSync, sign } from 'node:crypto';
import { join } from 'node:path';
import { discordChannel } from './discord.channel';
import { readDispatch } from './handler/inbound';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const publicKeyHex = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex');
const accountId = '1457469483726668048';
const token = `${Buffer.from(accountId).toString('base64url')}.GmadeUp.of-the_conformance-kit`;
const timestamp = '1767574200';

const refusal = (code: number, message: string, more: object = {}) => ({ body: { message, code, ...more } });

describeChannelConformance({
  channel: discordChannel,
  config: (apiUrl) => ({
    token,
    applicationId: accountId,
    publicKey: publicKeyHex,
    mode: 'both',
    apiUrl,
  }),
  secrets: [token],
  fixtures: join(__dirname, '../fixtures'),
  account: { id: accountId, name: 'Chat SDK Demo', username: 'Chat SDK Demo' },
  sign: (request) => ({
    ...request,
    headers: {
      ...request.headers,
      'x-signature-timestamp': timestamp,
      'x-signature-ed25519': sign(
        null,
        Buffer.concat([Buffer.from(timestamp), request.body]),
        privateKey,
      ).toString('hex'),
    },
  }),
  unknown: { id: '1457536583141163190', application_id: accountId, type: 99, token: 'made-up', version: 1 },
  handshakes: {
    'the request by which Discord tries an address': {
      method: 'POST',
      body: { id: '1457536583141163191', application_id: accountId, type: 1, token: 'made-up', version: 1 },
      expect: { status: 200, contentType: 'application/json', body: '{"type":1}' },
    },
    'the same with a false signature, which Discord tries too': {
      method: 'POST',
      headers: { 'x-signature-timestamp': timestamp, 'x-signature-ed25519': 'ab'.repeat(64) },
      body: { id: '1457536583141163191', application_id: accountId, type: 1, token: 'made-up', version: 1 },
      signed: false,
      expect: { error: 'SIGNATURE' },
    },
  },
  refusals: {
    400: refusal(50035, 'Invalid Form Body', {
      errors: {
        content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }] },
      },
    }),
    401: refusal(0, '401: Unauthorized'),
    429: {
      body: { message: 'You are being rate limited.', retry_after: 7, global: false },
      headers: { 'retry-after': '7', 'x-ratelimit-scope': 'user' },
    },
    500: refusal(0, '500: Internal Server Error'),
  },
  listen: {
    read: readDispatch,
    deliveries: ['inbound/recorded-mention.json', 'inbound/recorded-thread-message.json'],
    start: () =>
      startGatewayPlatform({
        answer: (_request, gatewayUrl) => ({
          url: gatewayUrl,
          shards: 1,
          session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
        }),
        hello: () => ({ op: 10, d: { heartbeat_interval: 100 } }),
        read: (frame) => readRequest(frame as { op: number; d: never }),
        ready: (session, s, gatewayUrl) => ({
          op: 0,
          t: 'READY',
          s,
          d: { v: 10, session_id: session, resume_gateway_url: gatewayUrl, guilds: [] },
        }),
        resumed: (_session, s) => ({ op: 0, t: 'RESUMED', s, d: {} }),
        sessionOver: () => ({ op: 9, d: false }),
        acknowledged: () => ({ op: 11 }),
        dispatch: (body, s) => {
          const { t, d } = body as { t: string; d: unknown };
          return { op: 0, t, s, d };
        },
      }),
  },
});

function readRequest({ op, d }: { op: number; d: never }): GatewayRequest | null {
  if (op === 1) return { kind: 'heartbeat', sequence: d };
  if (op === 2) return { kind: 'identify' };
  if (op !== 6) return null;
  const { session_id: session, seq: sequence } = d as { session_id: string; seq: number };
  return { kind: 'resume', session, sequence };
}
