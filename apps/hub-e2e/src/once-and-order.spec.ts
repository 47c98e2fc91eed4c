import { textUpdate, World } from './harness/world';
import { until } from './harness/until';

/** The lines that a bot has shown in a chat, each message split into what it echoes. */
const linesOf = (entries: { byBot: boolean; message: { text?: string } }[]) =>
  entries.filter(({ byBot }) => byBot).flatMap(({ message }) => message.text!.split('\n'));

describe('each message once, in order', () => {
  let world: World;

  beforeAll(async () => (world = await World.create({ telegram: { autoChats: true } })));
  afterAll(() => world.dispose());
  afterEach(() => {
    world.telegram.inbound.clear();
    world.agent.answers({ kind: 'echo' });
    expect(world.agent.violations()).toEqual([]);
  });

  it.each([
    [
      'one after the other',
      async (posts: (() => Promise<{ status: number }>)[]) => {
        const answers = [];
        for (const post of posts) answers.push(await post());
        return answers;
      },
    ],
    [
      'at the same instant',
      (posts: (() => Promise<{ status: number }>)[]) => Promise.all(posts.map((post) => post())),
    ],
  ])('a message that is delivered 5 times %s is one turn', async (_name, deliver) => {
    const ada = world.person({ name: 'Ada' });
    const update = textUpdate(5_000 + ada.user.id, ada.user.id, 1, 'only once');
    const answers = await deliver(Array.from({ length: 5 }, () => () => world.webhook(update)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await world.reply(ada, 'only once');

    expect((await world.webhook(update)).status).toBe(200);
    ada.sends({ text: 'and this', message_id: 2 });
    await world.reply(ada, 'and this');
    expect(linesOf(ada.chat.entries)).toEqual(['only once', 'and this']);
    expect(world.asked(ada)).toHaveLength(2);

    const chat = await world.operator.chat(`telegram:${ada.chat.id}`);
    const stored = (await world.operator.messages(chat!)).filter(({ direction }) => direction === 'in');
    expect(stored.map(({ redeliveries }) => redeliveries)).toEqual([5, 0]);
    const trace = await world.operator.trace(stored[0].id);
    expect(trace.steps.find(({ reason }) => reason === 'redelivered')?.detail).toContain('5 more times');
  });

  it('the same words twice are two messages', async () => {
    const ada = world.person({ name: 'Ada' });
    ada.says('again');
    await world.reply(ada, 'again');
    ada.says('again');
    await until('both are answered', () => linesOf(ada.chat.entries).length === 2);
  });

  it('200 messages in 20 chats at once, with an agent of random delay: order in each chat, chats in parallel', async () => {
    let open = 0;
    let most = 0;
    world.agent.answers(() => {
      most = Math.max(most, world.agent.counters().open);
      return { kind: 'delay', minMs: 10, maxMs: 400 };
    });
    const people = Array.from({ length: 20 }, () => world.person());
    for (let index = 0; index < 10; index++) for (const person of people) person.says(`message ${index}`);
    open = people.length;
    await until(
      'every message is answered',
      () => people.every(({ chat }) => linesOf(chat.entries).includes('message 9')),
      { timeoutMs: 45_000 },
    );
    const expected = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    for (const { chat } of people) expect(linesOf(chat.entries)).toEqual(expected);
    expect(most).toBeGreaterThan(5);
    expect(most).toBeLessThanOrEqual(open);
  });

  it('a chat whose agent is slow delays no other', async () => {
    const [slow, quick] = [world.person(), world.person()];
    world.agent.answers(({ sessionId }) =>
      sessionId.endsWith(String(slow.chat.id)) ? { kind: 'hold' } : { kind: 'echo' },
    );
    slow.says('slow');
    await until('the slow one is asked', () => world.asked(slow).length === 1);
    quick.says('quick');
    await world.reply(quick, 'quick');
    expect(slow.chat.entries.filter(({ byBot }) => byBot)).toEqual([]);
    world.agent.release();
    await world.reply(slow, 'slow');
  });

  it('updates that come again, late and mixed up: each is answered once', async () => {
    world.telegram.inbound.set({ duplicates: 2, delayMs: 50, reorderWindow: 5, probability: 0.7 });
    const people = Array.from({ length: 10 }, () => world.person());
    for (let index = 0; index < 5; index++) for (const person of people) person.says(`disturbed ${index}`);
    await until('every message is answered', () =>
      people.every(({ chat }) => new Set(linesOf(chat.entries)).size === 5),
    );
    await world.telegram.drained();
    for (const { chat } of people) {
      expect([...linesOf(chat.entries)].sort()).toEqual(
        Array.from({ length: 5 }, (_, index) => `disturbed ${index}`),
      );
    }
    world.agent.clear();
  });

  it('a quiet time gathers what is written in pieces', async () => {
    await world.operator.patch('/api/v1/instances/support-bot', { settleMs: 800 });
    const ada = world.person({ name: 'Ada' });
    for (const piece of ['I', 'write', 'in pieces']) ada.says(piece);
    await world.reply(ada, 'I\nwrite\nin pieces');
    expect(world.asked(ada)).toHaveLength(1);
    await world.operator.patch('/api/v1/instances/support-bot', { settleMs: 0 });
  });
});
