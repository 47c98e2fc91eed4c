import type { AgentBehaviour, Person } from '@omni-hub/simulator';
import { reasonsOf, stoppedBy } from './harness/trace';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

type Said = ReturnType<Person['says']>;

const fallback = 'I cannot answer right now.';
const isRight: AgentBehaviour = { kind: 'echo' };

describe('an agent that fails', () => {
  let world: World;
  let ada: Person;
  /** What the agent does for some chats; every other chat has an agent that works. */
  const behaviours = new Map<number, AgentBehaviour>();
  const behave = (behaviour: AgentBehaviour) => behaviours.set(ada.chat.id, behaviour);

  beforeAll(async () => {
    world = await World.create({ instance: { fallback } });
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { agent: { timeoutMs: 1_500 } });
    world.agent.answers(({ sessionId }) => behaviours.get(Number(sessionId.split(':').at(-1))) ?? isRight);
    ada = world.person({ name: 'Ada' });
  });
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.person({ name: 'Ada' })));

  const failures: [string, AgentBehaviour, string][] = [
    ['hangs', { kind: 'hang' }, 'AGENT_TIMEOUT'],
    ['resets the connection', { kind: 'reset' }, 'AGENT_UNREACHABLE'],
    ['answers a web page', { kind: 'html' }, 'AGENT_UNREADABLE'],
    ['answers 200 MB', { kind: 'huge' }, 'AGENT_TOO_LARGE'],
    [
      'answers 500',
      { kind: 'status', status: 500, body: { error: 'Traceback: secret stack' } },
      'AGENT_STATUS',
    ],
    ['answers 404', { kind: 'status', status: 404 }, 'AGENT_STATUS'],
    ['answers JSON out of the contract', { kind: 'json', body: { reply: 'hi' } }, 'AGENT_UNREADABLE'],
    ['answers content that is wrong', { kind: 'messages', messages: [{ type: 'text' }] }, 'AGENT_UNREADABLE'],
    [
      'breaks off a stream',
      { kind: 'stream', deltas: ['a ', 'b ', 'c'], breakAfter: 1 },
      'AGENT_UNREACHABLE',
    ],
  ];

  describe('is asked again with the same key; then the person is told once, and the turn can be replayed:', () => {
    const victims = new Map<string, { person: Person; question: Said }>();

    beforeAll(async () => {
      for (const [name, failure] of failures) {
        const person = world.person({ name });
        behaviours.set(person.chat.id, failure);
        victims.set(name, { person, question: person.says('please') });
      }
      await until('every one of them was asked', () =>
        [...victims.values()].every(({ person }) => world.asked(person).length > 0),
      );
      ada.says('and me?');
      await world.reply(ada, 'and me?');
      // Nobody waits for an agent that hangs.
      expect(world.telegram.transcript(victims.get('hangs')!.person)).toHaveLength(1);
    });

    it.each(failures)('one that %s', async (name, _failure, code) => {
      const { person, question } = victims.get(name)!;
      await world.reply(person, fallback);
      const trace = await world.traceOf(question);
      expect([trace.outcome, reasonsOf(trace, 'agent')]).toEqual(['failed', [code, code, code]]);
      const asked = world.asked(person);
      expect(asked).toHaveLength(3);
      expect(new Set(asked.map(({ turnId }) => turnId)).size).toBe(1);

      const letter = await world.operator.deadLetter(({ refId }) => refId === asked[0].turnId);
      expect(letter).toMatchObject({ kind: 'turn', code, instance: instanceName, replayedAt: null });

      behaviours.delete(person.chat.id);
      await world.operator.post(`/api/v1/dead-letters/${letter.id}/replay`);
      await world.reply(person, 'please');
      const shown = person.chat.entries.filter(({ byBot }) => byBot).map(({ message }) => message.text);
      expect(shown.filter((text) => text === fallback)).toHaveLength(1);
      expect(shown.filter((text) => text === 'please')).toHaveLength(1);
      expect(JSON.stringify(shown)).not.toContain('secret stack');
      const again = await world.hub.api.post(`/api/v1/dead-letters/${letter.id}/replay`);
      expect([again.status, again.data.code]).toEqual([409, 'ALREADY_REPLAYED']);
    });
  });

  it('one that refuses connections gets the turn once it is back', async () => {
    behave(isRight);
    await world.agent.refuse();
    const question = ada.says('anybody there?');
    await until('the agent has failed once', async () => {
      const stored = await world.stored(question);
      return reasonsOf(await world.operator.trace(stored.id), 'agent').includes('AGENT_UNREACHABLE');
    });
    const waiting = await world.operator.trace((await world.stored(question)).id);
    expect([waiting.outcome, waiting.because]).toEqual(['waiting', expect.stringContaining('asked again')]);
    await world.agent.accept();
    await world.reply(ada, 'anybody there?');
    expect((await world.traceOf(question)).outcome).toBe('answered');
    expect(world.telegram.transcript(ada).join()).not.toContain(fallback);
  });

  it('what is written meanwhile waits for it, and is answered afterwards', async () => {
    behave({ kind: 'status', status: 503 });
    ada.says('first');
    await until('the agent is asked', () => world.asked(ada).length > 0);
    const second = ada.says('second');
    const waiting = await world.operator.trace((await world.stored(second)).id);
    expect(waiting).toMatchObject({ outcome: 'waiting', because: expect.stringContaining('earlier turn') });
    await world.reply(ada, fallback);
    behave(isRight);
    await world.reply(ada, 'second');
    expect(world.asked(ada).map(({ messages }) => messages.map(({ text }) => text).join())).toEqual(
      expect.arrayContaining(['first', 'second']),
    );
    expect(world.agent.violations().filter(({ kind }) => kind === 'overlap')).toEqual([]);
  });

  it('one that is slow but in time is waited for', async () => {
    behave({ kind: 'delay', minMs: 1_000, maxMs: 1_200 });
    ada.says('slowly');
    await world.reply(ada, 'slowly');
    expect(world.asked(ada)).toHaveLength(1);
  });
});

