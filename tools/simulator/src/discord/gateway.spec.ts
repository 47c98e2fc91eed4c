import type { SimulatedApplication } from './application';
import type { Guild } from './guild';
import type { DiscordPerson } from './person';
import { type DiscordSimulator, type DiscordSimulatorOptions, startDiscordSimulator } from './simulator';
import { apiOf, connect, identify, identifyWith, resume, usualIntents } from './spec-kit';

describe('The gateway of the fake Discord', () => {
  let simulator: DiscordSimulator;
  let bot: SimulatedApplication;
  let guild: Guild;
  let ada: DiscordPerson;

  const start = async (options: DiscordSimulatorOptions = {}, application = {}) => {
    simulator = await startDiscordSimulator(options);
    bot = simulator.application({ name: 'support', ...application });
    guild = simulator.guild({ name: 'Shop' });
    ada = simulator.person({ name: 'Ada', guild });
  };
  const open = () => connect(`${simulator.gateway.url}/?v=10&encoding=json`);
  /** Resolves when the simulator has noticed that nobody is connected. */
  const noticed = async () => {
    while (simulator.sessions().some(({ connected }) => connected))
      await new Promise<void>((resolve) => {
        const stop = simulator.watch(() => {
          stop();
          resolve();
        });
      });
  };
  const contents = (frames: { content: string }[]) => frames.map(({ content }) => content);

  afterEach(() => simulator.close());

  describe('a connection', () => {
    beforeEach(() => start({ gateway: { heartbeatMs: 20_000 } }));

    it('begins with hello; identifying brings READY and the guilds', async () => {
      const client = open();
      expect(await client.saw(({ op }) => op === 10)).toMatchObject({ d: { heartbeat_interval: 20_000 } });
      client.says(2, identifyWith(bot.token));
      expect(await client.event('READY')).toMatchObject({
        v: 10,
        user: { id: bot.user.id, username: 'support' },
        guilds: [{ id: guild.id, unavailable: true }],
        application: { id: bot.id },
        resume_gateway_url: `${simulator.gateway.url}/resume`,
        shard: [0, 1],
      });
      const told = await client.event('GUILD_CREATE');
      expect(told).toMatchObject({ id: guild.id, name: 'Shop', channels: [{ name: 'general' }] });
      expect(client.frames.map(({ t, s }) => [t, s])).toEqual([
        [null, null],
        ['READY', 1],
        ['GUILD_CREATE', 2],
      ]);
      expect(simulator.sessions()).toMatchObject([
        { application: bot.id, connected: true, sequence: 2, resumes: 0 },
      ]);
    });

    it('hears that its heartbeats came', async () => {
      const client = await identify(simulator);
      client.says(1, 2);
      expect(await client.saw(({ op }) => op === 11)).toMatchObject({ op: 11, t: null, s: null });
      expect(simulator.sessions()).toMatchObject([{ acknowledged: 2 }]);
    });

    it.each([
      ['something that is no JSON', '{"op":', 4002],
      ['an opcode that nobody knows', '{"op":77,"d":null}', 4001],
      ['something else before it identifies', '{"op":3,"d":{}}', 4003],
      ['more than 4096 bytes', JSON.stringify({ op: 1, d: 'x'.repeat(4096) }), 4002],
      ['an identify without intents', '{"op":2,"d":{"token":"x","properties":{}}}', 4002],
    ])('is closed for %s', async (_what, text, code) => {
      const client = open();
      await client.saw(({ op }) => op === 10);
      client.sends(text);
      expect(await client.closed).toBe(code);
    });

    it.each([
      ['a wrong token', () => identifyWith('nobody'), 4004],
      ['intents that do not exist', () => identifyWith(bot.token, 1 << 30), 4013],
      ['a shard that cannot be', () => identifyWith(bot.token, usualIntents, [2, 2]), 4010],
    ])('is closed for %s', async (_what, payload, code) => {
      const client = open();
      await client.saw(({ op }) => op === 10);
      client.says(2, payload());
      expect(await client.closed).toBe(code);
      expect(simulator.gateway.identifies()).toEqual([]);
    });

    it('is closed for a second identify, too much talk, and an old version', async () => {
      const client = await identify(simulator);
      client.says(2, identifyWith(bot.token));
      expect(await client.closed).toBe(4005);
      const fast = await identify(simulator);
      for (let beat = 0; beat < 121; beat++) fast.says(1, null);
      expect(await fast.closed).toBe(4008);
      expect(await connect(`${simulator.gateway.url}/?v=6&encoding=json`).closed).toBe(4012);
      expect(Object.keys(simulator.counters().closes)).toEqual(expect.arrayContaining(['4005', '4008']));
    });

    it('is refused with intents that are not switched on', async () => {
      const plain = simulator.application({ name: 'plain', privileged: [] });
      const client = open();
      await client.saw(({ op }) => op === 10);
      client.says(2, identifyWith(plain.token));
      expect(await client.closed).toBe(4014);
    });
  });

  it('without heartbeats a connection and its session end', async () => {
    await start({ gateway: { heartbeatTimeoutMs: 50 } });
    const client = await identify(simulator);
    expect(await client.closed).toBe(4009);
    expect(simulator.sessions()).toEqual([]);
  });

  describe('events', () => {
    beforeEach(() => start());

    it('are those that were asked for', async () => {
      const all = await identify(simulator);
      const messages = await identify(simulator, { intents: 1 << 9 });
      const direct = await identify(simulator, { intents: 1 << 12 });
      const said = ada.says('hello');
      ada.reacts(said, '👍');
      ada.dms('psst');
      await Promise.all([
        all.event('MESSAGE_CREATE', 2),
        direct.event('MESSAGE_CREATE'),
        messages.event('MESSAGE_CREATE'),
      ]);
      expect(contents(all.events('MESSAGE_CREATE'))).toEqual(['hello', 'psst']);
      expect(all.events('MESSAGE_REACTION_ADD')).toHaveLength(1);
      await simulator.drained();
      expect(messages.frames.map(({ t }) => t).filter(Boolean)).toEqual(['READY', 'MESSAGE_CREATE']);
      expect(direct.frames.map(({ t }) => t).filter(Boolean)).toEqual(['READY', 'MESSAGE_CREATE']);
    });

    it('have no contents without the intent for them, except for what concerns the bot', async () => {
      const client = await identify(simulator, { intents: usualIntents & ~(1 << 15) });
      ada.sendsFile({ caption: 'secret' });
      ada.mentions(bot, 'hello');
      ada.dms('direct');
      await apiOf(simulator)(`POST channels/${guild.general.id}/messages`, { content: 'own' });
      await client.event('MESSAGE_CREATE', 4);
      const told = client.events('MESSAGE_CREATE');
      expect(contents(told)).toEqual(['', `<@${bot.user.id}> hello`, 'direct', 'own']);
      expect(told[0]).toMatchObject({ attachments: [], embeds: [], components: [] });
    });

    it('of a guild go to its shard, direct ones to the first', async () => {
      const first = await identify(simulator, { shard: [0, 2] });
      const second = await identify(simulator, { shard: [1, 2] });
      ada.dms('direct');
      await first.event('MESSAGE_CREATE');
      ada.says('in the guild');
      await simulator.drained();
      const of = (client: typeof first) => contents(client.events('MESSAGE_CREATE'));
      const isFirst = (BigInt(guild.id) >> 22n) % 2n === 0n;
      expect([of(first), of(second)]).toEqual(
        isFirst ? [['direct', 'in the guild'], []] : [['direct'], ['in the guild']],
      );
    });

    it('are repeated, late and out of order when that is asked for', async () => {
      const client = await identify(simulator);
      simulator.inbound.set({ duplicates: 1 });
      ada.says('twice');
      await client.event('MESSAGE_CREATE', 2);
      expect(contents(client.events('MESSAGE_CREATE'))).toEqual(['twice', 'twice']);
      simulator.inbound.set({ reorderWindow: 5 });
      for (const each of '12345') ada.says(each);
      await client.event('MESSAGE_CREATE', 7);
      const later = contents(client.events('MESSAGE_CREATE')).slice(2);
      expect(later.join('')).not.toBe('12345');
      expect(later.toSorted().join('')).toBe('12345');
    });

    it('are counted as untold where nobody is connected', () => {
      simulator.clear();
      ada.says('hello');
      expect(simulator.counters()).toMatchObject({ untold: 1, events: {} });
    });

    it('can be any, with any data', async () => {
      const client = await identify(simulator);
      simulator.dispatch('SOMETHING_NEW', { is: 'here' });
      simulator.gateway.op(42, { what: 'ever' });
      expect(await client.event('SOMETHING_NEW')).toEqual({ is: 'here' });
      expect(await client.saw(({ op }) => op === 42)).toMatchObject({ d: { what: 'ever' } });
    });
  });

  describe('a session', () => {
    beforeEach(() => start());

    it('is its bot’s alone, also where several bots begin one at the same moment', async () => {
      const moment = jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2026, 0, 1));
      try {
        const bots = ['sales', 'claims', 'returns'].map((name) => simulator.application({ name }));
        for (const application of bots) await identify(simulator, { application });
        const ids = simulator.sessions().map(({ id }) => id);
        expect(new Set(ids).size).toBe(3);
        for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
        for (const application of bots) simulator.person({ application }).dms('hello');
        const told = simulator.deliveries().filter((one) => 'event' in one && one.event === 'MESSAGE_CREATE');
        expect(told).toMatchObject(
          bots.map((application, index) => ({ application: application.id, session: ids[index] })),
        );
      } finally {
        moment.mockRestore();
      }
    });

    it('outlives its connection: what happens meanwhile comes in order, then RESUMED', async () => {
      const client = await identify(simulator);
      ada.says('one');
      await client.event('MESSAGE_CREATE');
      const seen = client.frames.at(-1).s;
      simulator.gateway.drop();
      await noticed();
      expect(simulator.sessions()).toMatchObject([{ id: client.session, connected: false }]);
      for (const each of ['two', 'three']) ada.says(each);
      const again = await resume(simulator, client, seen);
      await again.event('RESUMED');
      expect(again.frames.slice(1).map(({ t, s, d }) => [t, s - seen, d.content])).toEqual([
        ['MESSAGE_CREATE', 1, 'two'],
        ['MESSAGE_CREATE', 2, 'three'],
        ['RESUMED', 3, undefined],
      ]);
      ada.says('four');
      expect((await again.event('MESSAGE_CREATE', 3)).content).toBe('four');
      expect(simulator.sessions()).toMatchObject([{ id: client.session, connected: true, resumes: 1 }]);
      expect(simulator.counters()).toMatchObject({ identifies: 1, resumes: 1 });
      const replayed = simulator.deliveries().filter((one) => one.via === 'gateway' && one.replayed);
      expect(replayed).toHaveLength(2);
    });

    it('replays again what was not taken', async () => {
      const client = await identify(simulator);
      ada.says('one');
      await client.event('MESSAGE_CREATE');
      client.vanish();
      const again = await resume(simulator, client, 2);
      expect((await again.event('MESSAGE_CREATE')).content).toBe('one');
    });

    it('is taken over from a connection that only seems to be there', async () => {
      const client = await identify(simulator);
      const again = await resume(simulator, client, 2);
      await again.event('RESUMED');
      await client.closed;
      expect(simulator.sessions()).toMatchObject([{ connected: true }]);
    });

    it.each([1000, 1001])('ends when the client closes with %d', async (code) => {
      const client = await identify(simulator);
      client.close(code);
      await client.closed;
      await noticed();
      expect(simulator.sessions()).toEqual([]);
      const again = await resume(simulator, client, 1);
      expect(await again.saw(({ op }) => op === 9)).toMatchObject({ d: false });
    });

    it('stays when the client closes with another code', async () => {
      const client = await identify(simulator);
      client.close(4200);
      await noticed();
      expect(simulator.sessions()).toHaveLength(1);
    });

    it('is gone after a while', async () => {
      const client = await identify(simulator);
      client.vanish();
      await noticed();
      simulator.clock.advance(181_000);
      const again = await resume(simulator, client, 1);
      expect(await again.saw(({ op }) => op === 9)).toMatchObject({ d: false });
    });

    it('cannot be resumed with a number that was never sent, or by another bot', async () => {
      const client = await identify(simulator);
      client.vanish();
      const other = simulator.application({ name: 'other' });
      const foreign = await resume(simulator, client, 1, other.token);
      expect(await foreign.saw(({ op }) => op === 9)).toMatchObject({ d: false });
      expect(await (await resume(simulator, client, 1, 'nobody')).closed).toBe(4004);
      expect(await (await resume(simulator, client, 99)).closed).toBe(4007);
    });

    it('keeps a limited number of events', async () => {
      await simulator.close();
      await start({ gateway: { keptEvents: 2 } });
      const client = await identify(simulator);
      client.vanish();
      for (const each of '123456') ada.says(each);
      const again = await resume(simulator, client, 2);
      expect(await again.saw(({ op }) => op === 9)).toMatchObject({ d: false });
    });

    it('comes back after the platform was down', async () => {
      const client = await identify(simulator);
      await simulator.offline();
      await client.closed;
      ada.says('meanwhile');
      await simulator.online();
      const again = await resume(simulator, client, 2);
      expect((await again.event('MESSAGE_CREATE')).content).toBe('meanwhile');
    });
  });

  describe('identifying', () => {
    it('is recorded, and whether somebody was there already', async () => {
      await start();
      const first = await identify(simulator);
      const second = await identify(simulator);
      expect(simulator.gateway.identifies(bot)).toMatchObject([
        { session: first.session, besides: [] },
        { session: second.session, besides: [first.session] },
      ]);
      expect((await apiOf(simulator)('GET gateway/bot')).body.session_start_limit.remaining).toBe(998);
    });

    it('resets the token after the last of the day', async () => {
      await start({ gateway: { identifyLimit: 1 } });
      await identify(simulator);
      const client = open();
      await client.saw(({ op }) => op === 10);
      client.says(2, identifyWith(bot.token));
      expect(await client.closed).toBe(4004);
      expect(bot.token).toBeNull();
    });

    it('twice within five seconds is answered with an invalid session, where that is checked', async () => {
      await start({ gateway: { identifyRate: true } });
      await identify(simulator);
      const client = open();
      await client.saw(({ op }) => op === 10);
      client.says(2, identifyWith(bot.token));
      expect(await client.saw(({ op }) => op === 9)).toMatchObject({ d: false });
      simulator.clock.advance(5000);
      client.says(2, identifyWith(bot.token));
      await client.event('READY');
    });
  });

  describe('what a test asks of connections', () => {
    beforeEach(() => start());

    it('is to reconnect, to begin anew, to go', async () => {
      const client = await identify(simulator);
      expect(simulator.gateway.reconnect()).toBe(1);
      await client.saw(({ op }) => op === 7);
      simulator.gateway.invalidate(true);
      expect(await client.saw(({ op }) => op === 9)).toMatchObject({ d: true });
      expect(simulator.sessions()).toHaveLength(1);
      simulator.gateway.invalidate(false);
      await client.saw(({ op, d }) => op === 9 && d === false);
      expect(simulator.sessions()).toEqual([]);
      simulator.gateway.closes(4000);
      expect(await client.closed).toBe(4000);
    });

    it('is to read any frame', async () => {
      const client = await identify(simulator);
      simulator.gateway.frame('{"op":0,"t":"MESSAGE_CRE');
      simulator.gateway.frame(Buffer.from([1, 2, 3]));
      simulator.dispatch('LAST', {});
      await client.event('LAST');
      expect(client.frames.filter((frame) => frame === null)).toHaveLength(2);
    });

    it('is to have a token that is no good any more', async () => {
      const client = await identify(simulator);
      simulator.resetsToken(bot);
      expect(await client.closed).toBe(4004);
    });
  });

  describe('faults', () => {
    beforeEach(() => start());

    it('at the door', async () => {
      simulator.gateway.faults.add({ method: 'connect', fault: { kind: 'refuse', status: 503 }, nth: 1 });
      simulator.gateway.faults.add({ method: 'connect', fault: { kind: 'silence' }, nth: 2 });
      simulator.gateway.faults.add({ method: 'connect', fault: { kind: 'drop' }, nth: 3 });
      expect(await open().closed).toBe(1006);
      const silent = open();
      expect(await open().closed).toBe(1006);
      await open().saw(({ op }) => op === 10);
      expect(silent.frames).toEqual([]);
      expect(simulator.counters().faults).toEqual({ refuse: 1, silence: 1, drop: 1 });
    });

    it('of an identify and a resume', async () => {
      simulator.gateway.faults.add({ method: 'identify', fault: { kind: 'close', code: 4000 }, times: 1 });
      const client = open();
      await client.saw(({ op }) => op === 10);
      client.says(2, identifyWith(bot.token));
      expect(await client.closed).toBe(4000);
      const good = await identify(simulator);
      good.vanish();
      simulator.gateway.faults.add({
        method: 'resume',
        fault: { kind: 'invalid-session', resumable: true },
        times: 1,
      });
      const again = await resume(simulator, good, 2);
      expect(await again.saw(({ op }) => op === 9)).toMatchObject({ d: true });
      again.says(6, { token: bot.token, session_id: good.session, seq: 2 });
      await again.event('RESUMED');
    });

    it('missed acknowledgements', async () => {
      const client = await identify(simulator);
      simulator.gateway.faults.add({ method: 'heartbeat', fault: { kind: 'silence' }, times: 1 });
      client.says(1, 2);
      client.says(1, 2);
      await client.saw(({ op }) => op === 11);
      expect(client.frames.filter(({ op }) => op === 11)).toHaveLength(1);
    });

    it.each([
      ['torn', { kind: 'torn' }, null],
      ['garbage', { kind: 'garbage' }, null],
      ['oversized', { kind: 'oversized', bytes: 100_000 }, 0],
    ] as const)('a frame that is %s, in place of an event that a resume brings', async (_name, fault, op) => {
      const client = await identify(simulator);
      simulator.gateway.faults.add({ method: 'dispatch', chat: 'MESSAGE_CREATE', nth: 1, fault });
      ada.says('lost');
      ada.says('seen');
      expect((await client.event('MESSAGE_CREATE')).content).toBe('seen');
      const odd = client.frames[3];
      expect(odd === null ? null : odd.op).toBe(op);
      const again = await resume(simulator, client, 2);
      expect((await again.event('MESSAGE_CREATE')).content).toBe('lost');
    });

    it('bytes that are no frame end the connection, and nothing else', async () => {
      const client = await identify(simulator);
      simulator.gateway.faults.add({ method: 'dispatch', fault: { kind: 'broken-frame' }, times: 1 });
      ada.says('lost');
      expect(await client.closed).toBe(1006);
      const again = await resume(simulator, client, 2);
      expect((await again.event('MESSAGE_CREATE')).content).toBe('lost');
    });

    it('a drop before and after an event, and an event twice', async () => {
      const client = await identify(simulator);
      const { faults } = simulator.gateway;
      faults.add({ method: 'dispatch', chat: guild.general.id, nth: 1, fault: { kind: 'duplicate' } });
      faults.add({ method: 'dispatch', chat: guild.general.id, nth: 2, fault: { kind: 'drop-after' } });
      faults.add({ method: 'dispatch', chat: guild.general.id, nth: 3, fault: { kind: 'drop' } });
      ada.says('one');
      ada.says('two');
      expect(await client.closed).toBe(1006);
      expect(contents(client.events('MESSAGE_CREATE'))).toEqual(['one', 'one', 'two']);
      const again = await resume(simulator, client, 4);
      await again.event('RESUMED');
      ada.says('three');
      expect(await again.closed).toBe(1006);
      expect(again.events('MESSAGE_CREATE')).toEqual([]);
    });
  });

  it('is drained when the heartbeats tell that everything was taken', async () => {
    await start();
    const client = await identify(simulator);
    for (let each = 0; each < 500; each++) ada.says(`message ${each}`);
    await simulator.drained();
    expect(client.events('MESSAGE_CREATE')).toHaveLength(500);
    const [session] = simulator.sessions();
    expect(session.acknowledged).toBe(session.sequence);
  });
});
