import { RailWorld } from './harness/rail-world';
import { EvolutionRail, instanceName } from './harness/rails';
import { until } from './harness/until';

describe('each message once through an Evolution server', () => {
  let world: RailWorld<EvolutionRail>;

  beforeAll(async () => (world = await RailWorld.create(await EvolutionRail.start())));
  afterAll(() => world.dispose());
  afterEach(async () => {
    server().inbound.clear();
    await server().drained();
    expect(world.agent.violations()).toEqual([]);
  });

  const server = () => world.rail.platform;
  const linesOf = (person: { shown(): string[] }) => person.shown().flatMap((text) => text.split('\n'));

  it.each([
    ['one after the other', false],
    ['at the same instant', true],
  ])('a message that is delivered 5 times %s is one turn', async (name, atOnce) => {
    const ada = world.rail.person(`Ada ${name}`);
    const phone = Number(ada.itself.phone);
    const message = world.rail.textMessage(phone - 447_700_900_000, 1, 'only once');
    const deliver = () => world.webhook(world.rail.event('messages.upsert', message));
    const statuses: number[] = [];
    if (atOnce) {
      const answers = await Promise.all(Array.from({ length: 5 }, deliver));
      statuses.push(...answers.map(({ status }) => status));
    } else for (let time = 0; time < 5; time++) statuses.push((await deliver()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    await ada.reply('only once');
    expect((await deliver()).status).toBe(200);
    ada.says('and this');
    await ada.reply('and this');
    expect(linesOf(ada)).toEqual(['only once', 'and this']);
    expect(world.asked(ada.chatId)).toHaveLength(2);
    const stored = await world.operator.storedAs(instanceName, message.key.id);
    expect(stored.redeliveries).toBe(5);
    const trace = await world.operator.trace(stored.id);
    expect(trace.steps.find(({ reason }) => reason === 'redelivered')?.detail).toContain('5 more times');
  });

  it('what WhatsApp tells again after a reconnect is not answered again, whatever the event looks like now', async () => {
    const ada = world.rail.person('Ada');
    const hello = ada.itself.says('hello');
    await ada.reply('hello');
    world.rail.account.flaps(1);
    ada.itself.repeats(hello);
    ada.itself.changesDevice(7);
    ada.itself.repeats(hello);
    await server().drained();
    ada.says('and now?');
    await ada.reply('and now?');
    expect(linesOf(ada)).toEqual(['hello', 'and now?']);
  });

  it('the same words twice are two messages', async () => {
    const ada = world.rail.person('Ada');
    ada.says('again');
    await ada.reply('again');
    ada.says('again');
    await until('both are answered', () => linesOf(ada).length === 2);
  });

  it.each([
    ['come three times each', { duplicates: 2 }],
    ['come in another order', { reorderWindow: 6 }],
    ['come late, twice and in another order', { duplicates: 1, reorderWindow: 8, delayMs: 20 }],
  ])('events that %s: each of several people is answered once', async (_name, disturbance) => {
    server().inbound.set(disturbance);
    const people = Array.from({ length: 6 }, (_, index) => world.rail.person(`Person ${index}`));
    const texts = ['one', 'two', 'three'];
    for (const text of texts) for (const person of people) person.says(text);
    await until('everybody is answered', () =>
      people.every((person) => texts.every((text) => linesOf(person).includes(text))),
    );
    await server().drained();
    for (const person of people) expect(linesOf(person).sort()).toEqual([...texts].sort());
  });

  it('a hub that is away loses nothing: the server delivers again', async () => {
    const ada = world.rail.person('Ada');
    await world.hub.kill();
    ada.says('anybody home?');
    await world.hub.start();
    await ada.reply('anybody home?');
    expect(linesOf(ada)).toEqual(['anybody home?']);
  });
});
