import type { AgentBehaviour, AgentCall, InChat, Person } from '@omni-hub/simulator';
import type { AgentRequest } from '@omni-hub/contracts';
import { startDatabase, type TestDatabase } from './harness/engines';
import { Hub } from './harness/hub';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';
import { instanceName, textUpdate, webhookSecret, World } from './harness/world';

interface Contact {
  id: string;
  contactId: string;
  personId: string;
}

const held: AgentBehaviour = { kind: 'hold' };
/** Begins to answer and never ends. */
const half: AgentBehaviour = { kind: 'stream', deltas: ['Let me see', ' …'], everyMs: 600_000 };

describe('turns', () => {
  let world: World;
  let ada: Person;
  let bob: Person;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  beforeEach(() => {
    ada = world.person({ name: 'Ada' });
    bob = world.person({ name: 'Bob' });
  });
  afterEach(() => world.agent.release());

  const configure = (settings: object) => world.operator.patch(`/api/v1/instances/${instanceName}`, settings);
  const group = () => world.telegram.group({ members: [ada, bob] });
  const callsOf = (where: InChat): AgentCall[] => {
    const { id } = 'chat' in where ? where.chat : where;
    return world.agent
      .requests()
      .filter(({ turn }) => (turn as unknown as AgentRequest).chat.id === `telegram:${id}`);
  };
  const textsOf = (where: InChat) =>
    world.asked(where).map(({ messages }) => messages.map(({ text }) => text));
  const shown = (where: InChat) =>
    ('chat' in where ? where.chat : where).entries
      .filter(({ byBot, deleted }) => byBot && !deleted)
      .map(({ message }) => message.text);
  const asked = (where: InChat, times: number) =>
    until(`the agent was asked ${times} times`, () => callsOf(where).length >= times);
  const cutOff = (where: InChat) => callsOf(where).map((call) => call.cutOff);

  /** Says something that the agent does not answer yet; resolves once it has been asked. */
  async function begins(says: () => ReturnType<Person['says']>, where: InChat, behaviour = held) {
    world.agent.answersNext(behaviour);
    const said = says();
    await asked(where, 1);
    return said;
  }

  describe('with onOverlap "queue"', () => {
    it('what arrives while the agent works waits for the next turn, all of it together', async () => {
      await begins(() => ada.says('one'), ada);
      for (const text of ['two', 'three']) await world.stored(ada.says(text));
      world.agent.release();
      await world.reply(ada, 'two\nthree');
      expect([textsOf(ada), cutOff(ada)]).toEqual([
        [['one'], ['two', 'three']],
        [false, false],
      ]);
    });
  });

  describe('with onOverlap "merge"', () => {
    beforeAll(() => configure({ onOverlap: 'merge' }));
    afterAll(() => configure({ onOverlap: 'queue' }));

    it('the agent is hung up on once and asked anew about both, with a new key: one answer', async () => {
      const first = await begins(() => ada.says('one'), ada);
      const second = ada.says('two');
      await world.reply(ada, 'one\ntwo');
      expect([textsOf(ada), cutOff(ada)]).toEqual([
        [['one'], ['one', 'two']],
        [true, false],
      ]);
      const [before, after] = world.asked(ada);
      expect(after.turnId).not.toBe(before.turnId);
      expect(world.telegram.transcript(ada)).toEqual(['Ada: one', 'Ada: two', 'support_bot: one\ntwo']);

      const traces = await Promise.all([first, second].map((said) => world.traceOf(said)));
      expect(traces.map(({ outcome }) => outcome)).toEqual(['answered', 'answered']);
      expect(traces.map((trace) => reasonsOf(trace, 'agent'))).toEqual([['merged', 'reply'], ['reply']]);
      expect(traces.map(stoppedBy)).toEqual([null, null]);
      expect(traces[0].steps.filter(({ reason }) => reason === 'started')).toHaveLength(2);
      expect(world.agent.violations()).toEqual([]);
    });

    it('a press counts as a message does', async () => {
      const buttons = [{ id: 'yes', label: 'Yes' }];
      world.agent.answersNext({ kind: 'messages', messages: [{ type: 'buttons', text: 'Sure?', buttons }] });
      ada.says('order');
      await world.reply(ada, 'Sure?');
      world.agent.answersNext(held);
      ada.says('hm');
      await asked(ada, 2);
      ada.presses('Yes');
      await asked(ada, 3);
      expect(world.lastAsked(ada).messages.map(({ type, text }) => [type, text])).toEqual([
        ['text', 'hm'],
        ['action', 'Yes'],
      ]);
    });

    it('the answer takes the place of what was shown of the one that was given up', async () => {
      const chat = group();
      await begins(() => ada.says('@support_bot one', { chat }), chat, half);
      await until('its beginning is shown', () => shown(chat).length === 1);
      ada.says('@support_bot two', { chat });
      const whole = '@support_bot one\n@support_bot two';
      await until('the answer is shown', () => shown(chat).includes(whole));
      expect([shown(chat), cutOff(chat)]).toEqual([[whole], [true, false]]);
    });

    it('what was shown is taken back where the agent then says nothing', async () => {
      const chat = group();
      await begins(() => ada.says('@support_bot one', { chat }), chat, half);
      await until('its beginning is shown', () => shown(chat).length === 1);
      world.agent.answersNext({ kind: 'silent', reason: 'not mine' });
      const second = ada.says('@support_bot two', { chat });
      expect((await world.traceOf(second)).outcome).toBe('silent');
      await until('nothing is shown any more', () => shown(chat).length === 0);
    });

    it('in a group nobody cuts short what somebody else asked', async () => {
      const chat = group();
      await begins(() => ada.says('@support_bot mine', { chat }), chat);
      await world.stored(bob.says('@support_bot no, mine', { chat }));
      await world.stored(bob.says('I mean it', { chat }));
      world.agent.release();
      await world.reply(chat, '@support_bot no, mine');
      expect([textsOf(chat), cutOff(chat)]).toEqual([
        [['@support_bot mine'], ['@support_bot no, mine']],
        [false, false],
      ]);
      expect(shown(chat)).toEqual(['@support_bot mine', '@support_bot no, mine']);
    });

    it('somebody who never stops writing gets an answer all the same', async () => {
      await configure({ agent: { timeoutMs: 2_000 } });
      world.agent.answers({ kind: 'delay', minMs: 1_000, maxMs: 1_000 });
      let count = 0;
      const writing = setInterval(() => ada.says(`${++count}`), 200);
      try {
        await until('there is an answer', () => shown(ada).length > 0);
      } finally {
        clearInterval(writing);
        world.agent.answers({ kind: 'echo' });
        await configure({ agent: { timeoutMs: 10_000 } });
      }
      expect(cutOff(ada)[0]).toBe(true);
    });

    it('a turn that was merged is asked again as it was after a crash', async () => {
      await begins(() => ada.says('one'), ada);
      world.agent.answersNext(held);
      ada.says('two');
      await asked(ada, 2);
      await world.hub.kill();
      await world.hub.start();
      await world.reply(ada, 'one\ntwo');
      const [, merged, again] = world.asked(ada);
      expect(again).toMatchObject({ turnId: merged.turnId, messages: [{ text: 'one' }, { text: 'two' }] });
      expect(shown(ada)).toEqual(['one\ntwo']);
    });
  });

  describe('with onOverlap "interrupt"', () => {
    beforeAll(() => configure({ onOverlap: 'interrupt' }));
    afterAll(() => configure({ onOverlap: 'queue' }));

    it('the agent is hung up on, and asked about what came alone; the trace says so', async () => {
      const first = await begins(() => ada.says('one'), ada);
      const second = ada.says('two');
      await world.reply(ada, 'two');
      expect([textsOf(ada), cutOff(ada)]).toEqual([
        [['one'], ['two']],
        [true, false],
      ]);
      const trace = await world.traceOf(first);
      expect([trace.outcome, stoppedBy(trace)]).toEqual(['silent', 'interrupted']);
      expect(trace.because).toContain('more came before the agent had answered');
      expect(trace.steps.at(-1)?.change).toContain('onOverlap');
      expect((await world.traceOf(second)).outcome).toBe('answered');
      expect(shown(ada)).toEqual(['two']);
    });

    it('the answer takes the place of what was shown of the one that was given up', async () => {
      const chat = group();
      await begins(() => ada.says('@support_bot one', { chat }), chat, half);
      await until('its beginning is shown', () => shown(chat).length === 1);
      ada.says('@support_bot two', { chat });
      await until('the answer is shown', () => shown(chat).includes('@support_bot two'));
      expect(shown(chat)).toEqual(['@support_bot two']);
    });
  });

  describe('the session', () => {
    afterAll(() => configure({ session: 'chat' }));

    const contactOf = async (person: Person) => {
      const path = `/api/v1/contacts?contactId=telegram:${person.user.id}`;
      const { items } = await world.operator.get<{ items: Contact[] }>(path);
      return items[0];
    };

    it('is the chat unless the instance says otherwise: people of a group share it, and a turn', async () => {
      const chat = group();
      await begins(() => ada.says('@support_bot 1', { chat }), chat);
      await world.stored(bob.says('@support_bot 2', { chat }));
      await world.stored(ada.says('@support_bot 3', { chat }));
      world.agent.release();
      await asked(chat, 2);
      const sessionId = `${instanceName}/telegram:${chat.id}`;
      expect(world.asked(chat)).toMatchObject([{ sessionId }, { sessionId, messages: [{}, {}] }]);
    });

    it('can be the contact: each turn of a group is of one, in order', async () => {
      await configure({ session: 'contact' });
      const chat = group();
      await begins(() => ada.says('@support_bot 1', { chat }), chat);
      const later = [
        bob.says('@support_bot 2', { chat }),
        bob.says('nothing to answer', { chat }),
        bob.says('@support_bot 3', { chat }),
        ada.says('@support_bot 4', { chat }),
      ];
      for (const said of later) await world.stored(said);
      world.agent.release();
      await world.reply(chat, '@support_bot 4');
      expect(world.asked(chat).map(({ sessionId, messages }) => [sessionId, messages.length])).toEqual([
        [`${instanceName}/telegram:${ada.user.id}`, 1],
        [`${instanceName}/telegram:${bob.user.id}`, 2],
        [`${instanceName}/telegram:${ada.user.id}`, 1],
      ]);
      const traces = await Promise.all(later.map((said) => world.traceOf(said)));
      expect(traces.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'answered', 'answered']);
      expect(stoppedBy(traces[1])).toBe('group_not_mentioned');
    });

    it('can be the person, on all instances and whoever they are there', async () => {
      await configure({ session: 'person' });
      const other = world.telegram.bot({ token: '77:other-token', username: 'other_bot' });
      const instance = { name: 'other-bot', session: 'person', groups: 'always' };
      await world.operator.post(
        '/api/v1/instances',
        world.instanceOf({ instance, config: { token: other.token } }),
      );
      const there = world.person({ name: 'Ada at work', bot: other });
      ada.says('hello');
      there.says('hello from work');
      await asked(ada, 1);
      await asked(there, 1);
      const [here, elsewhere] = [await contactOf(ada), await contactOf(there)];
      expect(world.lastAsked(ada).sessionId).toBe(`person/${here.personId}`);
      expect(world.lastAsked(there).sessionId).toBe(`person/${elsewhere.personId}`);
      expect(here.personId).not.toBe(elsewhere.personId);

      const link = (personId: string | null) =>
        world.operator.patch<Contact>(`/api/v1/contacts/${elsewhere.id}`, { personId });
      expect(await link(here.personId)).toMatchObject({ ...elsewhere, personId: here.personId });
      there.says('it is me');
      await asked(there, 2);
      expect(world.lastAsked(there)).toMatchObject({
        sessionId: `person/${here.personId}`,
        sender: { personId: here.personId },
      });
      expect(await link(null)).toEqual({ ...elsewhere, updatedAt: expect.any(String) });
      await world.operator.delete('/api/v1/instances/other-bot');
    });

    it('of a person: only somebody who exists can be linked to, by a key that may', async () => {
      ada.says('hi');
      await asked(ada, 1);
      const { id } = await contactOf(ada);
      const path = `/api/v1/contacts/${id}`;
      for (const body of [{ personId: 'nobody' }, { personId: 7 }, {}]) {
        const { status, data } = await world.hub.api.patch(path, body);
        expect([status, [...new Set(data.errors.map(({ field }: { field: string }) => field))]]).toEqual([
          422,
          ['personId'],
        ]);
      }
      expect((await world.hub.api.patch('/api/v1/contacts/unknown', { personId: null })).status).toBe(404);
      const { key } = await world.operator.post<{ key: string }>('/api/v1/api-keys', {
        name: 'reader',
        scopes: ['messages:read'],
      });
      const headers = { 'x-api-key': key };
      expect((await world.hub.api.get(path, { headers })).status).toBe(200);
      expect((await world.hub.api.patch(path, { personId: null }, { headers })).status).toBe(403);
    });
  });

  describe('the quiet time before a turn', () => {
    afterEach(() => configure({ settleMs: 0 }));

    it('goes on after a crash, and what was written before it is one turn', async () => {
      await configure({ settleMs: 3_000 });
      for (const text of ['in', 'pieces']) await world.stored(ada.says(text));
      const chat = (await world.operator.chat(`telegram:${ada.chat.id}`))!;
      const { lane } = await world.operator.get<{ lane: { readyAt: string } }>(`/api/v1/chats/${chat.id}`);
      await world.hub.kill();
      await world.hub.start();
      await world.reply(ada, 'in\npieces');
      expect(textsOf(ada)).toEqual([['in', 'pieces']]);
      expect(callsOf(ada)[0].at).toBeGreaterThanOrEqual(Date.parse(lane.readyAt));
    });

    it('ends for somebody who never stops writing', async () => {
      await configure({ settleMs: 400 });
      const writing = setInterval(() => ada.says('more'), 100);
      await until('the agent is asked', () => callsOf(ada).length > 0).finally(() => clearInterval(writing));
      expect(world.asked(ada)[0].messages.length).toBeGreaterThan(5);
    });
  });
});

