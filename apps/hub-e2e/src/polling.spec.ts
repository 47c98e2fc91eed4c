import type { Person } from '@omni-hub/simulator';
import { type Engine, startDatabase } from './harness/engines';
import { Hub } from './harness/hub';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

interface Status {
  state: string;
  problem: string | null;
  transport: { state: string; detail: string | null } | null;
}

const polling = { mode: 'polling', webhookSecret: undefined };
const statusOf = async (hub: Hub): Promise<Status> =>
  (await hub.api.get<Status>(`/api/v1/instances/${instanceName}/status`)).data;

describe('an instance that polls', () => {
  let world: World;
  let ada: Person;

  beforeAll(async () => (world = await World.create({ config: polling })));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.person({ name: 'Ada' })));

  const connected = () =>
    until('it is connected', async () => (await statusOf(world.hub)).transport?.state === 'connected');

  it('answers, and says that it is connected', async () => {
    const hello = ada.says('hello');
    await world.reply(ada, 'hello');
    expect((await world.traceOf(hello)).outcome).toBe('answered');
    await connected();
    expect(await statusOf(world.hub)).toMatchObject({ state: 'ok', problem: null });
  });

  it('asks for reactions too, and confirms what it has kept', async () => {
    ada.says('hello');
    ada.reacts(await world.reply(ada, 'hello'), '👍');
    expect((await world.traceOfEvent(ada.chat.id, 'reaction')).outcome).toBe('silent');
    await until('nothing is left at the platform', () => world.bot.updates.pending === 0);
  });

  it('goes on where it was after a kill: nothing is answered twice, nothing is skipped', async () => {
    const before = ada.says('before');
    await world.reply(ada, 'before');
    await world.traceOf(before);
    await world.hub.kill();
    ada.says('while it was away');
    await world.hub.start();
    await world.reply(ada, 'while it was away');
    ada.says('after');
    await world.reply(ada, 'after');
    const shown = ada.chat.entries.filter(({ byBot }) => byBot).map(({ message }) => message.text);
    expect(shown).toEqual(['before', 'while it was away', 'after']);
  });

  it('keeps trying while the platform is away', async () => {
    world.telegram.offline();
    await until('it tells', async () => (await statusOf(world.hub)).state === 'degraded');
    await world.telegram.online();
    ada.says('back again?');
    await world.reply(ada, 'back again?');
  });

  it('explains another program that asks for the same updates', async () => {
    await connected();
    const other = () =>
      fetch(`${world.telegram.url}/bot${world.bot.token}/getUpdates`, {
        method: 'POST',
        body: new URLSearchParams(),
      });
    await until('it tells', async () => {
      await other();
      return (await statusOf(world.hub)).transport?.state === 'refused';
    });
    const status = await statusOf(world.hub);
    expect(status.transport?.detail).toContain('Another program asks for the updates of this bot');
    expect(status.state).toBe('degraded');
    await connected();
  });

  it('explains a webhook that is set, and removes it when connected', async () => {
    await world.hub.api.get('/health');
    const api = (method: string, params: Record<string, string>) =>
      fetch(`${world.telegram.url}/bot${world.bot.token}/${method}`, {
        method: 'POST',
        body: new URLSearchParams(params),
      });
    await api('setWebhook', { url: 'http://127.0.0.1:9/elsewhere' });
    await until('it tells', async () => (await statusOf(world.hub)).transport?.state === 'refused');
    const status = await statusOf(world.hub);
    expect(status.problem).toContain('a webhook is set');
    expect(status.problem).toContain('connect');
    ada.says('lost?');
    await world.operator.post(`/api/v1/instances/${instanceName}/connect`);
    await world.reply(ada, 'lost?');
  });

  it('stops when the instance is disabled, and goes on when it is enabled', async () => {
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { enabled: false });
    expect((await statusOf(world.hub)).state).toBe('disabled');
    await until('it no longer asks', async () => {
      const asked = world.telegram.counters().calls.getUpdates;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return world.telegram.counters().calls.getUpdates === asked;
    });
    ada.says('anybody?');
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { enabled: true });
    await world.reply(ada, 'anybody?');
  });
});

describe.each<[Engine]>([['postgres']])('two hubs on one %s database', (engine) => {
  it('have one poller for an account; the other takes over when it is killed', async () => {
    const database = await startDatabase(engine);
    const world = await World.create({ hub: { databaseUrl: database.url }, config: polling });
    const second = await Hub.start({ databaseUrl: database.url, dataDir: world.hub.dataDir });
    const ada = world.person({ name: 'Ada' });
    const states = async () =>
      (await Promise.all([world.hub, second].map(statusOf))).map(({ transport }) => transport?.state ?? null);
    await until('one of the two is connected', async () => (await states()).includes('connected'));
    expect((await states()).filter((state) => state === 'connected')).toHaveLength(1);

    for (let index = 0; index < 5; index++) {
      ada.says(`hello ${index}`);
      await world.reply(ada, `hello ${index}`);
    }
    const refusals = world.telegram.calls('getUpdates').filter(({ status }) => status === 409);
    expect(refusals).toEqual([]);

    const [holder, other] = (await states())[0] === 'connected' ? [world.hub, second] : [second, world.hub];
    await holder.kill();
    ada.says('and now?');
    await world.telegram.waitForReply(ada, 'and now?', 30_000);
    expect((await statusOf(other)).transport?.state).toBe('connected');
    const shown = ada.chat.entries.filter(({ byBot }) => byBot).map(({ message }) => message.text);
    expect(new Set(shown).size).toBe(shown.length);

    await second.dispose();
    await world.dispose();
    await database.stop();
  }, 120_000);
});
