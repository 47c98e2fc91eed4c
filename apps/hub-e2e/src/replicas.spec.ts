import { setTimeout as delay } from 'node:timers/promises';
import { startDatabase, type TestDatabase } from './harness/engines';
import { Hub } from './harness/hub';
import { Load } from './harness/load';
import { ShownReplies } from './harness/shown';
import { telegramPost, telegramReplies } from './harness/telegram-traffic';
import { until } from './harness/until';
import { instanceName, textUpdate, webhookSecret, World } from './harness/world';

/** What the hub holds a lane for before somebody else may take it. */
const leaseMs = 30_000;

describe('two hubs on one PostgreSQL', () => {
  let database: TestDatabase;
  let world: World;
  let second: Hub;

  beforeAll(async () => {
    database = await startDatabase('postgres');
    world = await World.create({
      hub: { databaseUrl: database.url },
      telegram: { autoChats: true },
      agent: { script: { kind: 'delay', minMs: 5, maxMs: 150 } },
    });
    second = await Hub.start({ databaseUrl: database.url, dataDir: world.hub.dataDir });
  });
  afterAll(async () => {
    await second.dispose();
    await world.dispose();
    await database.stop();
  });

  const hubs = () => [world.hub, second];

  it('answer every message once and in order; no chat is worked on twice at once; both do their share', async () => {
    const chats = Array.from({ length: 30 }, (_, index) => 4_000 + index);
    const shown = new ShownReplies(telegramReplies(world.telegram));
    const webhooks = hubs().map(({ url }) => `${url}/webhooks/telegram/${instanceName}`);
    const load = new Load({ webhooks: () => webhooks, post: telegramPost, chats, everyMs: 600, seed: 5 });
    await delay(4_000);
    await load.stop();
    await until(
      'every message is answered',
      () => chats.every((chat) => shown.lines(chat).length === load.acknowledged.get(chat)!.length),
      { timeoutMs: 60_000 },
    );
    for (const chat of chats) {
      expect(shown.of(chat).flatMap(({ text }) => text.split('\n'))).toEqual(load.acknowledged.get(chat));
    }
    expect(load.unexpected).toEqual([]);
    expect(world.agent.violations()).toEqual([]);
    expect(await world.operator.deadLetters()).toEqual([]);
    for (const hub of hubs()) {
      const { data } = await hub.api.get<string>('/metrics');
      const sent = [...data.matchAll(/^omni_deliveries_total\{.*outcome="sent".*\} (\d+)$/gm)];
      expect(sent.reduce((sum, [, count]) => sum + Number(count), 0)).toBeGreaterThan(0);
    }
  });

  it('see each other’s changes of instances', async () => {
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { groups: 'always' });
    await until('the other one has it', async () => {
      const { data } = await second.api.get(`/api/v1/instances/${instanceName}`);
      return data.groups === 'always';
    });
    const ada = world.person({ name: 'Ada' });
    const group = world.telegram.group({ members: [ada] });
    await until('the change is in force', async () => {
      ada.says('no mention', { chat: group });
      return world.telegram.waitForReply(group, 'no mention', 1_000).then(
        () => true,
        () => false,
      );
    });
  });

  it('take at once what comes for an instance that one of them has just made', async () => {
    const bot = world.telegram.bot({ token: '4343:e2e-token-of-another', username: 'another_bot' });
    const eve = world.telegram.person({ bot, name: 'Eve' });
    const instance = { name: 'another-bot' };
    await world.operator.post(
      '/api/v1/instances',
      world.instanceOf({ instance, config: { token: bot.token } }),
    );
    const told = textUpdate(6_000_000, eve.user.id, 1, 'am I early?');
    const webhook = `${second.url}/webhooks/telegram/another-bot`;
    expect((await world.webhook(told, webhookSecret, webhook)).status).toBe(200);
    await world.telegram.waitForReply(eve, 'am I early?', leaseMs / 2);
  });

  it('when one is killed, the other answers what it had begun, once its leases have run out', async () => {
    const people = Array.from({ length: 10 }, () => world.person());
    world.agent.answers({ kind: 'delay', minMs: 1_500, maxMs: 1_500 });
    const webhook = `${second.url}/webhooks/telegram/${instanceName}`;
    for (const { user } of people)
      await world.webhook(textUpdate(7_000_000 + user.id, user.id, 1, 'begun'), webhookSecret, webhook);
    await until('the agent is asked', () => people.every((person) => world.asked(person).length > 0));
    await second.kill();
    world.agent.answers({ kind: 'echo' });
    await Promise.all(people.map((person) => world.telegram.waitForReply(person, 'begun', 75_000)));
    const askedAgain = people.filter((person) => world.asked(person).length > 1);
    expect(askedAgain.length).toBeGreaterThan(0);
    for (const person of people) {
      const turns = new Set(world.asked(person).map(({ turnId }) => turnId));
      expect([turns.size, world.telegram.transcript(person)]).toEqual([1, ['support_bot: begun']]);
    }
  }, 120_000);

  it('when the last one is killed, it takes up what it had begun as soon as it is back', async () => {
    const person = world.person();
    world.agent.answers({ kind: 'hang' });
    const asked = textUpdate(7_100_000, person.user.id, 1, 'begun');
    await world.webhook(asked, webhookSecret, `${world.hub.url}/webhooks/telegram/${instanceName}`);
    await until('the agent is asked', () => world.asked(person).length > 0);
    await world.hub.kill();
    world.agent.answers({ kind: 'echo' });
    await world.hub.start();
    await world.telegram.waitForReply(person, 'begun', leaseMs / 2);
    const turns = new Set(world.asked(person).map(({ turnId }) => turnId));
    expect([turns.size, world.telegram.transcript(person)]).toEqual([1, ['support_bot: begun']]);
  });
});