describe('an agent that answers otherwise', () => {
  let world: World;
  let ada: Person;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.person({ name: 'Ada' })));

  it.each<[string, AgentBehaviour, string]>([
    ['says that it stays silent', { kind: 'silent', reason: 'not my business' }, 'not my business'],
    ['answers 204', { kind: 'no-content' }, '204'],
  ])('one that %s: nothing is sent, and the trace says so', async (_name, behaviour, because) => {
    world.agent.answersNext(behaviour);
    const question = ada.says('hm');
    const trace = await world.traceOf(question);
    expect(trace).toMatchObject({ outcome: 'silent', because: expect.stringContaining(because) });
    expect(stoppedBy(trace)).toBeNull();
    expect(ada.chat.entries.filter(({ byBot }) => byBot)).toEqual([]);
  });

  it('one that answers 202 sends its answer through the API later, with the turn’s id', async () => {
    world.agent.answersNext({ kind: 'deferred' });
    const question = ada.says('take your time');
    await until('the turn has ended', async () => {
      const trace = await world.operator.trace((await world.stored(question)).id);
      return trace.outcome === 'deferred';
    });
    const { turnId, chat } = world.lastAsked(ada);
    const sent = await world.operator.post<{ id: string }>(`/api/v1/instances/${instanceName}/messages`, {
      to: chat.id,
      content: { type: 'text', text: 'now I know' },
      turnId,
    });
    await world.reply(ada, 'now I know');
    expect((await world.ended({ id: sent.id })).outcome).toBe('sent');
    const trace = await world.operator.trace((await world.stored(question)).id);
    expect(reasonsOf(trace, 'outbox')).toEqual(['committed', 'sent']);
  });

  it('messages that come while it thinks are answered in the next turn, together', async () => {
    world.agent.answersNext({ kind: 'delay', minMs: 600, maxMs: 600 });
    ada.says('one');
    await until('the agent is asked', () => world.asked(ada).length === 1);
    ada.says('two');
    ada.says('three');
    await world.reply(ada, 'two\nthree');
    expect(world.asked(ada).map(({ messages }) => messages.map(({ text }) => text))).toEqual([
      ['one'],
      ['two', 'three'],
    ]);
  });

  it('signs what it is asked where it has a secret, and is told its key', async () => {
    const secret = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
    await world.operator.patch(`/api/v1/instances/${instanceName}`, {
      agent: { secret, apiKey: 'key-of-the-agent' },
    });
    ada.says('who are you?');
    await world.reply(ada, 'who are you?');
    const { headers, turn } = world.agent.requests().at(-1)!;
    expect(headers).toMatchObject({
      'idempotency-key': turn.turnId,
      'webhook-id': turn.turnId,
      'webhook-timestamp': expect.stringMatching(/^\d+$/),
      'webhook-signature': expect.stringMatching(/^v1,/),
      authorization: 'Bearer key-of-the-agent',
    });
  });
});
