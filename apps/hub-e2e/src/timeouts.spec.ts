import type { Fault } from '@omni-hub/simulator';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';
import { World } from './harness/world';

/** Longer than the hub waits for an answer of the platform. */
const patience = { timeoutMs: 60_000, everyMs: 200 };

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
    await world.telegram.waitForReply(bystander, 'and me?', 3_000);

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
