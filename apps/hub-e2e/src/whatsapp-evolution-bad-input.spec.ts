import { adminKey } from './harness/hub';
import { RailWorld } from './harness/rail-world';
import { EvolutionRail, instanceName } from './harness/rails';
import { until } from './harness/until';

const problem = (code: string) =>
  expect.objectContaining({ code, status: expect.any(Number), detail: expect.any(String) });

describe('bad input at the webhook of an Evolution instance', () => {
  let world: RailWorld<EvolutionRail>;

  beforeAll(async () => {
    world = await RailWorld.create(await EvolutionRail.start({ autoChats: true, exposesKey: true }));
  });
  afterAll(() => world.dispose());
  afterEach(async () => {
    expect(world.hub.running).toBe(true);
    expect((await world.hub.api.get('/ready')).status).toBe(200);
  });

  const hello = () => world.rail.post(1, 1, 'let me in');
  const secret = 'e2e-evolution-webhook-secret';
  const base = () => `${world.hub.url}/webhooks/whatsapp/${instanceName}`;
  const path = () => world.rail.path;

  const postTo = (url: string, headers: Record<string, string>, body: string = hello().body) =>
    world.hub.api.post(url, body, {
      headers: { 'content-type': 'application/json', 'x-api-key': undefined, ...headers },
      transformRequest: (data: unknown) => data,
    });

  describe('without proof of who sent it', () => {
    const header = (value: string) => ({ 'x-webhook-secret': value });

    it.each<[string, () => ReturnType<typeof postTo>]>([
      ['no header', () => postTo(base() + path(), {})],
      ['a wrong header', () => postTo(base() + path(), header('another-secret'))],
      ['the beginning of the secret', () => postTo(base() + path(), header(secret.slice(0, -1)))],
      ['the secret and more', () => postTo(base() + path(), header(`${secret}x`))],
      [
        'the key of the server for a secret',
        () => postTo(base() + path(), header(world.rail.platform.apiKey)),
      ],
      ['no path', () => postTo(base(), header(secret))],
      ['a wrong path', () => postTo(`${base()}/${'0'.repeat(32)}`, header(secret))],
      ['the beginning of the path', () => postTo(base() + path().slice(0, -1), header(secret))],
      ['the path and more', () => postTo(`${base()}${path()}0`, header(secret))],
      ['two paths below it', () => postTo(`${base()}${path()}/messages-upsert/more`, header(secret))],
      ['a path that is none of an event', () => postTo(`${base()}${path()}/1=1`, header(secret))],
      ['neither, and what is not JSON', () => postTo(base(), {}, '{not json')],
    ])('%s is a 401, and nothing is stored', async (_name, post) => {
      const { status, data, headers } = await post();
      expect(status).toBe(401);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(data).toEqual(problem('SIGNATURE'));
      expect(await world.operator.chats()).toEqual([]);
      expect(await world.operator.deadLetters()).toEqual([]);
    });

    it.each([
      ['an unknown instance', () => `${world.hub.url}/webhooks/whatsapp/nobody${path()}`],
      ['the instance as another channel’s', () => `${world.hub.url}/webhooks/telegram/${instanceName}`],
      ['a path out of the way', () => `${base()}${path()}/%2e%2e%2fsend`],
    ])('%s is a 404', async (_name, url) => {
      const { status } = await postTo(url(), header(secret));
      expect(status).toBe(404);
    });

    it('a GET is answered by nobody', async () => {
      const { status } = await world.hub.api.get(base() + path(), { headers: { 'x-api-key': undefined } });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    });
  });

  describe('from the server itself', () => {
    const webhook = (body: string | Buffer) =>
      world.webhook({ body, headers: { 'x-webhook-secret': secret } });

    it.each([
      ['what is not JSON', '{not json'],
      ['nothing', ''],
      ['an array', '[]'],
      ['a number', '42'],
      ['null', 'null'],
      ['an object without an event', '{"data": {"key": {"id": "1"}}}'],
      ['an event that is a number', '{"event": 7, "data": {}}'],
      ['100,000 levels of nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ])('%s is a 400 and kept for the operator', async (_name, body) => {
      const before = (await world.operator.deadLetters()).length;
      const { status, data } = await webhook(body);
      expect([status, data]).toEqual([400, problem('PAYLOAD')]);
      const letters = await world.operator.deadLetters();
      expect(letters).toHaveLength(before + 1);
      expect(letters[0]).toMatchObject({ kind: 'webhook', code: 'PAYLOAD', instance: instanceName });
      expect(letters[0].body).toBe(body.toString());
    });

    it('what is broken is kept without the key in it', async () => {
      await webhook(`{"event": 8, "apikey": "${world.rail.platform.apiKey}", "data": {"base64": "aGVsbG8`);
      const [letter] = await world.operator.deadLetters();
      expect(letter.body).toBe('{"event": 8, "apikey": null, "data": {"base64": null');
    });

    it.each([
      ['5 MB', Buffer.alloc(5 * 1024 * 1024, 'a')],
      ['a message with a file of 4 MB in it', () => withFile(4 * 1024 * 1024)],
    ])('a body of %s is too large', async (_name, body) => {
      const { status, data } = await webhook(typeof body === 'function' ? body() : body);
      expect([status, data]).toEqual([413, problem('TOO_LARGE')]);
    });

    function withFile(length: number): string {
      const message = { ...world.rail.textMessage(2, 2, 'x'), message: { base64: 'a'.repeat(length) } };
      return world.rail.event('messages.upsert', message).body;
    }

    it.each<[string, string, unknown]>([
      ['an event of a later version', 'telepathy.upsert', { id: 1 }],
      ['data that is a text', 'messages.upsert', 'hello'],
      ['data that is null', 'messages.upsert', null],
      ['a list of nonsense', 'messages.upsert', [null, 7, 'x', [], {}]],
      ['a key that is a number', 'messages.upsert', { key: 7, message: {} }],
      ['an id that is an object', 'messages.upsert', { key: { id: {}, remoteJid: 1 } }],
      ['a content that is a list', 'messages.upsert', { key: { id: 'L1', remoteJid: 'x@y' }, message: [] }],
      ['a status that is an object', 'messages.update', { keyId: 'S1', fromMe: true, status: {} }],
      ['a group that is a number', 'groups.update', [{ id: 5 }]],
      ['a state that is a list', 'connection.update', { state: [] }],
      ['an edit of nothing', 'messages.edited', {}],
      ['a prototype for an event', '__proto__', {}],
    ])('what is not understood is taken and put aside with a reason: %s', async (_name, event, data) => {
      const before = await stored();
      expect((await world.webhook(world.rail.event(event, data))).status).toBe(200);
      const added = (await stored()).filter(({ id }) => !before.some((one) => one.id === id));
      expect(added.length).toBeGreaterThan(0);
      for (const message of added) {
        const trace = await world.operator.ended(message);
        expect(['ignored', 'stored']).toContain(trace.outcome);
        expect(trace.because.length).toBeGreaterThan(10);
      }
    });

    const stored = () => world.operator.all<{ id: string }>(`/api/v1/messages?instance=${instanceName}`);

    it('of a list with broken elements all others are answered', async () => {
      const [first, last] = [7, 8].map((chat) => world.rail.textMessage(chat, 1, `from ${chat}`));
      const data = [first, null, { key: {} }, { key: { id: 'X' }, message: 5 }, last];
      expect((await world.webhook(world.rail.event('messages.upsert', data))).status).toBe(200);
      for (const { key } of [first, last]) expect((await world.traceOf(key.id)).outcome).toBe('answered');
    });

    it('a text with what databases choke on is answered', async () => {
      const text = 'nul \u0000, half a pair \ud83d, right to left \u202e, and 😀';
      const message = world.rail.textMessage(9, 1, text);
      await world.webhook(world.rail.event('messages.upsert', message));
      expect((await world.traceOf(message.key.id)).outcome).toBe('answered');
      const shown = world.rail.platform.calls('sendText').at(-1)!;
      expect(shown.body.text).toContain('right to left \u202e, and 😀');
    });
  });

  it('the key, files and linking codes in bodies are neither kept nor printed', async () => {
    const { itself: ada, ...person } = world.rail.person('Ada');
    world.rail.account.webhook!.base64 = true;
    const photo = ada.sendsImage({ caption: 'with a file in it' });
    await person.reply('with a file in it');
    const { id } = await world.operator.storedAs(instanceName, photo.id);
    const { raw } = await world.operator.message(id);
    expect(JSON.parse(raw!)).toMatchObject({
      event: 'messages.upsert',
      apikey: null,
      destination: null,
      data: { key: { id: photo.id }, message: { base64: null } },
    });

    world.rail.account.loggedOut();
    await until('it is paused', async () => (await world.status()).state === 'paused');
    const { text } = await world.operator.get<{ text: string }>(`/api/v1/instances/${instanceName}/qr`);
    await world.rail.platform.drained();
    world.rail.account.scansQr();
    await until('it is linked', async () => (await world.status()).state === 'ok');

    let all = '';
    for (const message of await world.operator.all<{ id: string }>(
      `/api/v1/messages?instance=${instanceName}`,
    ))
      all += JSON.stringify(await world.operator.message(message.id));
    all += JSON.stringify(await world.operator.deadLetters()) + world.hub.output;
    expect(all).toContain('qrcode.updated');
    const secrets = [
      ...world.rail.secrets,
      adminKey,
      path().slice(1),
      world.rail.account.token,
      text,
      photo.media!.plain.toString('base64'),
    ];
    for (const hidden of secrets) expect(all).not.toContain(hidden);
  });

  it('the settings of the instance are shown without its secrets', async () => {
    const shown = JSON.stringify(await world.operator.get(`/api/v1/instances/${instanceName}`));
    for (const hidden of [...world.rail.secrets, path().slice(1)]) expect(shown).not.toContain(hidden);
  });

  it.each([
    ['no provider', { provider: undefined }, 'provider'],
    ['no address of the server', { apiUrl: undefined }, 'apiUrl'],
    ['an address that is none', { apiUrl: 'ftp://example.org' }, 'apiUrl'],
    ['no key', { apiKey: undefined }, 'apiKey'],
    ['a secret that is too short', { webhookSecret: 'short' }, 'webhookSecret'],
    ['a name with a slash', { instanceName: '../other' }, 'instanceName'],
    ['a number that is none', { pairingNumber: '+55 (11)' }, 'pairingNumber'],
  ])('an instance with %s is refused, and the field is named', async (_name, config, field) => {
    const { status, data } = await world.hub.api.post('/api/v1/instances', {
      ...world.instanceOf({ config }),
      name: 'another',
    });
    expect(status).toBe(422);
    expect(JSON.stringify(data)).toContain(field);
    for (const hidden of world.rail.secrets) expect(JSON.stringify(data)).not.toContain(hidden);
  });
});