describe('turns on two hubs with one PostgreSQL', () => {
  let database: TestDatabase;
  let world: World;
  let second: Hub;

  beforeAll(async () => {
    database = await startDatabase('postgres');
    const hub = { databaseUrl: database.url };
    world = await World.create({ hub, telegram: { autoChats: true }, instance: { onOverlap: 'merge' } });
    second = await Hub.start({ ...hub, dataDir: world.hub.dataDir });
  });
  afterAll(async () => {
    await second.dispose();
    await world.dispose();
    await database.stop();
  });

  it('are cut short by what comes in at the one that does not work on them', async () => {
    const ada = world.person({ name: 'Ada' });
    const says = (hub: Hub, number: number, text: string) =>
      world.webhook(
        textUpdate(9_000 + number, ada.user.id, number, text),
        webhookSecret,
        `${hub.url}/webhooks/telegram/${instanceName}`,
      );
    const works = async (hub: Hub) =>
      /^omni_turns_in_flight 1$/m.test((await hub.api.get<string>('/metrics')).data);
    world.agent.answersNext(held);
    await says(world.hub, 1, 'one');
    await until('the agent is asked', () => world.asked(ada).length === 1);
    const idle = (await works(world.hub)) ? second : world.hub;
    expect(await works(idle)).toBe(false);
    await says(idle, 2, 'two');
    await world.reply(ada, 'one\ntwo');
    const requests = world.agent
      .requests()
      .map(({ turn, cutOff }) => [turn.messages.map(({ text }) => text), cutOff]);
    expect(requests).toEqual([
      [['one'], true],
      [['one', 'two'], false],
    ]);
    expect(world.telegram.transcript(ada)).toEqual(['support_bot: one\ntwo']);
  });
});
