import type { DiscordPerson } from '@omni-hub/simulator';
import { setTimeout as delay } from 'node:timers/promises';
import { DiscordRail } from './harness/discord-rail';
import { startDatabase, type TestDatabase } from './harness/engines';
import { Hub } from './harness/hub';
import { RailWorld } from './harness/rail-world';
import { instanceName } from './harness/rails';
import { until } from './harness/until';

interface Status {
  transport: { state: string } | null;
}

/** A lease of ten seconds, and a little for the connection. */
const takeoverMs = 15_000;

describe('two hubs on one PostgreSQL with one bot', () => {
  let database: TestDatabase;
  let world: RailWorld<DiscordRail>;
  let second: Hub;
  let people: DiscordPerson[];

  beforeAll(async () => {
    database = await startDatabase('postgres');
    world = await RailWorld.create(await DiscordRail.start({ mode: 'both' }), {
      hub: { databaseUrl: database.url },
      agent: { script: { kind: 'delay', minMs: 5, maxMs: 150 } },
    });
    second = await Hub.start({ databaseUrl: database.url, dataDir: world.hub.dataDir });
    people = Array.from({ length: 20 }, () => world.rail.platform.person());
    await until('one of them is connected', async () => (await states()).includes('connected'));
  });
  afterAll(async () => {
    await second.dispose();
    await world.dispose();
    await database.stop();
  });

  const application = () => world.rail.application;
  const session = () => world.rail.platform.sessions(application())[0];
  const stateOf = async ({ api }: Hub) =>
    (await api.get<Status>(`/api/v1/instances/${instanceName}/status`)).data.transport?.state ?? null;
  const states = () => Promise.all([world.hub, second].map(stateOf));
  const linesTo = (person: DiscordPerson) => world.rail.shown(person).flatMap((text) => text.split('\n'));

  it('have one connection, and each of them takes commands', async () => {
    await delay(2_500);
    expect((await states()).filter((state) => state === 'connected')).toHaveLength(1);
    const [{ besides }, ...others] = world.rail.platform.gateway.identifies(application());
    expect([besides, others]).toEqual([[], []]);

    const [ada] = people;
    for (const [index, { url }] of [world.hub, second].entries()) {
      application().interactionsUrl = `${url}/webhooks/discord/${instanceName}`;
      const asked = ada.usesCommand('ask', { number: index + 1 });
      expect(await asked.answered()).toMatchObject({ type: 5 });
      await world.rail.reply(ada, `/ask number: ${index + 1}`);
    }
    ada.chat.clear();
  });

  it('the holder is killed: the other goes on with the session within 15 seconds, and nothing is lost', async () => {
    const [first] = await states();
    const [holder, other] = first === 'connected' ? [world.hub, second] : [second, world.hub];
    const said = new Map<DiscordPerson, string[]>(people.map((person) => [person, []]));
    const speak = async (round: number) => {
      for (const [index, person] of people.entries()) {
        const text = `${index}/${round}`;
        person.says(text);
        said.get(person)!.push(text);
        await delay(5);
      }
    };
    const { id } = session();
    const areAnswered = (count: number) =>
      until('all of it is answered', () => people.every((person) => linesTo(person).length >= count), {
        timeoutMs: 60_000,
        everyMs: 100,
      });
    await speak(1);
    await speak(2);
    await areAnswered(2);
    const killed = holder.kill();
    const killedAt = Date.now();
    // Told to a connection of which Discord does not know yet that nobody is there.
    await speak(3);
    await killed;
    await until('the other is connected', async () => (await stateOf(other)) === 'connected');
    expect(Date.now() - killedAt).toBeLessThan(takeoverMs);
    await speak(4);
    await areAnswered(4);
    for (const person of people) expect(linesTo(person)).toEqual(said.get(person));
    expect(world.agent.violations()).toEqual([]);
    expect(session()).toMatchObject({ id, connected: true, resumes: 1 });
    expect(world.rail.platform.gateway.identifies(application())).toHaveLength(1);
  }, 120_000);
});
