import type { CloudFault, CloudFaultRule } from '@omni-hub/simulator';
import { gzipSync } from 'node:zlib';
import { RailWorld } from './harness/rail-world';
import { CloudRail, instanceName } from './harness/rails';
import { until } from './harness/until';

const problem = (code: string) =>
  expect.objectContaining({ code, status: expect.any(Number), detail: expect.any(String) });
/** The longest file that the hub fetches, here. */
const mediaMaxBytes = 1_000;

describe('bad input by the Cloud API', () => {
  let world: RailWorld<CloudRail>;

  beforeAll(async () => {
    const environment = { OMNI_MEDIA_MAX_BYTES: String(mediaMaxBytes) };
    world = await RailWorld.create(await CloudRail.start(), { hub: { environment } });
  });
  afterAll(() => world.dispose());
  afterEach(async () => {
    world.rail.platform.faults.clear();
    expect(world.hub.running).toBe(true);
    expect((await world.hub.api.get('/ready')).status).toBe(200);
  });

  const signed = (body: string | object) =>
    world.rail.sign(typeof body === 'string' ? body : JSON.stringify(body));
  const storedAnything = async () =>
    (await world.operator.chats()).length + (await world.operator.deadLetters()).length > 0;

  describe('at the webhook', () => {
    const right = () => world.rail.post(77, 1, 'let me in');
    const signatureOf = (body: string) => signed(body).headers['x-hub-signature-256'];

    it.each<[string, () => Record<string, string>]>([
      ['no signature', () => ({})],
      ['an empty signature', () => ({ 'x-hub-signature-256': '' })],
      ['a signature without its name', () => ({ 'x-hub-signature-256': signatureOf(right().body).slice(7) })],
      [
        'the beginning of the signature',
        () => ({ 'x-hub-signature-256': signatureOf(right().body).slice(0, -2) }),
      ],
      ['a signature of other bytes', () => ({ 'x-hub-signature-256': signatureOf('{}') })],
      [
        'a signature of the old kind',
        () => ({ 'x-hub-signature': 'sha1=0123456789abcdef0123456789abcdef01234567' }),
      ],
      ['the secret itself', () => ({ 'x-hub-signature-256': `sha256=${world.rail.number.appSecret}` })],
    ])('%s is a 401, and nothing is stored', async (_name, headers) => {
      const {
        status,
        data,
        headers: answered,
      } = await world.webhook({ body: right().body, headers: headers() });
      expect(status).toBe(401);
      expect(answered['content-type']).toContain('application/problem+json');
      expect(data).toEqual(problem('SIGNATURE'));
      expect(await storedAnything()).toBe(false);
    });

    it('a body that was changed on its way is a 401, whatever was changed', async () => {
      const { body, headers } = right();
      for (const changed of [
        body.replace('let me in', 'let me out'),
        `${body} `,
        body.replace(/\//g, '\\/'),
      ]) {
        if (changed !== body) expect((await world.webhook({ body: changed, headers })).status).toBe(401);
      }
      expect((await world.webhook({ body: '{not json', headers: {} })).status).toBe(401);
      expect(await storedAnything()).toBe(false);
    });

    it.each(['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('%s is a 4xx', async (method) => {
      const { body, headers } = right();
      const { status } = await fetch(world.webhookUrl, {
        method,
        headers,
        ...(method === 'HEAD' || method === 'OPTIONS' ? {} : { body }),
      });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(await storedAnything()).toBe(false);
    });

    it('a body of 5 MB is too large, also where it says that it is compressed', async () => {
      const plain = await world.webhook(signed('a'.repeat(5 * 1024 * 1024)));
      expect([plain.status, plain.data]).toEqual([413, problem('TOO_LARGE')]);
      const body = gzipSync(Buffer.alloc(5 * 1024 * 1024, 'a'));
      const { headers } = signed('a'.repeat(5 * 1024 * 1024));
      const packed = await world.webhook({ body, headers: { ...headers, 'content-encoding': 'gzip' } });
      expect(packed.status).toBe(413);
      expect(await storedAnything()).toBe(false);
    });

    it.each([
      ['what is not JSON', '{not json'],
      ['nothing', ''],
      ['a list', '[]'],
      ['a number', '42'],
      ['null', 'null'],
      ['no entries', '{"object": "whatsapp_business_account"}'],
      ['entries that are a text', '{"object": "whatsapp_business_account", "entry": "hi"}'],
      ['100,000 levels of nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ])('%s, signed, is a 400 and kept for the operator as it came', async (_name, body) => {
      const before = (await world.operator.deadLetters()).length;
      const { status, data } = await world.webhook(signed(body));
      expect([status, data]).toEqual([400, problem('PAYLOAD')]);
      const letters = await world.operator.deadLetters();
      expect(letters).toHaveLength(before + 1);
      expect(letters[0]).toMatchObject({ kind: 'webhook', code: 'PAYLOAD', instance: instanceName, body });
    });

    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    it.each<[string, object | string]>([
      ['a message that is a text', { messages: ['hello'] }],
      ['messages that are none', { messages: { 0: 'hello' } }],
      [
        'a text that is an object',
        { messages: [{ id: 'w1', from: '447700900078', type: 'text', text: { body: { a: 1 } } }] },
      ],
      [
        'a time that is none',
        {
          messages: [
            { id: 'w2', from: '447700900078', type: 'text', timestamp: 'soon', text: { body: 'hi' } },
          ],
        },
      ],
      [
        'a type from the prototype',
        { messages: [{ id: 'w3', from: '447700900078', type: 'constructor', constructor: {} }] },
      ],
      [
        'a sender who is none',
        { messages: [{ id: 'w4', from: { a: 1 }, type: 'text', text: { body: 'hi' } }] },
      ],
      [
        'contacts of nonsense',
        {
          contacts: [null, 7, { wa_id: [] }],
          messages: [{ id: 'w5', from: '447700900078', type: 'text', text: { body: 'hi' } }],
        },
      ],
      [
        'a media id that is a path',
        { messages: [{ id: 'w6', from: '447700900078', type: 'image', image: { id: '../../me?x=' } }] },
      ],
      ['errors that are a text', { statuses: [{ id: 'w7', status: 'failed', errors: 'all' }] }],
      ['a status of the prototype', { statuses: [{ id: 'w8', status: 'toString' }] }],
      [
        '100,000 levels within a message',
        `{"messages": [{"id": "w9", "from": "447700900078", "type": "text", "text": ${nested}}]}`,
      ],
    ])('a webhook with wrong types is taken and put aside, or kept: %s', async (_name, value) => {
      const envelope = JSON.stringify(world.rail.envelope({ marker: 1 }));
      const inner = typeof value === 'string' ? value : JSON.stringify(value);
      const body = envelope.replace('"marker":1', inner.slice(1, -1));
      expect((await world.webhook(signed(body))).status).toBe(200);
    });

    it('a text with what databases choke on is answered', async () => {
      const ada = world.rail.person('Ada');
      ada.says('nul \u0000, half a pair \ud83d, right to left \u202e, and 😀');
      expect(await ada.reply('right to left')).toContain('and 😀');
    });
  });

  describe('in files', () => {
    let ada: ReturnType<CloudRail['person']>;
    beforeEach(() => (ada = world.rail.person('Ada')));

    const break_ = (rule: CloudFaultRule) => world.rail.platform.faults.add(rule);
    const bytes = Buffer.from('the bytes of the file');

    /** Sends a document; answers what the agent was told of it, and the message's id at the platform. */
    async function sent(file: Buffer = bytes) {
      const { id } = ada.itself.sendsDocument({ caption: `with ${ada.chatId}`, file: { bytes: file } });
      await ada.reply(`with ${ada.chatId}`);
      const [attachment] = world.lastAsked(ada.chatId).messages.at(-1)!.attachments;
      return { id, attachment };
    }
    const fileOf = async (id: string) => {
      const stored = await world.operator.storedAs(instanceName, id);
      return (await world.operator.message(stored.id)).media[0];
    };

    it('one over the limit is not fetched, and the agent is told why', async () => {
      const { id, attachment } = await sent(Buffer.alloc(mediaMaxBytes + 1));
      const reason = expect.stringContaining(`larger than the ${mediaMaxBytes} bytes`);
      expect(attachment).toMatchObject({ kind: 'document', status: 'failed', url: null, reason });
      expect(await fileOf(id)).toMatchObject({ status: 'failed', code: 'TOO_LARGE' });
      expect(world.rail.platform.calls('download').length).toBeLessThanOrEqual(1);
    });

    it('one that turns out longer than was said is not kept', async () => {
      break_({ fault: { kind: 'media-over-limit', bytes: 100_000 }, times: 1 });
      const { attachment } = await sent();
      expect(attachment).toMatchObject({
        status: 'failed',
        url: null,
        reason: expect.stringMatching(/larger than|100000 bytes/),
      });
    });

    it('one whose address has expired is asked for anew', async () => {
      break_({ fault: { kind: 'media-expired' }, times: 1 });
      const { attachment } = await sent();
      expect(attachment.status).toBe('ready');
      expect(Buffer.from(await (await fetch(attachment.url!)).arrayBuffer())).toEqual(bytes);
    });

    it('one that WhatsApp does not give is failed for good', async () => {
      break_({ fault: { kind: 'media-expired' }, times: 2 });
      const { id, attachment } = await sent();
      expect(attachment).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining('ask for it to be sent again'),
      });
      expect(await fileOf(id)).toMatchObject({ status: 'failed', code: 'REJECTED' });
    });

    it('one that fails for a moment is told as failed, and is there a few seconds later', async () => {
      const faults: [CloudFault, RegExp][] = [
        [{ kind: 'media-empty' }, /0 bytes/],
        [{ kind: 'media-corrupt' }, /SHA-256/],
        [{ kind: 'reset-before' }, /./],
        [{ kind: 'error', status: 503 }, /503/],
      ];
      const ids: string[] = [];
      for (const [fault, reason] of faults) {
        break_({ method: 'download', fault, times: 1 });
        const { id, attachment } = await sent(Buffer.concat([bytes, Buffer.from(fault.kind)]));
        expect(attachment).toMatchObject({
          status: 'failed',
          url: null,
          reason: expect.stringMatching(reason),
        });
        ids.push(id);
      }
      for (const id of ids)
        await until('the file is there', async () => (await fileOf(id)).status === 'ready');
    });

    it('one without an id is told as what cannot be read', async () => {
      const { id } = ada.itself.sends({ type: 'image', image: { caption: 'no id', mime_type: 'image/png' } });
      await ada.reply('no id');
      expect(world.lastAsked(ada.chatId).messages[0].attachments).toEqual([
        expect.objectContaining({ kind: 'other', data: expect.objectContaining({ what: 'unsupported' }) }),
      ]);
      expect((await world.traceOf(id)).outcome).toBe('answered');
    });
  });

  describe('at the API', () => {
    const make = (name: string, config: object) =>
      world.hub.api.post(
        '/api/v1/instances',
        world.instanceOf({ instance: { name }, config: { ...config } }),
      );

    it('every wrong setting is named', async () => {
      const { status, data } = await make('wrong', {
        phoneNumberId: '+44 7700',
        accessToken: '',
        appSecret: 7,
        verifyToken: 'x',
        apiUrl: 'graph',
        windowTemplate: { name: 'No Such', language: 'english' },
      });
      expect([status, data.code]).toEqual([422, 'VALIDATION']);
      const named = data.errors.map(({ field }: { field: string }) => field);
      for (const field of [
        'phoneNumberId',
        'accessToken',
        'appSecret',
        'verifyToken',
        'apiUrl',
        'windowTemplate',
      ]) {
        expect(named.join()).toContain(field);
      }
    });

    it('a token that is refused, or is not for this number, is said at once', async () => {
      const refused = await make('refused', { accessToken: 'EAA-another-token' });
      expect([refused.status, refused.data.code]).toEqual([422, 'VALIDATION']);
      expect(refused.data.detail).toContain('accessToken');
      expect((await world.hub.api.get('/api/v1/instances/refused')).status).toBe(404);
      const { status } = await make('elsewhere', { phoneNumberId: '999999' });
      expect(status).toBe(201);
      const told = await world.status('elsewhere');
      expect([told.state, told.problem]).toEqual(['degraded', expect.stringContaining('phoneNumberId')]);
    });

    it('a platform that cannot be reached leaves the instance to say so', async () => {
      expect((await make('far-away', { apiUrl: 'http://127.0.0.1:9' })).status).toBe(201);
      expect((await world.status('far-away')).state).toBe('degraded');
    });

    it('no secret is in any answer, in the dead letters, or in what the hub prints', async () => {
      world.rail.platform.offline();
      await world.hub.api.post(`/api/v1/instances/${instanceName}/connect`);
      const paths = [
        '/api/v1/instances',
        `/api/v1/instances/${instanceName}`,
        `/api/v1/instances/${instanceName}/status`,
        '/api/v1/instances/far-away/status',
        '/api/v1/chats',
        '/api/v1/messages?limit=200',
        '/api/v1/dead-letters?limit=200',
        '/metrics',
        '/ready',
      ];
      const answers = await Promise.all(
        paths.map(async (path) => JSON.stringify((await world.hub.api.get(path)).data)),
      );
      await world.rail.platform.online();
      for (const secret of [...world.rail.secrets, 'EAA-another-token']) {
        for (const answer of answers) expect(answer).not.toContain(secret);
        expect(world.hub.output).not.toContain(secret);
      }
    });
  });
});
