import type { Fault } from '@omni-hub/simulator';
import { DiscordRail } from './harness/discord-rail';
import { RailWorld } from './harness/rail-world';
import { CloudRail, EvolutionRail, instanceName } from './harness/rails';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';
import { World } from './harness/world';

/** Longer than the hub waits for an answer of the platform. */
const patience = { timeoutMs: 60_000, everyMs: 200 };

/** Begun before all else, since it takes as long as the rest. */
let cloud: RailWorld<CloudRail>;
let ada: ReturnType<CloudRail['person']>;
let question: string;
let evolution: RailWorld<EvolutionRail>;
let grace: ReturnType<EvolutionRail['person']>;
let request: string;
let discord: RailWorld<DiscordRail>;
let cem: ReturnType<DiscordRail['person']>;
let wish: string;

beforeAll(async () => {
  cloud = await RailWorld.create(await CloudRail.start());
  ada = cloud.rail.person('Ada');
  const fault = { kind: 'timeout-after' } as const;
  cloud.rail.platform.faults.add({ method: 'send', fault, times: 1 });
  question = ada.says('once only');
  evolution = await RailWorld.create(await EvolutionRail.start());
  grace = evolution.rail.person('Grace');
  evolution.rail.platform.faults.add({ method: 'sendText', fault, times: 1 });
  request = grace.says('twice at most');
  discord = await RailWorld.create(await DiscordRail.start());
  await discord.connected();
  cem = discord.rail.person('Cem');
  discord.rail.platform.faults.add({ method: 'create-message', fault, times: 1 });
  wish = cem.says('once only');
});
afterAll(async () => {
  await cloud.dispose();
  await evolution.dispose();
  await discord.dispose();
});

describe('a platform that takes a message and never answers, or does not even take it', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
    const { telegram } = world;
    const held = telegram.bot({ token: '77:bot-that-holds', username: 'holding_bot' });
    const instance = { name: 'holding', onUnknown: 'hold' };
    const config = { token: held.token };
    await world.operator.post('/api/v1/instances', world.instanceOf({ instance, config }));
  });
  afterAll(() => world.dispose());

  it('is asked once more after a while, or not at all with "onUnknown": "hold"; other chats go on meanwhile', async () => {
    const holding = world.telegram.bot({ token: '77:bot-that-holds' });
    const [before, after, held] = [undefined, undefined, holding].map((bot) =>
      world.person({ bot: bot ?? world.bot }),
    );
    const fail = (chat: number, fault: Fault) =>
      world.telegram.faults.add({ method: 'sendMessage', chat, fault, times: 1 });
    fail(before.chat.id, { kind: 'timeout-before' });
    fail(after.chat.id, { kind: 'timeout-after' });
    fail(held.chat.id, { kind: 'timeout-after' });
    const said = new Map([before, after, held].map((person) => [person, person.says('hello')]));

    const bystander = world.person();
    bystander.says('and me?');
    await world.reply(bystander, 'and me?');

    const traceOf = async (person: typeof before) =>
      world.operator.trace((await world.stored(said.get(person)!)).id);
    const ends = { answered: [before, after], held: [held] };
    await until(
      'every one has come to its end',
      async () => {
        for (const [outcome, people] of Object.entries(ends))
          for (const person of people) if ((await traceOf(person)).outcome !== outcome) return false;
        return true;
      },
      patience,
    );
    expect(reasonsOf(await traceOf(before), 'outbox')).toEqual(['committed', 'AMBIGUOUS', 'sent']);
    expect(stoppedBy(await traceOf(held))).toBe('AMBIGUOUS');
    const times = (person: typeof before) => person.chat.entries.filter(({ byBot }) => byBot).length;
    expect([before, after, held].map(times)).toEqual([1, 2, 1]);
    const letters = await world.operator.deadLetters();
    expect(letters.map(({ instance, code }) => [instance, code])).toEqual([['holding', 'AMBIGUOUS']]);
  }, 120_000);
});

it('a platform that never answers, and tells by a status that the message left: it is not sent again', async () => {
  const { id } = await cloud.operator.storedAs(instanceName, question);
  const trace = () => cloud.operator.trace(id);
  await until('it was answered', async () => (await trace()).outcome === 'answered', patience);
  expect(reasonsOf(await trace(), 'outbox')).toEqual(['committed', 'AMBIGUOUS', 'sent', 'delivered']);
  ada.says('and on');
  await ada.reply('and on');
  expect(ada.shown()).toEqual(['once only', 'and on']);
}, 120_000);

it('an Evolution server that never answers is asked once more, and the trace counts it', async () => {
  const { id } = await evolution.operator.storedAs(instanceName, request);
  const trace = () => evolution.operator.trace(id);
  await until('it was answered', async () => (await trace()).outcome === 'answered', patience);
  expect(reasonsOf(await trace(), 'outbox').slice(0, 3)).toEqual(['committed', 'AMBIGUOUS', 'sent']);
  expect(grace.shown()).toEqual(['twice at most', 'twice at most']);
}, 120_000);

it('a Discord that never answers is asked once more, and knows that it is the same message', async () => {
  const { id } = await discord.operator.storedAs(instanceName, wish);
  const trace = () => discord.operator.trace(id);
  await until('it was answered', async () => (await trace()).outcome === 'answered', patience);
  expect(reasonsOf(await trace(), 'outbox')).toEqual(['committed', 'AMBIGUOUS', 'sent']);
  expect(discord.rail.callsIn(cem.itself, 'create-message')).toHaveLength(2);
  expect(cem.shown()).toEqual(['once only']);
}, 120_000);
