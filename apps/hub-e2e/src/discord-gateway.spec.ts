import type { DiscordGatewayOptions, DiscordPerson, GatewayFault } from '@omni-hub/simulator';
import { setTimeout as delay } from 'node:timers/promises';
import { DiscordBot } from './harness/discord-bots';
import { DiscordRail } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { instanceName } from './harness/rails';
import { until } from './harness/until';

const path = `/api/v1/instances/${instanceName}`;

async function begin(
  gateway: DiscordGatewayOptions = {},
  account: Parameters<typeof DiscordRail.start>[1] = {},
  options: Parameters<typeof RailWorld.create>[1] = {},
): Promise<RailWorld<DiscordRail>> {
  return RailWorld.create(await DiscordRail.start({ gateway }, account), options);
}

describe('a storm of 500 messages, while the hub is killed twice', () => {
  const people: DiscordPerson[] = [];
  const said = new Map<DiscordPerson, { id: string; text: string }[]>();
  let world: RailWorld<DiscordRail>;

  beforeAll(async () => {
    world = await begin({}, {}, { agent: { script: { kind: 'delay', minMs: 600, maxMs: 1_200 } } });
    await world.connected();
    const { platform } = world.rail;
    for (let index = 0; index < 50; index++) people.push(platform.person({ name: `Person ${index}` }));
    const storm = (async () => {
      for (let round = 1; round <= 10; round++) {
        for (const [index, person] of people.entries()) {
          const text = `${index}/${round}`;
          const { message } = person.says(text);
          said.set(person, [...(said.get(person) ?? []), { id: message.id, text }]);
          await delay(5);
        }
      }
    })();
    for (const afterMs of [400, 900]) {
      await delay(afterMs);
      await world.hub.kill();
      await delay(100);
      await world.hub.start();
    }
    await storm;
    await until('all of it is answered', () => people.every((one) => linesTo(one).length >= 10), {
      timeoutMs: 60_000,
      everyMs: 100,
    });
    await platform.drained();
  }, 120_000);
  afterAll(() => world.dispose());

  const linesTo = (person: DiscordPerson) => world.rail.shown(person).flatMap((text) => text.split('\n'));

  it('loses none and answers none twice: each is answered once, in its chat’s order', () => {
    for (const person of people) expect(linesTo(person)).toEqual(said.get(person)!.map(({ text }) => text));
    expect(world.agent.violations()).toEqual([]);
  });

  it('keeps each as one event, with a trace that says that it was answered', async () => {
    for (const person of people.slice(0, 10)) {
      for (const { id } of said.get(person)!) expect((await world.traceOf(id)).outcome).toBe('answered');
    }
    expect(await world.operator.deadLetters()).toEqual([]);
  });

  it('has everything that Discord told, by one session that went on after each kill', async () => {
    const { application, platform } = world.rail;
    const [session, ...others] = platform.sessions(application);
    expect(others).toEqual([]);
    expect(session).toMatchObject({ connected: true, resumes: 2 });
    const identifies = platform.gateway.identifies(application);
    expect(identifies.map(({ session: id, besides }) => [id, besides])).toEqual([[session.id, []]]);

    const told = platform.deliveries().flatMap((one) => (one.via === 'gateway' ? [one.sequence] : []));
    expect(session.acknowledged).toBe(Math.max(...told));
    const kept = await world.operator.get<{ items: unknown[] }>(
      `/api/v1/messages?instance=${instanceName}&eventId=${encodeURIComponent(said.get(people[49])![9].id)}`,
    );
    expect(kept.items).toHaveLength(1);
  });
});

