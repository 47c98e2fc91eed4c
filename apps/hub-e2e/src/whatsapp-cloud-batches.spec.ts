import { RailWorld } from './harness/rail-world';
import { CloudRail, instanceName } from './harness/rails';
import { ShownReplies } from './harness/shown';
import { until } from './harness/until';

interface Told {
  type: string;
  direction: string;
  content: { eventId: string; reason: string };
}

const seconds = () => String(Math.floor(Date.now() / 1000));

describe('webhooks of many updates, and the same ones again', () => {
  let world: RailWorld<CloudRail>;
  let shown: ShownReplies;

  beforeAll(async () => {
    const rail = await CloudRail.start({ autoChats: true, batch: { max: 1_000, waitMs: 50 } });
    world = await RailWorld.create(rail);
    shown = new ShownReplies(rail.follow);
  });
  afterAll(() => world.dispose());
  afterEach(() => {
    world.rail.platform.inbound.clear();
    world.rail.platform.statuses.clear();
    expect(world.agent.violations()).toEqual([]);
  });

  const post = (body: object) => world.webhook(world.rail.sign(JSON.stringify(body)));
  const told = () => world.operator.all<Told>(`/api/v1/messages?instance=${instanceName}`);
  /** How many of what the platform told are of each kind, what the statuses of the hub's own messages say left out. */
  const kinds = (items: Told[]) => {
    const counts: Record<string, number> = {};
    for (const { direction, type, content } of items) {
      const isOwn = /^(delivery|contact)$/.test(type) && !content.eventId.startsWith('wamid.elsewhere');
      if (direction === 'in' && !isOwn) counts[type] = (counts[type] ?? 0) + 1;
    }
    return counts;
  };
  const chats = (from: number, many: number) => Array.from({ length: many }, (_, index) => from + index);
  const linesFor = (chat: number, many: number) =>
    Array.from({ length: many }, (_, index) => `${chat} says ${index}`);

  /** 700 texts of 100 people, 299 statuses, and an element that is broken. */
  function batch(): object {
    const people = chats(1, 100);
    const messages: object[] = Array.from({ length: 7 }, (_, number) =>
      people.map((chat) => world.rail.textMessage(chat, number, `${chat} says ${number}`)),
    ).flat();
    const { id: _, ...broken } = world.rail.textMessage(50, 99, 'has no id');
    messages.splice(350, 0, broken);
    const statuses = Array.from({ length: 299 }, (_, index) => ({
      id: `wamid.elsewhere.${index}`,
      status: 'delivered',
      timestamp: seconds(),
      recipient_id: '447700900001',
    }));
    return world.rail.envelope({ messages, statuses });
  }

  it('a thousand with a broken one among them: the others are answered and kept, and it can be found', async () => {
    const body = batch();
    const startedAt = Date.now();
    const { status } = await post(body);
    const ms = Date.now() - startedAt;
    process.stdout.write(`a webhook of 1000 updates was acknowledged after ${ms} ms\n`);
    expect(status).toBe(200);
    expect(ms).toBeLessThan(10_000);
    await until('every message is answered', () =>
      chats(1, 100).every((chat) => shown.lines(chat).length === 7),
    );
    for (const chat of chats(1, 100)) expect(shown.lines(chat)).toEqual(linesFor(chat, 7));

    const items = await told();
    expect(kinds(items)).toEqual({ message: 700, delivery: 299, ignored: 1 });
    const ignored = items.filter(({ type }) => type === 'ignored');
    expect(ignored[0].content.reason).toContain('has no id');
    const trace = await world.traceOf(ignored[0].content.eventId);
    expect(trace).toMatchObject({ outcome: 'ignored', because: expect.stringContaining('has no id') });

    const asked = world.agent.requests().length;
    const again = await Promise.all([post(body), post(body)]);
    expect(again.map((answer) => answer.status)).toEqual([200, 200]);
    await post(world.rail.envelope({ messages: [world.rail.textMessage(1, 7, 'and on')] }));
    await until('what follows is answered', () => shown.lines(1).includes('and on'));
    for (const chat of chats(2, 99))
      expect(shown.of(chat).flatMap(({ text }) => text.split('\n'))).toHaveLength(7);
    expect(world.agent.requests()).toHaveLength(asked + 1);
    expect(kinds(await told())).toEqual({ message: 701, delivery: 299, ignored: 1 });
  });

  it('of several numbers and products: only what is this number’s is answered', async () => {
    const text = (chat: number) => world.rail.textMessage(chat, 1, 'for whom?');
    const own = world.rail.envelope({ messages: [text(201)] }) as {
      entry: { changes: { value: object }[] }[];
    };
    const other = structuredClone(own);
    Object.assign(other.entry[0].changes[0].value, {
      metadata: { phone_number_id: '999', display_phone_number: '15550000000' },
      messages: [text(202)],
    });
    const entry = [
      ...other.entry,
      'nonsense',
      { id: '1', changes: [null, { field: 'calls', value: {} }] },
      ...own.entry,
    ];
    expect((await post({ object: 'whatsapp_business_account', entry })).status).toBe(200);
    await until('ours is answered', () => shown.lines(201).includes('for whom?'));
    const trace = await world.traceOf(text(202).id);
    expect(trace).toMatchObject({ outcome: 'ignored', because: expect.stringContaining('the id 999') });
    expect(world.asked(world.rail.chatId(202))).toEqual([]);
  });

  it.each([
    [
      'one after the other',
      async (posts: (() => Promise<{ status: number }>)[]) => {
        const answers = [];
        for (const one of posts) answers.push(await one());
        return answers;
      },
      301,
    ],
    [
      'at the same instant',
      (posts: (() => Promise<{ status: number }>)[]) => Promise.all(posts.map((one) => one())),
      302,
    ],
  ])('a message that is delivered 5 times %s is one turn', async (_name, deliver, chat) => {
    const webhook = world.rail.post(chat, 1, 'only once');
    const answers = await deliver(Array.from({ length: 5 }, () => () => world.webhook(webhook)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    await until('it is answered', () => shown.of(chat).length > 0);
    expect((await world.webhook(webhook)).status).toBe(200);
    await world.webhook(world.rail.post(chat, 2, 'and this'));
    await until('the next is answered', () => shown.lines(chat).includes('and this'));
    expect(shown.of(chat).map(({ text }) => text)).toEqual(['only once', 'and this']);
    expect(world.asked(world.rail.chatId(chat))).toHaveLength(2);
    const { id } = world.rail.textMessage(chat, 1, 'only once');
    const stored = await world.operator.storedAs(instanceName, id);
    expect(stored.redeliveries).toBe(5);
    const { steps } = await world.operator.trace(stored.id);
    expect(steps.find(({ reason }) => reason === 'redelivered')?.detail).toContain('5 more times');
  });

  it('the same words twice are two messages', async () => {
    for (const number of [1, 2]) await world.webhook(world.rail.post(401, number, 'again'));
    const words = () => shown.of(401).flatMap(({ text }) => text.split('\n'));
    await until('both are answered', () => words().length === 2);
    expect(words()).toEqual(['again', 'again']);
  });

  it('200 messages in 20 chats, put together by the platform as they come: order in each chat, chats in parallel', async () => {
    let most = 0;
    world.agent.answers(() => {
      most = Math.max(most, world.agent.counters().open);
      return { kind: 'delay', minMs: 10, maxMs: 200 };
    });
    const people = Array.from({ length: 20 }, (_, index) => world.rail.person(`Person ${index}`));
    for (let index = 0; index < 10; index++) for (const person of people) person.says(`message ${index}`);
    const lines = (person: (typeof people)[number]) => person.shown().flatMap((text) => text.split('\n'));
    await until('every message is answered', () => people.every((person) => lines(person).length >= 10));
    const expected = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    for (const person of people) expect(lines(person)).toEqual(expected);
    expect(most).toBeGreaterThan(5);
    expect(world.rail.platform.deliveries().some(({ updates }) => updates > 50)).toBe(true);
    world.agent.answers({ kind: 'echo' });
  });

  it('updates and statuses that come again, late and mixed up: each is answered once', async () => {
    world.rail.platform.inbound.set({ duplicates: 2, delayMs: 50, reorderWindow: 5, probability: 0.7 });
    world.rail.platform.statuses.set({ shuffled: true, duplicates: 2 });
    const people = Array.from({ length: 10 }, (_, index) => world.rail.person(`Disturbed ${index}`));
    for (let index = 0; index < 5; index++) for (const person of people) person.says(`disturbed ${index}`);
    const lines = (person: (typeof people)[number]) => person.shown().flatMap((text) => text.split('\n'));
    await until('every message is answered', () =>
      people.every((person) => new Set(lines(person)).size === 5),
    );
    await world.rail.platform.drained();
    for (const person of people) {
      expect(lines(person).sort()).toEqual(Array.from({ length: 5 }, (_, index) => `disturbed ${index}`));
    }
    expect(await world.operator.deadLetters()).toEqual([]);
  });
});
