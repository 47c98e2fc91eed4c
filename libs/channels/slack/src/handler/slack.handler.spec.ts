import { validateConfig, type WebhookRequest } from '@omni-hub/channel-sdk';
import type { ChatId } from '@omni-hub/contracts';
import { createHmac } from 'node:crypto';
import { SlackConfig } from '../models/config.models';
import { slackChannel } from '../slack.channel';

const signingSecret = 'made-up-signing-secret';
const config = validateConfig(SlackConfig, { botToken: 'made-up-token', signingSecret });
const log = { info: () => undefined, warn: () => undefined };
const account = { id: 'U0LAN0Z89', name: 'support', username: 'support', aliases: ['B0LAN0Z10'] };
const handlerOf = (known: typeof account | null) => slackChannel.create(config, { account: known, log });

function signed(text: string, headers: WebhookRequest['headers'] = {}): WebhookRequest {
  const signature = createHmac('sha256', signingSecret).update(`v0:1767574200:${text}`).digest('hex');
  const proof = { 'x-slack-request-timestamp': '1767574200', 'x-slack-signature': `v0=${signature}` };
  return { method: 'POST', path: '', query: {}, headers: { ...headers, ...proof }, body: Buffer.from(text) };
}

const event = (inner: object, more: object = {}) =>
  signed(JSON.stringify({ type: 'event_callback', event_id: 'Ev1', event_time: 1, event: inner, ...more }));
const said = { channel: 'C1', user: 'U1', text: '<@U0LAN0Z89> hi', ts: '1.000100', event_ts: '1.000100' };

describe('what Slack posts', () => {
  it('twice, as a message and as a mention, is one event', () => {
    const ids = ['message', 'app_mention'].map(
      (type) =>
        handlerOf(account).receive!(event({ type, ...said }, { event_id: `Ev-${type}` })).events[0].eventId,
    );
    expect(new Set(ids).size).toBe(1);
  });

  it('names the account before it was ever probed', () => {
    const authorizations = [{ user_id: 'U0LAN0Z89', is_bot: true }];
    const { events } = handlerOf(null).receive!(event({ type: 'message', ...said }, { authorizations }));
    expect(events).toMatchObject([{ message: { mentions: [{ isSelf: true }], text: '@U0LAN0Z89 hi' } }]);
  });

  it.each(['payload=nonsense', 'payload=[]', 'command=%2Fask', 'hello', ''])(
    'and is neither event, command nor press is refused: "%s"',
    (text) =>
      expect(() => handlerOf(account).receive!(signed(text))).toThrow(
        expect.objectContaining({ code: 'PAYLOAD' }),
      ),
  );

  it('without what can be answered is ignored with the reason', () => {
    const actions = [{ type: 'button', action_id: 'omni-hub:0', value: 'yes' }];
    const place = { user: { id: 'U1' }, channel: { id: 'C1' } };
    for (const payload of [
      { type: 'block_actions', actions, ...place },
      { type: 'message_action', ...place },
    ]) {
      const text = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      const { events, ignored } = handlerOf(account).receive!(signed(text));
      expect([events, ignored]).toEqual([
        [],
        [expect.objectContaining({ reason: expect.stringContaining('Slack does not say') })],
      ]);
    }
    const command = handlerOf(account).receive!(signed('command=%2Fask&trigger_id=1.2'));
    expect(command).toMatchObject({ events: [], ignored: [{ eventId: '1.2' }] });
  });

  it('is kept without the token by which Slack used to prove itself', () => {
    const { scrub } = handlerOf(account);
    const scrubbed = (text: string) => scrub!(Buffer.from(text)).toString();
    expect(scrubbed('{"token":"old","type":"x"}')).toBe('{"type":"x"}');
    expect(scrubbed('token=old&command=%2Fask')).toBe('command=%2Fask');
    const payload = encodeURIComponent('{"token":"old","type":"x"}');
    expect(scrubbed(`payload=${payload}`)).toBe(`payload=${encodeURIComponent('{"type":"x"}')}`);
    expect(scrubbed('hello')).toBe('hello');
  });
});

describe('the pace of an app', () => {
  it('is that of a channel, whatever the thread, and that of the workspace', () => {
    const keys = (chat: string) => handlerOf(account).pace!(chat as ChatId).map(({ key }) => key);
    expect(keys('slack:C1')).toEqual(['instance', 'chat:C1']);
    expect(keys('slack:C1:thread:1.000100')).toEqual(keys('slack:C1'));
    expect(keys('slack:U1')).toEqual(['instance', 'chat:U1']);
  });
});
