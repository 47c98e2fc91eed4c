import { botToken, textUpdate, webhookSecret, World, instanceName } from './harness/world';

const problem = (code: string) =>
  expect.objectContaining({ code, status: expect.any(Number), detail: expect.any(String) });

describe('bad input', () => {
  let world: World;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  afterEach(async () => {
    expect(world.hub.running).toBe(true);
    expect((await world.hub.api.get('/ready')).status).toBe(200);
  });

  const storedAnything = async () =>
    (await world.operator.chats()).length + (await world.operator.deadLetters()).length > 0;

  describe('at a webhook', () => {
    it.each([
      ['no secret', null],
      ['a wrong secret', 'another-secret'],
      ['the beginning of the secret', webhookSecret.slice(0, -1)],
      ['the secret and more', `${webhookSecret}x`],
    ])('%s is a 401, and nothing is stored', async (_name, secret) => {
      const { status, data, headers } = await world.webhook(textUpdate(1, 77, 1, 'let me in'), secret);
      expect(status).toBe(401);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(data).toEqual(problem('SIGNATURE'));
      expect(await storedAnything()).toBe(false);
    });

    it('an unsigned body is not even read: what is not JSON is a 401 as well', async () => {
      expect((await world.webhook('{not json', null)).status).toBe(401);
      expect(await storedAnything()).toBe(false);
    });

    it.each([
      ['an unknown instance', '/webhooks/telegram/nobody'],
      ['an unknown channel', '/webhooks/pigeon/support-bot'],
      ['the instance of another channel', '/webhooks/whatsapp/support-bot'],
      ['no instance', '/webhooks/telegram'],
      ['a path out of the way', '/webhooks/telegram/%2e%2e%2f%00'],
      ['a broken escape', '/webhooks/telegram/%E0%A4%A'],
    ])('%s is a 4xx', async (_name, path) => {
      const { status, headers } = await world.webhook(textUpdate(1, 77, 1, 'hello'), webhookSecret, path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(headers['content-type']).toContain('application/problem+json');
    });

    it('a body of 5 MB is too large', async () => {
      const { status, data } = await world.webhook(Buffer.alloc(5 * 1024 * 1024, 'a'));
      expect(status).toBe(413);
      expect(data).toEqual(problem('TOO_LARGE'));
    });

    it('a body of 5 MB that says it is compressed is too large as well', async () => {
      const { gzipSync } = await import('node:zlib');
      const { status } = await world.hub.api.post(
        `/webhooks/telegram/${instanceName}`,
        gzipSync(Buffer.alloc(5 * 1024 * 1024, 'a')),
        {
          headers: {
            'content-encoding': 'gzip',
            'content-type': 'application/json',
            'x-telegram-bot-api-secret-token': webhookSecret,
          },
        },
      );
      expect(status).toBe(413);
    });

    it.each([
      ['what is not JSON', '{not json'],
      ['nothing', ''],
      ['an array', '[]'],
      ['a number', '42'],
      ['null', 'null'],
      ['an update without a number', '{"message": {"text": "hi"}}'],
      ['an update with a text for its number', '{"update_id": "7", "message": {}}'],
      ['100,000 levels of nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ])('%s, signed, is a 400 and kept for the operator as it came', async (_name, body) => {
      const before = (await world.operator.deadLetters()).length;
      const { status, data } = await world.webhook(body);
      expect(status).toBe(400);
      expect(data).toEqual(problem('PAYLOAD'));
      const letters = await world.operator.deadLetters();
      expect(letters).toHaveLength(before + 1);
      expect(letters[0]).toMatchObject({ kind: 'webhook', code: 'PAYLOAD', instance: instanceName });
      expect(letters[0].body).toBe(body.toString());
      const replay = await world.hub.api.post(`/api/v1/dead-letters/${letters[0].id}/replay`);
      expect([replay.status, replay.data.code]).toEqual([409, 'NOT_REPLAYABLE']);
    });

    it.each<[string, string | object]>([
      ['a message that is a text', { update_id: 501, message: 'hello' }],
      ['a message that is empty', { update_id: 502, message: {} }],
      ['a chat that is a number', { update_id: 503, message: { message_id: 1, chat: 7, text: 'hi' } }],
      ['a text that is an object', { update_id: 504, message: { message_id: 1, text: { a: 1 }, date: 'x' } }],
      [
        'entities of nonsense',
        { update_id: 505, message: { message_id: 1, entities: [1, null, { offset: -1 }] } },
      ],
      [
        'a message with 100,000 levels in it',
        `{"update_id": 507, "message": {"message_id": 1, "text": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
      ],
      ['a press of nothing', { update_id: 506, callback_query: { id: 5 } }],
    ])('an update with wrong types is taken and put aside, or kept: %s', async (_name, update) => {
      expect((await world.webhook(update)).status).toBe(200);
    });

    it('a text with what databases choke on is answered', async () => {
      const ada = world.person({ name: 'Ada' });
      const text = 'nul \u0000, half a pair \ud83d, right to left \u202e, and 😀';
      await world.webhook(textUpdate(600, ada.user.id, 900, text));
      const reply = await world.reply(ada, 'right to left');
      expect(reply.text).toContain('and 😀');
    });
  });

  describe('at the API', () => {
    it('no route under /api answers without a key, or with a wrong one', async () => {
      const { paths } = await world.operator.get<{ paths: Record<string, Record<string, unknown>> }>(
        '/openapi.json',
      );
      const routes = Object.entries(paths)
        .filter(([path]) => path.startsWith('/api/'))
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method, path })));
      expect(routes.length).toBeGreaterThan(15);
      for (const { method, path } of routes) {
        const url = path.replace(/\{(\w+)\}/g, 'support-bot');
        for (const key of [undefined, 'omni_wrong', ' ', 'a'.repeat(2_000)]) {
          const headers = { 'x-api-key': key, authorization: key && `Bearer ${key}` };
          const { status, data } = await world.hub.api.request({ method, url, headers });
          expect([method, path, status, data.code]).toEqual([method, path, 401, 'UNAUTHENTICATED']);
        }
      }
    });

    it.each([
      '/API/v1/instances',
      '/Api/v1/instances',
      '//api/v1/instances',
      '/api/v1/instances/',
      '/%61pi/v1/instances',
    ])('spelling a route as %s is no way round its key', async (url) => {
      const { status } = await fetch(`${world.hub.url}${url}`);
      expect([401, 404]).toContain(status);
    });

    it('a route that is not there is a 404', async () => {
      const { status, headers } = await world.hub.api.get('/api/v1/nothing');
      expect(status).toBe(404);
      expect(headers['content-type']).toContain('application/problem+json');
    });

    it.each([
      ['not JSON', '{"name": '],
      ['no object', '"support"'],
      ['100,000 levels of nesting', `{"name": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ])('a body that is %s is a 4xx', async (_name, body) => {
      const { status, data } = await world.hub.api.post('/api/v1/instances', body, {
        headers: { 'content-type': 'application/json' },
        transformRequest: (raw: unknown) => raw,
      });
      expect([400, 422]).toContain(status);
      expect(data.code).toEqual(expect.any(String));
    });

    it.each<[string, string, object, string[]]>([
      ['an instance without anything', '/api/v1/instances', {}, ['channel', 'name']],
      [
        'an instance whose every setting is wrong',
        '/api/v1/instances',
        {
          name: 'Bad Name',
          channel: 'telegram',
          replyTtlMs: -1,
          onUnknown: 'pray',
          groups: 'all',
          settleMs: '5',
          extra: 1,
        },
        ['extra', 'groups', 'name', 'onUnknown', 'replyTtlMs', 'settleMs'],
      ],
      [
        'an instance of an unknown channel',
        '/api/v1/instances',
        { name: 'x', channel: 'pigeon' },
        ['channel'],
      ],
      [
        'an instance whose config is wrong',
        '/api/v1/instances',
        {
          name: 'x',
          channel: 'telegram',
          config: {
            token: 'nonsense',
            mode: 'push',
            apiUrl: 'not an address',
            messagesPerSecond: 0,
            other: 1,
          },
          agent: { kind: 'http', url: 'not an address', timeoutMs: 0 },
        },
        [
          'agent.timeoutMs',
          'agent.url',
          'config.apiUrl',
          'config.messagesPerSecond',
          'config.mode',
          'config.other',
          'config.token',
          'config.webhookSecret',
        ],
      ],
      [
        'an instance of an unknown kind of agent',
        '/api/v1/instances',
        {
          name: 'x',
          channel: 'telegram',
          config: { token: '1:a', mode: 'polling' },
          agent: { kind: 'oracle' },
        },
        ['agent.kind'],
      ],
      ['a message without anything', `/api/v1/instances/${instanceName}/messages`, {}, ['content', 'to']],
      [
        'a message of no known type',
        `/api/v1/instances/${instanceName}/messages`,
        { to: 'telegram:1', content: { type: 'smell' } },
        ['content.type'],
      ],
      [
        'a location in another world',
        `/api/v1/instances/${instanceName}/messages`,
        { to: 'telegram:1', content: { type: 'location', latitude: 91, longitude: 'x' } },
        ['content.latitude', 'content.longitude'],
      ],
      [
        'a message to nobody',
        `/api/v1/instances/${instanceName}/messages`,
        { to: 'nobody-knows-them', content: { type: 'text', text: 'hi' } },
        ['to'],
      ],
      [
        'a message at no time',
        `/api/v1/instances/${instanceName}/messages`,
        { to: 'telegram:1', content: { type: 'text', text: 'hi' }, sendAt: 'tomorrow' },
        ['sendAt'],
      ],
      ['a key without anything', '/api/v1/api-keys', {}, ['name', 'scopes']],
      ['a key of unknown scopes', '/api/v1/api-keys', { name: 'x', scopes: ['everything'] }, ['scopes']],
    ])('%s is a 422 that names every field', async (_name, path, body, fields) => {
      const { status, data } = await world.hub.api.post(path, body);
      expect(status).toBe(422);
      expect(data.code).toBe('VALIDATION');
      const named = data.errors.map(({ field }: { field: string }) => field);
      expect([...new Set<string>(named)].sort()).toEqual(fields);
    });

    it.each(['limit=0', 'limit=1000', 'limit=x', 'order=random', `cursor=${'a'.repeat(300)}`])(
      'a list that is asked for with ?%s is a 422',
      async (query) => {
        world.person().says('hello');
        const { status } = await world.hub.api.get(`/api/v1/chats/whatever/messages?${query}`);
        expect(status).toBe(422);
      },
    );

    it.each([
      '/api/v1/instances/nobody',
      '/api/v1/instances/nobody/status',
      '/api/v1/messages/nothing',
      '/api/v1/messages/nothing/trace',
      '/api/v1/chats/nothing',
      '/api/v1/chats/nothing/messages',
      '/api/v1/chats?instance=nobody',
      '/api/v1/dead-letters/nothing',
      '/api/v1/chats/%00',
      `/api/v1/messages/${'a'.repeat(3_000)}`,
    ])('%s is a 404', async (path) => {
      const { status, data } = await world.hub.api.get(path);
      expect([status, data.code]).toEqual([404, 'NOT_FOUND']);
    });
  });

  describe('an account', () => {
    it('whose token the platform refuses is not made', async () => {
      const { status, data } = await world.hub.api.post(
        '/api/v1/instances',
        world.instanceOf({ instance: { name: 'refused' }, config: { token: '999:wrong-token' } }),
      );
      expect([status, data.code]).toEqual([422, 'VALIDATION']);
      expect(data.detail).toContain('@BotFather');
      expect((await world.hub.api.get('/api/v1/instances/refused')).status).toBe(404);
    });

    it('whose platform cannot be reached is made, and its status says why', async () => {
      const { status } = await world.hub.api.post(
        '/api/v1/instances',
        world.instanceOf({ instance: { name: 'far-away' }, config: { apiUrl: 'http://127.0.0.1:9' } }),
      );
      expect(status).toBe(201);
      const told = await world.operator.get<{ state: string; problem: string }>(
        '/api/v1/instances/far-away/status',
      );
      expect(told.state).toBe('degraded');
      expect(told.problem).toMatch(/reach|refused/i);
    });

    it('cannot be made twice', async () => {
      const { status, data } = await world.hub.api.post('/api/v1/instances', world.instanceOf());
      expect([status, data.code]).toEqual([409, 'INSTANCE_EXISTS']);
    });
  });

  it('no secret is in any answer of the API, in the dead letters, or in what the hub prints', async () => {
    const secrets = [botToken.split(':')[1], webhookSecret, 'an-agents-key', '999:wrong-token'];
    await world.operator.patch(`/api/v1/instances/${instanceName}`, {
      agent: { apiKey: 'an-agents-key', secret: 'whsec_YW4tYWdlbnRzLWtleS1vZi0yNC1ieXRlcw==' },
    });
    world.telegram.offline();
    await world.hub.api.post(`/api/v1/instances/${instanceName}/connect`);
    const answers = await Promise.all(
      [
        '/api/v1/instances',
        `/api/v1/instances/${instanceName}`,
        `/api/v1/instances/${instanceName}/status`,
        '/api/v1/instances/far-away/status',
        '/api/v1/chats',
        '/api/v1/dead-letters',
        '/api/v1/api-keys',
        '/metrics',
        '/health',
        '/ready',
      ].map(async (path) => JSON.stringify((await world.hub.api.get(path)).data)),
    );
    await world.telegram.online();
    for (const secret of secrets) {
      for (const answer of answers) expect(answer).not.toContain(secret);
      expect(world.hub.output).not.toContain(secret);
    }
    const { config } = await world.operator.get<{ config: object }>(`/api/v1/instances/${instanceName}`);
    expect(config).toMatchObject({ token: '***', webhookSecret: '***' });
  });
});
