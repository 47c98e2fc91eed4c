import type { GatewayFault } from '@omni-hub/simulator';
import { gzipSync } from 'node:zlib';
import { DiscordBot } from './harness/discord-bots';
import { DiscordRail } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { instanceName } from './harness/rails';
import { stoppedBy } from './harness/trace';
import { until } from './harness/until';

const problem = (code: string) =>
  expect.objectContaining({ code, status: expect.any(Number), detail: expect.any(String) });
const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

describe('bad input from Discord', () => {
  let world: RailWorld<DiscordRail>;

  beforeAll(async () => {
    world = await RailWorld.create(await DiscordRail.start({ mode: 'both' }));
    await world.connected();
    world.rail.person('Ada');
  });
  afterAll(() => world.dispose());
  afterEach(async () => {
    gateway().faults.clear();
    expect(world.hub.running).toBe(true);
    expect((await world.hub.api.get('/ready')).status).toBe(200);
  });

  const platform = () => world.rail.platform;
  const gateway = () => platform().gateway;
  const signed = (body: string | object) =>
    world.rail.sign(typeof body === 'string' ? body : JSON.stringify(body));

  describe('at the webhook', () => {
    const command = (more: object = {}) => ({
      id: '1457536587335467200',
      application_id: world.rail.application.id,
      type: 2,
      token: 'made-up-token',
      channel_id: world.rail.platform.channels[0].id,
      user: { id: '1033044521375764530', username: 'ada' },
      data: { id: '1457500000000000003', name: 'ask', type: 1 },
      version: 1,
      ...more,
    });
    const storedAnything = async () =>
      (await world.operator.chats()).length + (await world.operator.deadLetters()).length > 0;

    it.each<[string, (right: Record<string, string>) => Record<string, string>]>([
      ['no signature', () => ({})],
      ['an empty signature', (right) => ({ ...right, 'x-signature-ed25519': '' })],
      [
        'half a signature',
        (right) => ({ ...right, 'x-signature-ed25519': right['x-signature-ed25519'].slice(64) }),
      ],
      ['what is not hexadecimal', (right) => ({ ...right, 'x-signature-ed25519': 'z'.repeat(128) })],
      ['a signature of other bytes', () => world.rail.sign(JSON.stringify(command()), true).headers],
      ['no time', ({ 'x-signature-ed25519': signature }) => ({ 'x-signature-ed25519': signature })],
      ['another time', (right) => ({ ...right, 'x-signature-timestamp': '1767574200' })],
      [
        'the public key itself',
        (right) => ({ ...right, 'x-signature-ed25519': world.rail.application.publicKey }),
      ],
    ])('%s is a 401, and nothing is stored', async (_name, headers) => {
      const { body, headers: right } = signed(command());
      const answer = await world.webhook({ body, headers: headers(right) });
      expect([answer.status, answer.data]).toEqual([401, problem('SIGNATURE')]);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(await storedAnything()).toBe(false);
    });

    it('a body that was changed on its way is a 401, whatever was changed', async () => {
      const { body, headers } = signed(command());
      for (const changed of [String(body).replace('ask', 'tell'), `${body} `, '{not json']) {
        expect((await world.webhook({ body: changed, headers })).status).toBe(401);
      }
      expect(await storedAnything()).toBe(false);
    });

    it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])('%s is a 4xx', async (method) => {
      const { body, headers } = signed(command());
      const hasBody = !['GET', 'HEAD', 'OPTIONS'].includes(method);
      const { status } = await fetch(world.webhookUrl, {
        method,
        headers,
        ...(hasBody && { body: String(body) }),
      });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(await storedAnything()).toBe(false);
    });

    it('a body of 5 MB is too large, also where it says that it is compressed', async () => {
      const huge = 'a'.repeat(5 * 1024 * 1024);
      const plain = await world.webhook(signed(huge));
      expect([plain.status, plain.data]).toEqual([413, problem('TOO_LARGE')]);
      const { headers } = signed(huge);
      const body = gzipSync(huge);
      const packed = await world.webhook({ body, headers: { ...headers, 'content-encoding': 'gzip' } });
      expect(packed.status).toBe(413);
      expect(await storedAnything()).toBe(false);
    });

    it('what tries whether signatures are checked is answered as Discord wants it', async () => {
      expect(await platform().probesInteractionsUrl(world.rail.application)).toBe(true);
      expect(await storedAnything()).toBe(false);
    });

    it.each([
      ['what is not JSON', '{not json'],
      ['nothing', ''],
      ['a list', '[]'],
      ['a number', '42'],
      ['null', 'null'],
      ['no type', '{"id": "1457536587335467201"}'],
      ['a type that is a text', '{"id": "1457536587335467201", "type": "2"}'],
      ['no id', '{"type": 2}'],
      ['100,000 levels of nesting', nested],
    ])('%s, signed, is a 400 and kept for the operator as it came', async (_name, body) => {
      const before = (await world.operator.deadLetters()).length;
      const { status, data } = await world.webhook(signed(body));
      expect([status, data]).toEqual([400, problem('PAYLOAD')]);
      const letters = await world.operator.deadLetters();
      expect(letters).toHaveLength(before + 1);
      expect(letters[0]).toMatchObject({ kind: 'webhook', code: 'PAYLOAD', instance: instanceName, body });
    });

    it.each<[string, object]>(
      [
        ['a type that nobody knows', { type: 99 }],
        ['no channel', { channel_id: null }],
        ['a channel that is an object', { channel_id: {}, channel: [] }],
        ['nobody', { user: null }],
        ['a user that is a text', { user: 'ada' }],
        ['no token', { token: 7 }],
        ['another application', { application_id: 'mine' }],
        ['no command', { data: null }],
        ['a command whose name is a number', { data: { name: 7 } }],
        ['a press of nothing', { type: 3, data: { component_type: 2 } }],
        ['a form of nothing', { type: 5, data: [] }],
      ].map(
        ([name, more], index) =>
          [name, { id: String(1_457_536_587_335_468_000n + BigInt(index)), ...(more as object) }] as [
            string,
            object,
          ],
      ),
    )('%s, signed, is a 200 and kept with the reason why it is left aside', async (_name, more) => {
      const interaction = command(more);
      expect((await world.webhook(signed(interaction))).status).toBe(200);
      const trace = await world.traceOf(interaction.id);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['ignored', expect.stringMatching(/^ignored_/)]);
      expect(trace.because.length).toBeGreaterThan(10);
    });

    it('options, values and fields of nonsense cost nothing but themselves', async () => {
      const wild: object[] = [
        { data: { name: 'ask', options: 'all' } },
        { data: { name: 'ask', options: [7, null, { name: {} }, { name: 'x', type: 3, value: { a: 1 } }] } },
        { type: 3, data: { custom_id: 'menu', values: [1, null, {}] }, message: { components: 'none' } },
        { type: 5, data: { custom_id: 'form', components: [{ components: 7 }, { component: null }] } },
        { user: { id: '1033044521375764530', username: { a: 1 }, global_name: 7 }, locale: [] },
      ];
      for (const [index, more] of wild.entries()) {
        const interaction = command({ id: String(1_457_536_587_335_469_000n + BigInt(index)), ...more });
        expect((await world.webhook(signed(interaction))).status).toBe(200);
        expect((await world.operator.storedAs(instanceName, interaction.id)).type).toBe('action');
      }
    });
  });

  describe('at the gateway', () => {
    let bot: DiscordBot;
    let ada: ReturnType<DiscordBot['person']>;

    beforeEach(async () => {
      bot = await DiscordBot.connect(world);
      ada = bot.person('Ada');
    });

    /** Somebody is answered, also who writes while the connection is down, and it is the same session. */
    async function goesOn(session: string) {
      ada.says('still there?');
      await ada.reply('still there?');
      expect([bot.session.id, bot.identifies.length]).toEqual([session, 1]);
    }

    it.each<[string, GatewayFault]>([
      ['half an event', { kind: 'torn' }],
      ['what is no JSON', { kind: 'garbage' }],
      ['bytes that are no frame', { kind: 'broken-frame' }],
      ['nothing in the place of an event', { kind: 'silence' }],
      ['an event and then nothing more', { kind: 'drop-after' }],
    ])('%s: it connects again, and the event comes again', async (_name, fault) => {
      const { id } = bot.session;
      gateway().faults.add({ method: 'dispatch', chat: ada.itself.chat.id, fault, times: 1 });
      ada.says('torn?');
      if (fault.kind === 'silence') gateway().drop(bot.application);
      await ada.reply('torn?');
      await goesOn(id);
      expect(bot.session.resumes).toBeGreaterThan(0);
      expect(ada.shown()).toEqual(['torn?', 'still there?']);
    });

    it('an event that comes twice, and all that came before once more, is one turn each', async () => {
      const { id } = bot.session;
      const fault = { kind: 'duplicate' } as const;
      gateway().faults.add({ method: 'dispatch', chat: 'MESSAGE_CREATE', fault, times: 4 });
      ada.says('one');
      await ada.reply('one');
      gateway().drop(bot.application);
      await goesOn(id);
      expect(world.asked(ada.chatId).map(({ messages }) => messages.map(({ text }) => text))).toEqual([
        ['one'],
        ['still there?'],
      ]);
      expect(ada.shown()).toEqual(['one', 'still there?']);
    });

    it('a recorded event that happens five times is one turn', async () => {
      const { id } = bot.session;
      const d = {
        id: '1457540004194304077',
        channel_id: ada.itself.chat.id,
        channel_type: 1,
        author: ada.itself.user,
        content: 'five times',
        timestamp: new Date().toISOString(),
        type: 0,
      };
      for (let time = 0; time < 5; time++) platform().inject({ t: 'MESSAGE_CREATE', d }, bot.application);
      await ada.reply('five times');
      await goesOn(id);
      expect(world.asked(ada.chatId)).toHaveLength(2);
      expect((await world.operator.storedAs(bot.instance, d.id)).redeliveries).toBe(4);
    });

    it.each<[string, () => unknown]>([
      ['an opcode that nobody knows', () => gateway().op(99, { what: 'ever' }, bot.application)],
      [
        'an event that nobody knows, of 5 MB',
        () => platform().dispatch('TELEPATHY_START', { thought: 'x'.repeat(5_000_000) }, bot.application),
      ],
      [
        'an event whose name is of the prototype',
        () => platform().dispatch('constructor', {}, bot.application),
      ],
      [
        'an event of 3,000 levels',
        () =>
          platform().dispatch(
            'MESSAGE_CREATE',
            { content: JSON.parse(nested.slice(97_000, 103_000)) },
            bot.application,
          ),
      ],
      ['a message of nothing', () => platform().dispatch('MESSAGE_CREATE', {}, bot.application)],
      [
        'a message of nonsense',
        () =>
          platform().dispatch(
            'MESSAGE_CREATE',
            { id: {}, channel_id: 7, author: 'ada', content: [], mentions: 'all', attachments: { 0: 'x' } },
            bot.application,
          ),
      ],
      [
        'a reaction to nothing',
        () => platform().dispatch('MESSAGE_REACTION_ADD', { emoji: null, user_id: {} }, bot.application),
      ],
      [
        'an interaction of nothing',
        () => platform().dispatch('INTERACTION_CREATE', { type: 2, data: 'x' }, bot.application),
      ],
    ])('%s is left aside, and the connection goes on', async (_name, happen) => {
      const { id, sequence } = bot.session;
      happen();
      await goesOn(id);
      expect(bot.session.resumes).toBe(0);
      if (bot.session.sequence === sequence + 2) return;
      const trace = await world.operator.ended(
        await world.operator.storedAs(bot.instance, `${id}:${sequence + 1}`),
      );
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['ignored', expect.stringMatching(/^ignored_/)]);
    });

    it.each<[string, string | Buffer]>([
      ['binary', Buffer.from([1, 2, 3])],
      ['a number', '42'],
      ['nothing', ''],
      ['a list', '[]'],
      ['100,000 levels of nesting', nested],
      ['an opcode that is a text', '{"op":"0"}'],
      ['an event without a number', '{"op":0,"t":"MESSAGE_CREATE","d":{}}'],
      ['an event without a name', '{"op":0,"s":7,"d":{}}'],
      ['a hello with a heartbeat of no time', '{"op":10,"d":{"heartbeat_interval":0}}'],
      ['a session that is over or not', '{"op":9,"d":null}'],
      ['a beginning that is none', '{"op":0,"t":"READY","s":9,"d":{"session_id":7}}'],
    ])('a frame of %s: it connects again, and the session goes on', async (_name, frame) => {
      const { id } = bot.session;
      gateway().frame(frame, bot.application);
      await until('it came back', () => bot.session.resumes > 0 && bot.session.connected);
      await goesOn(id);
    });
  });

  it('nothing of it was a failure of the hub', async () => {
    const letters = await world.operator.deadLetters();
    expect(letters.filter(({ kind }) => kind !== 'webhook')).toEqual([]);
    expect(world.hub.output).not.toMatch(/TypeError|RangeError|unhandled|uncaught/i);
  });
});
