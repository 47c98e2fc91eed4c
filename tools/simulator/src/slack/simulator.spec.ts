import { createHmac } from 'node:crypto';
import { type HttpServer, readBody, serve } from '../http';
import { control, type Hook, type Json, startHook } from '../spec-kit';
import type { SlackPerson } from './person';
import { type SlackSimulator, startSlackSimulator } from './simulator';
import type { SlackApp, SlackChannel } from './workspace';

describe('The fake Slack', () => {
  let slack: SlackSimulator;
  let app: SlackApp;
  let ada: SlackPerson;
  let channel: SlackChannel;
  let hook: Hook | undefined;
  let forms: HttpServer | undefined;

  beforeEach(async () => {
    slack = await startSlackSimulator();
    app = slack.app();
    ada = slack.person(app, 'Ada');
    channel = slack.channel('kitchen', [ada]);
  });
  afterEach(async () => {
    await slack.close();
    await hook?.close();
    await forms?.close();
    hook = forms = undefined;
  });

  /** An address for the app; answers a function that waits for the first form that comes there. */
  async function nextForm(): Promise<() => Promise<URLSearchParams>> {
    let tell: (form: URLSearchParams) => void;
    const told = new Promise<URLSearchParams>((resolve) => (tell = resolve));
    forms = await serve((request, response) => {
      void readBody(request).then((body) => {
        if (request.headers['content-type']?.includes('urlencoded'))
          tell(new URLSearchParams(body.toString()));
      });
      response.end();
    });
    return () => told;
  }

  async function api(method: string, params: object, token = app.botToken): Promise<Json> {
    const response = await fetch(`${slack.apiUrl}/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(params),
    });
    return response.json();
  }

  async function read(method: string, query: Record<string, string>): Promise<Json> {
    const headers = { authorization: `Bearer ${app.botToken}` };
    const address = `${slack.apiUrl}/${method}?${new URLSearchParams(query).toString()}`;
    return (await fetch(address, { headers })).json();
  }

  const post = (more: object = {}) =>
    api('chat.postMessage', { channel: channel.id, text: 'hello', ...more });
  const actions = (...elements: object[]) => ({ blocks: [{ type: 'actions', elements }] });
  const button = (text: string, action_id = 'a') => ({
    type: 'button',
    action_id,
    value: 'v',
    text: { type: 'plain_text', text },
  });

  it('keeps what an app writes, changes and takes back', async () => {
    const reply = slack.waitForReply(channel, 'hello');
    const { ts } = await post();
    expect(await reply).toMatchObject({ ts, text: 'hello', app });
    await post({ thread_ts: ts, text: 'below' });
    await api('chat.update', { channel: channel.id, ts, text: 'hello you' });
    await api('reactions.add', { channel: channel.id, timestamp: ts, name: 'eyes' });
    expect(slack.transcript(channel)).toEqual([
      'support: hello you (edited) {support eyes}',
      '↳ support: below',
    ]);
    await api('chat.delete', { channel: channel.id, ts });
    expect(await api('chat.delete', { channel: channel.id, ts })).toMatchObject({
      error: 'message_not_found',
    });
  });

  it.each<[string, () => Promise<Json>, string]>([
    ['another token', () => api('auth.test', {}, 'wrong'), 'invalid_auth'],
    ['a method that it has not', () => api('chat.meMessage', {}), 'unknown_method'],
    ['no words', () => post({ text: ' ' }), 'no_text'],
    ['words that are too many', () => post({ text: 'x'.repeat(40_001) }), 'msg_too_long'],
    [
      'a block that is not known',
      () => post({ blocks: [{ type: 'magic', elements: [{}] }] }),
      'invalid_blocks',
    ],
    [
      'an empty run',
      () =>
        post({
          blocks: [
            {
              type: 'rich_text',
              elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] }],
            },
          ],
        }),
      'invalid_blocks',
    ],
    ['a label that is too long', () => post(actions(button('x'.repeat(76)))), 'invalid_blocks'],
    ['two buttons of one name', () => post(actions(button('Yes'), button('No'))), 'invalid_blocks'],
    [
      'a menu without rows',
      () =>
        post(
          actions({ type: 'static_select', action_id: 'a', placeholder: { text: 'Choose' }, options: [] }),
        ),
      'invalid_blocks',
    ],
    ['a thread that is not there', () => post({ thread_ts: '1.000001' }), 'thread_not_found'],
    ['a channel that is not there', () => post({ channel: 'C99999999' }), 'channel_not_found'],
    ['a person who is not there', () => api('conversations.open', { users: 'U99999999' }), 'user_not_found'],
    [
      'JSON where a query is asked for',
      () => api('reactions.get', { channel: channel.id }),
      'invalid_form_data',
    ],
    [
      'a change of what somebody else wrote',
      () => api('chat.update', { channel: channel.id, ts: ada.says('hi', { channel }).ts, text: 'no' }),
      'cant_update_message',
    ],
    [
      'a file that was not uploaded',
      async () => {
        const { file_id: id } = await read('files.getUploadURLExternal', { filename: 'a.png', length: '3' });
        return api('files.completeUploadExternal', { files: [{ id }], channel_id: channel.id });
      },
      'file_not_found',
    ],
  ])('refuses %s', async (_what, ask, error) => {
    expect(await ask()).toMatchObject({ ok: false, error });
    expect(slack.calls().every((call) => call.error === null || call.error === error)).toBe(true);
  });

  it('refuses an app that is not in the channel, and one that was taken out of the workspace', async () => {
    channel.members.delete(app.userId);
    expect(await post()).toMatchObject({ error: 'not_in_channel' });
    app.revoked = true;
    expect(await post()).toMatchObject({ error: 'token_revoked' });
  });

  it('takes files, and gives them to who has the token alone', async () => {
    const { upload_url, file_id } = await read('files.getUploadURLExternal', {
      filename: 'a.png',
      length: '3',
    });
    expect((await fetch(upload_url, { method: 'POST', body: 'four' })).status).toBe(400);
    expect((await fetch(upload_url, { method: 'POST', body: 'png' })).status).toBe(200);
    await api('files.completeUploadExternal', { files: [{ id: file_id }], channel_id: channel.id });
    expect(slack.transcript(channel)).toEqual(['support: (a.png)']);
    const { file } = await read('files.info', { file: file_id });
    const headers = { authorization: `Bearer ${app.botToken}` };
    expect(await (await fetch(file.url_private, { headers })).text()).toBe('png');
    expect(await (await fetch(file.url_private)).text()).toContain('Sign in');
  });

  it('fails as a rule says', async () => {
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'rate-limit', retryAfter: 30 }, times: 1 });
    expect(await post()).toMatchObject({ error: 'ratelimited' });
    expect(await post()).toMatchObject({ ok: true });
  });

  it('tells an app of a mention twice, signed, and again where that is not taken, three times at most', async () => {
    const seen: { retry: unknown; type: string; signed: boolean }[] = [];
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const signature = createHmac('sha256', app.signingSecret)
          .update(`v0:${String(request.headers['x-slack-request-timestamp'])}:${body}`)
          .digest('hex');
        const signed = request.headers['x-slack-signature'] === `v0=${signature}`;
        seen.push({ retry: request.headers['x-slack-retry-num'], type: JSON.parse(body).event.type, signed });
        response.writeHead(500).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    slack.deliversTo(app, `http://127.0.0.1:${port}/`);
    ada.mentions('hi', { channel });
    const deadline = Date.now() + 10_000;
    while (slack.deliveries(app).length < 8 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    server.close();
    server.closeAllConnections();
    expect(seen.every(({ signed }) => signed)).toBe(true);
    for (const type of ['message', 'app_mention'])
      expect(seen.filter((one) => one.type === type).map(({ retry }) => retry)).toEqual([
        undefined,
        '1',
        '2',
        '3',
      ]);
  });

  it('tells an app of an edited mention as a change and as the mention again', async () => {
    hook = await startHook();
    slack.deliversTo(app, hook.url);
    const asked = ada.mentions('helo', { channel });
    await hook.saw(2);
    ada.edits(asked, `<@${app.userId}> hello`);
    await hook.saw(4);
    const changes = hook.received.map(({ update }) => update.event).filter(({ ts }) => ts !== undefined);
    const change = changes.find(({ subtype }) => subtype === 'message_changed');
    expect(change.message).toMatchObject({
      text: expect.stringContaining('hello'),
      edited: { user: ada.id },
    });
    expect(change.previous_message).toMatchObject({ text: expect.stringContaining('helo') });
    expect(change.previous_message).not.toHaveProperty('edited');
    const mentions = changes.filter(({ type }) => type === 'app_mention');
    expect(mentions.map(({ ts, edited }) => [ts, edited?.user])).toEqual([
      [asked.ts, undefined],
      [asked.ts, ada.id],
    ]);
  });

  it('takes the answer to a shortcut where it was given, and in a thread that it names', async () => {
    const order = ada.says('order 17', { channel });
    const form = await nextForm();
    slack.deliversTo(app, forms!.url);
    ada.chooses('explain', order);
    const { response_url, callback_id, message } = JSON.parse((await form()).get('payload')!);
    expect([callback_id, message.ts]).toEqual(['explain', order.ts]);
    const respond = (thread_ts?: string) =>
      fetch(response_url, { method: 'POST', body: JSON.stringify({ text: 'it is a parcel', thread_ts }) });
    expect(await (await respond(order.ts)).text()).toBe('ok');
    expect(await (await respond('1.000001')).json()).toMatchObject({ error: 'thread_not_found' });
    expect(slack.transcript(channel)).toEqual(['Ada: order 17', '↳ support: it is a parcel']);
  });

  it('tells an app what it writes itself, as Slack does', async () => {
    hook = await startHook();
    slack.deliversTo(app, hook.url);
    const { ts } = await post();
    await hook.saw(1);
    expect(hook.received[0].update.event).toMatchObject({
      type: 'message',
      ts,
      bot_id: app.botId,
      channel_type: 'channel',
    });
  });

  it('can be used from outside its process', async () => {
    const call = (request: string, body?: object) => control(slack.url, request, body);
    const form = await nextForm();
    await call(`POST /control/apps/${app.id}/request-url`, { url: forms!.url });
    expect(await call('POST /control/people', { name: 'Bob' })).toMatchObject({ name: 'Bob' });
    const hall = await call('POST /control/channels', { name: 'hall', members: ['Bob'] });
    const { ts } = await call('POST /control/people/Bob/mentions', { text: 'hello', chat: 'hall' });
    await post({ channel: hall.id, thread_ts: ts, ...actions(button('Yes')) });
    await call('POST /control/people/Bob/presses', { button: 'Yes', chat: 'hall' });
    expect(JSON.parse((await form()).get('payload')!).actions).toMatchObject([{ value: 'v' }]);
    expect((await call('GET /control/chats/hall')).transcript).toEqual([
      'Bob: @support hello',
      '↳ support: hello [Yes]',
    ]);
    expect(await call('POST /control/people/Eve/says', { text: 'hi' })).toEqual({
      error: 'There is nobody with the id or the name Eve.',
    });
    await call(`POST /control/apps/${app.id}/revoke`);
    expect(await api('auth.test', {})).toMatchObject({ ok: false, error: 'token_revoked' });
  });
});
