import type { Person } from '@omni-hub/simulator';
import { until } from './harness/until';
import { botToken, instanceName, webhookSecret, World } from './harness/world';

interface Status {
  state: string;
  problem: string | null;
  lastInboundAt: string | null;
  lastSendAt: string | null;
  platform: { healthy: boolean; facts: Record<string, unknown> };
}

describe('the operator’s API', () => {
  let world: World;
  let ada: Person;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.person({ name: 'Ada' })));

  const status = () => world.operator.get<Status>(`/api/v1/instances/${instanceName}/status`);

  describe('instances', () => {
    it('are made, read, changed and deleted; secrets can be written and not read', async () => {
      const other = world.telegram.bot({ token: '99:another-token', username: 'other_bot' });
      const made = await world.hub.api.post(
        '/api/v1/instances',
        world.instanceOf({
          instance: { name: 'other', agent: { kind: 'echo' } },
          config: { token: other.token },
        }),
      );
      expect(made.status).toBe(201);
      expect(made.data).toMatchObject({
        name: 'other',
        channel: 'telegram',
        enabled: true,
        config: { token: '***', webhookSecret: '***' },
        agent: { kind: 'echo' },
        groups: 'mention',
        onUnknown: 'resend',
        webhookUrl: `${world.hub.url}/webhooks/telegram/other`,
      });
      const listed = await world.operator.all<{ name: string }>('/api/v1/instances');
      expect(listed.map(({ name }) => name)).toEqual(['other', instanceName]);

      const changed = await world.operator.patch<{ groups: string; config: object }>(
        '/api/v1/instances/other',
        {
          groups: 'always',
          config: { token: '***', messagesPerSecond: 5 },
        },
      );
      expect(changed).toMatchObject({ groups: 'always', config: { token: '***', messagesPerSecond: 5 } });
      const grace = world.person({ name: 'Grace', bot: other });
      grace.says('do you still have your token?');
      await world.reply(grace, 'do you still have your token?');

      await world.operator.delete('/api/v1/instances/other');
      expect((await world.hub.api.get('/api/v1/instances/other')).status).toBe(404);
      expect(
        (await world.operator.chats()).some(({ chatId }) => chatId === `telegram:${grace.chat.id}`),
      ).toBe(false);
      expect(other.updates.webhook).toBeNull();
    });

    it('are listed page by page', async () => {
      await world.operator.post(
        '/api/v1/instances',
        world.instanceOf({
          instance: { name: 'another', enabled: false },
          config: { apiUrl: 'http://127.0.0.1:9' },
        }),
      );
      type Page = { items: { name: string }[]; nextCursor: string | null };
      const first = await world.operator.get<Page>('/api/v1/instances?limit=1');
      const second = await world.operator.get<Page>(`/api/v1/instances?limit=1&cursor=${first.nextCursor}`);
      expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['another', instanceName]);
      expect(second.nextCursor).toBeNull();
    });

    it('that are disabled keep what they receive and answer nothing', async () => {
      await world.operator.patch(`/api/v1/instances/${instanceName}`, { enabled: false });
      const question = ada.says('anybody?');
      const trace = await world.traceOf(question);
      expect(trace).toMatchObject({ outcome: 'silent', because: expect.stringContaining('disabled') });
      expect((await status()).state).toBe('disabled');
      await world.operator.patch(`/api/v1/instances/${instanceName}`, { enabled: true });
      ada.says('now?');
      await world.reply(ada, 'now?');
    });
  });

  describe('connecting', () => {
    it('is done when an instance is made: the platform knows the address, the secret and every kind of update', () => {
      expect(world.bot.updates.webhook).toMatchObject({
        url: `${world.hub.url}/webhooks/telegram/${instanceName}`,
        secretToken: webhookSecret,
      });
      expect(world.bot.updates.info().allowed_updates).toEqual(
        expect.arrayContaining([
          'message',
          'edited_message',
          'callback_query',
          'message_reaction',
          'chat_member',
        ]),
      );
    });

    it('can be undone and done again', async () => {
      await world.operator.post(`/api/v1/instances/${instanceName}/disconnect`);
      expect(world.bot.updates.webhook).toBeNull();
      const told = await status();
      expect(told).toMatchObject({
        state: 'degraded',
        problem: expect.stringContaining('No webhook is set'),
      });
      ada.says('kept by the platform');
      const connected = await world.operator.post<Status>(`/api/v1/instances/${instanceName}/connect`);
      expect(connected.state).toBe('ok');
      await world.reply(ada, 'kept by the platform');
    });

    it('tells a platform that cannot be reached as what it is', async () => {
      await world.telegram.offline();
      const { status: code, data } = await world.hub.api.post(`/api/v1/instances/${instanceName}/connect`);
      expect([code, data.code]).toEqual([502, 'UNREACHABLE']);
      expect(data.detail).not.toContain(botToken);
      await world.telegram.online();
      await world.operator.post(`/api/v1/instances/${instanceName}/connect`);
    });
  });

  it('what a platform has no word for is said to be so: a bot is linked, restarted or logged out nowhere', async () => {
    for (const [method, route, ability] of [
      ['GET', '/qr', 'link'],
      ['POST', '/restart', 'restart'],
      ['POST', '/logout', 'logout'],
      ['DELETE', '?atPlatform=true', 'remove'],
    ]) {
      const url = `/api/v1/instances/${instanceName}${route}`;
      const { status: code, data } = await world.hub.api.request({ method, url });
      expect([route, code, data.code]).toEqual([route, 409, 'UNSUPPORTED']);
      expect(data.detail).toContain(`abilities.${ability}`);
    }
    expect((await status()).state).toBe('ok');
  });

  describe('the status', () => {
    it('tells the last message in, the last one out, and the platform’s own word', async () => {
      const before = Date.now() - 1;
      ada.says('hello');
      await world.reply(ada, 'hello');
      await until('the send is proven', async () => Date.parse((await status()).lastSendAt ?? '') > before);
      const told = await status();
      expect(Date.parse(told.lastInboundAt!)).toBeGreaterThan(before);
      expect(told).toMatchObject({
        state: 'ok',
        problem: null,
        connection: null,
        restriction: null,
        platform: {
          healthy: true,
          account: { username: 'support_bot' },
          facts: { webhookUrl: `${world.hub.url}/webhooks/telegram/${instanceName}`, pendingUpdates: 0 },
        },
      });
    });

    it('tells what the platform says of its deliveries that fail', async () => {
      const path = `${world.telegram.url}/bot${botToken}/setWebhook`;
      const wrong = new URLSearchParams({
        url: `${world.hub.url}/webhooks/telegram/${instanceName}`,
        secret_token: 'not-the-one',
      });
      await fetch(path, { method: 'POST', body: wrong });
      ada.says('refused at the door');
      await until('the platform has tried', () => world.bot.updates.info().last_error_message !== undefined);
      const told = await status();
      expect(told.state).toBe('degraded');
      expect(told.problem).toMatch(/cannot deliver.*401/);
      expect(told.platform.facts).toMatchObject({
        lastError: expect.stringContaining('401'),
        pendingUpdates: 1,
      });
      await world.operator.post(`/api/v1/instances/${instanceName}/connect`);
      await world.reply(ada, 'refused at the door');
      expect((await status()).state).toBe('ok');
    });
  });

  describe('reading', () => {
    it('chats and their messages, page by page, both directions', async () => {
      for (let index = 0; index < 5; index++) {
        ada.says(`line ${index}`);
        await world.reply(ada, `line ${index}`);
      }
      const chat = (await world.operator.chat(`telegram:${ada.chat.id}`))!;
      expect(chat).toMatchObject({ instance: instanceName, kind: 'direct' });
      expect(await world.operator.get(`/api/v1/chats/${chat.id}`)).toMatchObject({ id: chat.id });

      type Page = { items: { id: string; direction: string }[]; nextCursor: string | null };
      const seen: string[] = [];
      let pages = 0;
      for (let cursor: string | null = ''; cursor !== null; pages++) {
        const query: string = `order=oldest&limit=3${cursor && `&cursor=${cursor}`}`;
        const page: Page = await world.operator.get(`/api/v1/chats/${chat.id}/messages?${query}`);
        expect(page.items.length).toBeLessThanOrEqual(3);
        seen.push(...page.items.map(({ direction }) => direction));
        cursor = page.nextCursor;
      }
      expect(pages).toBe(4);
      expect(seen).toEqual(Array.from({ length: 5 }, () => ['in', 'out']).flat());
      const newest = await world.operator.get<Page>(`/api/v1/chats/${chat.id}/messages?limit=1`);
      expect(newest.items[0].direction).toBe('out');
    });

    it('one message: what came, byte by byte, and what became of what was sent', async () => {
      const said = ada.says('exactly this');
      const reply = await world.reply(ada, 'exactly this');
      const stored = await world.stored(said);
      await world.ended(stored);
      const inbound = await world.operator.get<{ raw: string; turnId: string }>(
        `/api/v1/messages/${stored.id}`,
      );
      expect(JSON.parse(inbound.raw).message.message_id).toBe(said.message_id);
      const chat = (await world.operator.chat(`telegram:${ada.chat.id}`))!;
      const out = (await world.operator.messages(chat)).find(({ direction }) => direction === 'out')!;
      expect(await world.operator.get(`/api/v1/messages/${out.id}`)).toMatchObject({
        turnId: inbound.turnId,
        deliveries: [
          { status: 'sent', attempts: 1, platformIds: [`telegram:${ada.chat.id}:${reply.message_id}`] },
        ],
      });
    });

    it('the channels and what they can do', async () => {
      const { items } = await world.operator.get<{ items: { id: string; capabilities: object }[] }>(
        '/api/v1/channels',
      );
      expect(items).toEqual([
        expect.objectContaining({
          id: 'telegram',
          capabilities: { bot: expect.objectContaining({ maxTextLength: 4096 }) },
        }),
        expect.objectContaining({
          id: 'whatsapp',
          capabilities: {
            cloud: expect.objectContaining({ replyWindowMs: 86_400_000 }),
            evolution: expect.objectContaining({ replyWindowMs: null }),
          },
        }),
        expect.objectContaining({
          id: 'discord',
          capabilities: { bot: expect.objectContaining({ maxTextLength: 2_000, idempotentSend: true }) },
        }),
        expect.objectContaining({
          id: 'slack',
          capabilities: { app: expect.objectContaining({ maxTextLength: 4000 }) },
        }),
      ]);
      const instance = await world.operator.get<object>(`/api/v1/instances/${instanceName}`);
      expect(instance).toMatchObject({ capabilities: { maxTextLength: 4096, abilities: { link: false } } });
    });

    it('the metrics, for Prometheus', async () => {
      const { data, headers } = await world.hub.api.get<string>('/metrics');
      expect(headers['content-type']).toContain('text/plain');
      for (const name of [
        'omni_turns_in_flight',
        'omni_deliveries_in_flight',
        'omni_oldest_turn_seconds',
        'omni_dead_letters',
        'process_cpu_seconds_total',
      ])
        expect(data).toMatch(new RegExp(`^${name} `, 'm'));
      expect(data).toMatch(/^omni_\w+_total\{.*channel="telegram".*\} [1-9]/m);
    });
  });

  describe('keys', () => {
    const make = async (scopes: string[], instances?: string[]) => {
      const made = await world.operator.post<{ id: string; key: string }>('/api/v1/api-keys', {
        name: 'a key',
        scopes,
        instances,
      });
      const as = async (method: string, url: string, data?: object) =>
        (await world.hub.api.request({ method, url, data, headers: { 'x-api-key': made.key } })).status;
      return { ...made, as };
    };
    const hi = { to: 'telegram:1', content: { type: 'text', text: 'hi' } };

    it('open what their scopes name, and nothing else', async () => {
      const reader = await make(['messages:read']);
      expect(await reader.as('GET', '/api/v1/chats')).toBe(200);
      expect(await reader.as('GET', '/api/v1/dead-letters')).toBe(200);
      expect(await reader.as('GET', '/api/v1/instances')).toBe(403);
      expect(await reader.as('POST', `/api/v1/instances/${instanceName}/messages`, hi)).toBe(403);
      expect(await reader.as('POST', '/api/v1/dead-letters/replay', {})).toBe(403);
      expect(await reader.as('POST', '/api/v1/turns/one/replay', {})).toBe(403);
      expect(await reader.as('GET', '/api/v1/api-keys')).toBe(403);
      expect(await reader.as('POST', '/api/v1/api-keys', { name: 'more', scopes: ['*'] })).toBe(403);
    });

    it('that may send may upload what they send, also where they are bound to an instance', async () => {
      for (const [scope, instances, status] of [
        ['messages:send', undefined, 201],
        ['messages:send', [instanceName], 201],
        ['messages:read', undefined, 403],
      ] as const) {
        const key = await make([scope], instances && [...instances]);
        expect(await key.as('POST', '/api/v1/media?filename=a.txt', Buffer.from('hello'))).toBe(status);
      }
    });

    it('give no other key what they lack themselves', async () => {
      const giver = await make(['api-keys:write', 'messages:read']);
      expect(await giver.as('POST', '/api/v1/api-keys', { name: 'less', scopes: ['messages:read'] })).toBe(
        201,
      );
      expect(await giver.as('POST', '/api/v1/api-keys', { name: 'more', scopes: ['messages:send'] })).toBe(
        403,
      );
      expect(await giver.as('POST', '/api/v1/api-keys', { name: 'all', scopes: ['*'] })).toBe(403);
    });

    it('work as a bearer token too', async () => {
      const { key } = await make(['messages:read']);
      const headers = { 'x-api-key': undefined, authorization: `Bearer ${key}` };
      expect((await world.hub.api.get('/api/v1/chats', { headers })).status).toBe(200);
    });

    it('that are bound to an instance reach no other one, by no way', async () => {
      ada.says('a private matter');
      await world.reply(ada, 'a private matter');
      const chat = (await world.operator.chat(`telegram:${ada.chat.id}`))!;
      const [message] = await world.operator.messages(chat);
      await world.webhook('not an update');
      const [letter] = await world.operator.deadLetters();

      const bound = await make(['*'], ['somebody-elses']);
      for (const [method, path] of [
        ['GET', `/api/v1/instances/${instanceName}`],
        ['GET', `/api/v1/instances/${instanceName}/status`],
        ['PATCH', `/api/v1/instances/${instanceName}`],
        ['DELETE', `/api/v1/instances/${instanceName}`],
        ['POST', `/api/v1/instances/${instanceName}/connect`],
        ['POST', `/api/v1/instances/${instanceName}/disconnect`],
        ['GET', `/api/v1/instances/${instanceName}/qr`],
        ['POST', `/api/v1/instances/${instanceName}/restart`],
        ['POST', `/api/v1/instances/${instanceName}/logout`],
        ['DELETE', `/api/v1/instances/${instanceName}?atPlatform=true`],
        ['POST', `/api/v1/instances/${instanceName}/messages`],
        ['POST', '/api/v1/instances'],
        ['GET', `/api/v1/chats?instance=${instanceName}`],
        ['GET', `/api/v1/chats/${chat.id}`],
        ['GET', `/api/v1/chats/${chat.id}/messages`],
        ['GET', `/api/v1/messages/${message.id}`],
        ['GET', `/api/v1/messages/${message.id}/trace`],
        ['GET', `/api/v1/dead-letters?instance=${instanceName}`],
        ['GET', `/api/v1/dead-letters/${letter.id}`],
        ['POST', `/api/v1/dead-letters/${letter.id}/replay`],
        ['POST', '/api/v1/dead-letters/replay'],
        ['DELETE', `/api/v1/dead-letters/${letter.id}`],
        ['GET', `/api/v1/traces?instance=${instanceName}`],
        ['GET', `/api/v1/traces/analytics?instance=${instanceName}`],
        ['GET', `/api/v1/traces/${message.id}`],
        ['GET', `/api/v1/turns?instance=${instanceName}`],
        ['GET', `/api/v1/turns/${message.turnId}`],
        ['POST', `/api/v1/turns/${message.turnId}/replay`],
        ['GET', `/api/v1/replays?instance=${instanceName}`],
        ['POST', '/api/v1/replays'],
        ['GET', '/api/v1/replays/one'],
        ['DELETE', '/api/v1/replays/one'],
        ['GET', `/api/v1/instances/${instanceName}/shadow`],
        ['GET', '/api/v1/api-keys'],
        ['POST', '/api/v1/api-keys'],
        ['DELETE', `/api/v1/api-keys/${bound.id}`],
      ]) {
        expect([method, path, await bound.as(method, path, method === 'GET' ? undefined : {})]).toEqual([
          method,
          path,
          403,
        ]);
      }
      for (const list of ['/api/v1/instances', '/api/v1/chats', '/api/v1/dead-letters']) {
        const { status: code, data } = await world.hub.api.get(list, { headers: { 'x-api-key': bound.key } });
        expect([list, code === 403 || data.items.length === 0]).toEqual([list, true]);
      }
    });

    it('that are bound to an instance send by it', async () => {
      const bound = await make(['messages:send', 'instances:read'], [instanceName]);
      ada.says('hello');
      await world.reply(ada, 'hello');
      const to = `telegram:${ada.chat.id}`;
      const path = `/api/v1/instances/${instanceName}`;
      expect(await bound.as('POST', `${path}/messages`, { ...hi, to })).toBe(202);
      await world.reply(ada, 'hi');
      expect(await bound.as('GET', path)).toBe(200);
    });

    it('are shown once, listed without themselves, and end when revoked', async () => {
      const { id, key, as } = await make(['messages:read']);
      const listed = await world.operator.get<{ items: { id: string }[] }>('/api/v1/api-keys');
      expect(listed.items.map((item) => item.id)).toContain(id);
      expect(JSON.stringify(listed)).not.toContain(key);
      expect(await as('GET', '/api/v1/chats')).toBe(200);
      await world.operator.delete(`/api/v1/api-keys/${id}`);
      expect(await as('GET', '/api/v1/chats')).toBe(401);
    });
  });

  it('is documented: every documented route is there, and answers as itself', async () => {
    const { paths } = await world.operator.get<{ paths: Record<string, Record<string, unknown>> }>(
      '/openapi.json',
    );
    for (const route of [
      'get /health',
      'get /ready',
      'get /metrics',
      'get /api/v1/instances',
      'post /api/v1/instances',
      'get /api/v1/instances/{name}',
      'patch /api/v1/instances/{name}',
      'delete /api/v1/instances/{name}',
      'get /api/v1/instances/{name}/status',
      'post /api/v1/instances/{name}/connect',
      'post /api/v1/instances/{name}/disconnect',
      'get /api/v1/instances/{name}/qr',
      'post /api/v1/instances/{name}/restart',
      'post /api/v1/instances/{name}/logout',
      'post /api/v1/instances/{name}/messages',
      'get /api/v1/messages',
      'get /api/v1/messages/{id}',
      'get /api/v1/messages/{id}/trace',
      'get /api/v1/chats',
      'get /api/v1/chats/{id}',
      'get /api/v1/chats/{id}/messages',
      'post /api/v1/chats/{id}/pause',
      'post /api/v1/chats/{id}/resume',
      'get /api/v1/contacts',
      'get /api/v1/contacts/{id}',
      'patch /api/v1/contacts/{id}',
      'get /api/v1/access-rules',
      'post /api/v1/access-rules',
      'post /api/v1/access-rules/check',
      'delete /api/v1/access-rules/{id}',
      'get /api/v1/channels',
      'get /api/v1/dead-letters',
      'get /api/v1/dead-letters/{id}',
      'post /api/v1/dead-letters/{id}/replay',
      'post /api/v1/dead-letters/replay',
      'delete /api/v1/dead-letters/{id}',
      'get /api/v1/turns',
      'get /api/v1/turns/{id}',
      'post /api/v1/turns/{id}/replay',
      'get /api/v1/replays',
      'post /api/v1/replays',
      'get /api/v1/replays/{id}',
      'delete /api/v1/replays/{id}',
      'get /api/v1/instances/{name}/shadow',
      'post /api/v1/media',
      'get /api/v1/api-keys',
      'post /api/v1/api-keys',
      'delete /api/v1/api-keys/{id}',
    ]) {
      const [method, path] = route.split(' ');
      expect([route, paths[path]?.[method] !== undefined]).toEqual([route, true]);
    }
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const url = path.replace(/\{\w+\}/g, 'nothing-of-this-name');
        const { data } = await world.hub.api.request({
          method,
          url,
          data: method === 'get' ? undefined : [],
        });
        expect([method, path, data?.detail]).not.toEqual([method, path, 'there is no such route']);
      }
    }
    expect((await world.hub.api.get('/docs')).status).toBe(200);
  });
});
