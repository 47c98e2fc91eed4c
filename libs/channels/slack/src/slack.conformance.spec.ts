import { describeChannelConformance } from '@omni-hub/channel-testing';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { slackChannel } from './slack.channel';

const botToken = 'bot-token-of-the-conformance-kit';
const signingSecret = 'signing-secret-of-the-conformance-kit';
const timestamp = '1767574200';

const verification = { type: 'url_verification', challenge: 'what-slack-wants-to-see-again' };

describeChannelConformance({
  channel: slackChannel,
  config: (apiUrl) => ({ botToken, signingSecret, apiUrl }),
  secrets: [botToken, signingSecret],
  fixtures: join(__dirname, '../fixtures'),
  account: { id: 'U0LAN0Z89', name: 'support', username: 'support', aliases: ['B0LAN0Z10'] },
  sign: (request) => {
    const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), request.body]);
    const signature = `v0=${createHmac('sha256', signingSecret).update(signed).digest('hex')}`;
    const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
    return { ...request, headers: { ...request.headers, ...headers } };
  },
  unknown: { type: 'event_callback', event_id: 'Ev0PV52K99', event: { type: 'telepathy_sensed' } },
  handshakes: {
    'the request by which Slack tries an address': {
      method: 'POST',
      body: verification,
      expect: { status: 200, contentType: 'text/plain', body: verification.challenge },
    },
    'the look at the certificate of the address, which Slack does not sign': {
      method: 'GET',
      query: { ssl_check: '1', token: 'deprecated' },
      expect: { status: 200 },
    },
    'the same as a form': {
      method: 'POST',
      body: 'ssl_check=1&token=deprecated',
      signed: false,
      expect: { status: 200 },
    },
    'the trial of an address by somebody else': {
      method: 'POST',
      body: verification,
      signed: false,
      expect: { error: 'SIGNATURE' },
    },
    'the trial of an address without a challenge': {
      method: 'POST',
      body: { type: 'url_verification' },
      expect: { error: 'PAYLOAD' },
    },
  },
});