describe('a connection to the gateway', () => {
  let world: RailWorld<DiscordRail>;
  let bot: DiscordBot;
  let ada: ReturnType<DiscordRail['person']>;

  beforeAll(async () => (world = await begin({ heartbeatMs: 400 })));
  afterAll(() => world.dispose());
  beforeEach(async () => {
    bot = await DiscordBot.connect(world);
    ada = bot.person('Ada');
  });
  afterEach(() => gateway().faults.clear());

  const platform = () => world.rail.platform;
  const gateway = () => platform().gateway;
  const answers = async (...texts: string[]) => {
    for (const text of texts) {
      ada.says(text);
      await ada.reply(text);
    }
  };

  const fault = (method: 'heartbeat' | 'connect', what: GatewayFault, times: number) =>
    gateway().faults.add({
      method,
      ...(method === 'heartbeat' && { chat: bot.application.id }),
      fault: what,
      times,
    });

  it.each<[string, () => unknown]>([
    ['is lost', () => gateway().drop(bot.application)],
    ['is to be opened anew, as Discord asks', () => gateway().reconnect(bot.application)],
    ['has a session that may go on, as Discord says', () => gateway().invalidate(true, bot.application)],
    ['is closed by Discord for a reason of its own', () => gateway().closes(4000, bot.application)],
    ['is silent: nobody answers heartbeats', () => fault('heartbeat', { kind: 'silence' }, 2)],
    [
      'is lost, and refused twice',
      () => {
        fault('connect', { kind: 'refuse', status: 503 }, 2);
        gateway().drop(bot.application);
      },
    ],
    [
      'is lost, and lost again before its hello',
      () => {
        fault('connect', { kind: 'drop' }, 1);
        gateway().drop(bot.application);
      },
    ],
  ])('that %s: the session goes on, and what was said meanwhile is answered', async (_name, disturb) => {
    const { id } = bot.session;
    disturb();
    await answers('still there?');
    await until('the session was resumed', () => bot.session.resumes > 0 && bot.session.connected);
    await answers('and now?');
    expect([bot.session.id, bot.identifies.length]).toEqual([id, 1]);
    expect(ada.shown()).toEqual(['still there?', 'and now?']);
  });

  it('whose session is over, as Discord says: one new session is begun', async () => {
    const other = await DiscordBot.connect(world);
    const former = [bot.session.id, other.session.id];
    gateway().invalidate(false, bot.application);
    gateway().closes(4009, other.application);
    await Promise.all([bot.isRenewed(former[0]), other.isRenewed(former[1])]);
    await answers('a new beginning?');
    for (const one of [bot, other]) expect(one.identifies.map(({ besides }) => besides)).toEqual([[], []]);
  });

  it('to a Discord that is away: the status says so, and afterwards all is as before', async () => {
    const { id } = bot.session;
    await platform().offline();
    await until('it tells', async () => (await world.status(bot.instance)).transport?.state === 'retrying');
    expect((await world.status(bot.instance)).state).toBe('degraded');
    await platform().online();
    await world.connected(bot.instance);
    await answers('back again?');
    expect([bot.session.id, bot.identifies.length]).toEqual([id, 1]);
  });

  it('of a hub that stops keeps its session, and what was said meanwhile is answered', async () => {
    const { id } = bot.session;
    await world.hub.stop();
    const { closes } = platform().counters();
    expect([closes['1000'], closes['1001']]).toEqual([undefined, undefined]);
    expect(bot.session).toMatchObject({ id, connected: false });
    ada.says('while it was away');
    await world.hub.start();
    await ada.reply('while it was away');
    expect([bot.session.id, bot.identifies.length]).toEqual([id, 1]);
    expect(ada.shown()).toEqual(['while it was away']);
  });

  it('of a hub that stops for longer than Discord keeps a session: a new one is begun', async () => {
    const { id } = bot.session;
    await world.hub.stop();
    platform().clock.advance(4 * 60_000);
    await world.hub.start();
    await bot.isRenewed(id);
    await answers('after a long time');
    expect(bot.identifies).toHaveLength(2);
  });
});

describe('what only an operator can mend', () => {
  it('a token that was reset pauses the instance: nothing more is tried until there is a new one', async () => {
    const world = await begin();
    await world.connected();
    const { application, platform } = world.rail;
    const ada = world.rail.person('Ada');
    const former = application.token!;
    platform.resetsToken(application);
    await until('it is paused', async () => (await world.status()).state === 'paused');
    const status = await world.status();
    expect(status.problem).toContain('refuses the token');
    expect(status.problem).not.toContain(former);
    const calls = platform.calls().length;
    await delay(1_500);
    expect(platform.gateway.identifies(application)).toHaveLength(1);
    expect(platform.calls()).toHaveLength(calls);
    expect(platform.counters().closes['4004']).toBe(1);

    application.token = former.replace('GmadeUp', 'Grenewed');
    const { token } = application;
    await world.operator.patch(path, { config: { token } });
    await world.connected();
    ada.says('with the new one');
    await ada.reply('with the new one');
    await world.dispose();
  });

  it('an intent that was not granted is told with what to do, and no session is begun until it is', async () => {
    const world = await begin({}, { privileged: [] });
    const { application, platform } = world.rail;
    await until('it tells', async () => (await world.status()).transport?.state === 'refused');
    const { state, problem, transport } = await world.status();
    expect(state).toBe('degraded');
    expect(transport!.detail).toMatch(/4014.*switch on Message Content.*developer portal/);
    expect(problem).toContain('Message Content');
    expect(platform.gateway.identifies(application)).toEqual([]);
    (application.privileged as Set<string>).add('content');
    await world.connected();
    await world.dispose();
  });

  it('no sessions left for today is told, and none is begun', async () => {
    const world = await begin({ identifyLimit: 0 });
    await until('it tells', async () => (await world.status()).transport?.state === 'refused');
    expect((await world.status()).transport!.detail).toContain('stop other programs that use its token');
    const { application, platform } = world.rail;
    expect(platform.gateway.identifies(application)).toEqual([]);
    expect(platform.counters().closes).toEqual({});
    await world.dispose();
  });
});
