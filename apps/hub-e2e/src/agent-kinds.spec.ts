import type { AgentProtocolName, Person } from '@omni-hub/simulator';
import { reasonsOf } from './harness/trace';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

const apiKey = 'the-key-of-the-agent';

interface Kind {
  name: string;
  protocol: AgentProtocolName;
  config: (world: World) => object;
  /** True where the answer grows while the person watches. */
  streams: boolean;
}

const kinds: Kind[] = [
  {
    name: 'http',
    protocol: 'http',
    config: ({ agent }) => ({ kind: 'http', url: agent.url, history: { messages: 10 } }),
    streams: true,
  },
  {
    name: 'openai, streamed',
    protocol: 'openai',
    config: ({ agent }) => ({
      kind: 'openai',
      url: agent.baseUrl,
      model: 'small',
      systemPrompt: 'Be brief.',
      images: true,
    }),
    streams: true,
  },
  {
    name: 'openai, whole',
    protocol: 'openai',
    config: ({ agent }) => ({ kind: 'openai', url: agent.baseUrl, model: 'small', stream: false }),
    streams: false,
  },
  {
    name: 'automagik',
    protocol: 'automagik',
    config: ({ agent }) => ({ kind: 'automagik', url: agent.baseUrl, agent: 'helper' }),
    streams: false,
  },
  {
    name: 'hive',
    protocol: 'hive',
    config: ({ agent }) => ({ kind: 'hive', url: agent.baseUrl, agentId: 'helper' }),
    streams: true,
  },
  {
    name: 'hive, a team',
    protocol: 'hive',
    config: ({ agent }) => ({
      kind: 'hive',
      url: agent.baseUrl,
      agentId: null,
      teamId: 'crew',
      stream: false,
    }),
    streams: false,
  },
];

describe('a conversation with an agent of kind', () => {
  let world: World;

  beforeAll(async () => (world = await World.create({ instance: { fallback: 'Sorry!' } })));
  afterAll(async () => {
    expect(world.hub.output).not.toContain(apiKey);
    await world.dispose();
  });

  /** What was said to the fake agent, as the last request has it. */
  const lastBody = (protocol: AgentProtocolName) => {
    const call = world.agent.requests().at(-1)!;
    expect(call.protocol).toBe(protocol);
    return call.turn.body as Record<string, unknown>;
  };
  const use = (agent: object) =>
    world.operator.patch(`/api/v1/instances/${instanceName}`, {
      agent: { apiKey, timeoutMs: 5_000, ...agent },
    });

  describe.each(kinds)('$name', ({ config, streams }) => {
    let ada: Person;

    beforeAll(() => use(config(world)));
    beforeEach(() => (ada = world.person({ name: 'Ada' })));

    it('is answered, and once more', async () => {
      ada.says('what is a *lane*?');
      await world.reply(ada, 'lane');
      ada.says('and a turn?');
      await world.reply(ada, 'and a turn?');
      expect(world.telegram.transcript(ada).map((line) => line.split(': ')[0])).toEqual([
        'Ada',
        'support_bot',
        'Ada',
        'support_bot',
      ]);
    });

    if (streams) {
      it('shows a long answer as it grows, and the whole of it once', async () => {
        const deltas = Array.from({ length: 12 }, (_, index) => `word${index} `);
        world.agent.answersNext({ kind: 'stream', deltas, everyMs: 60 });
        ada.says('tell me more');
        await until('the answer has begun to show', () => ada.chat.drafts.length > 0);
        const whole = deltas.join('').trim();
        expect(whole.startsWith(ada.chat.drafts[0].text)).toBe(true);
        expect(ada.chat.drafts[0].text).not.toContain('word11');
        await world.reply(ada, 'word11');
        expect(world.telegram.transcript(ada).filter((line) => line.includes('word0'))).toEqual([
          `support_bot: ${whole}`,
        ]);
      });
    }
  });

  it.each([kinds[1], kinds[4]])(
    '$name that fails says nothing of its own, is asked again with the same key, and then replaced by the fallback',
    async ({ config }) => {
      await use(config(world));
      world.agent.clear();
      const ada = world.person({ name: 'Ada' });
      const failure = { kind: 'failure', detail: 'Traceback: out of memory' } as const;
      world.agent.answersNext(failure, failure, failure);
      const question = ada.says('are you there?');
      await world.reply(ada, 'Sorry!');
      const trace = await world.traceOf(question);
      const code = 'AGENT_FAILED';
      expect([trace.outcome, reasonsOf(trace, 'agent')]).toEqual(['failed', [code, code, code]]);
      expect(world.agent.counters()).toMatchObject({ asked: 3, turns: 1 });
      expect(`${world.telegram.transcript(ada).join()} ${JSON.stringify(trace)}`).not.toMatch(
        new RegExp(`Traceback|${apiKey}`),
      );
    },
  );

  describe('is remembered', () => {
    it('for http, where that is asked for, as history', async () => {
      await use({ ...kinds[0].config(world), history: { messages: 3 } });
      const ada = world.person({ name: 'Ada' });
      for (const text of ['one', 'two', 'three']) {
        ada.says(text);
        await world.reply(ada, text);
      }
      expect(world.lastAsked(ada).history.map(({ role, name, text }) => [role, name, text])).toEqual([
        ['agent', null, 'one'],
        ['person', 'Ada', 'two'],
        ['agent', null, 'two'],
      ]);
      await use({ ...kinds[0].config(world), history: null });
      ada.says('four');
      await world.reply(ada, 'four');
      expect(world.lastAsked(ada).history).toEqual([]);
    });

    it('for openai as messages, with the images that a person shows now', async () => {
      await use(kinds[1].config(world));
      const ada = world.person({ name: 'Ada' });
      ada.says('one');
      await world.reply(ada, 'one');
      ada.sendsPhoto({ caption: 'look' });
      await world.reply(ada, /look/);
      const { messages, ...others } = lastBody('openai');
      expect(others).toEqual({ model: 'small', stream: true });
      expect(messages).toEqual([
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'one' },
        {
          role: 'user',
          content: [
            { type: 'text', text: expect.stringContaining('look') },
            { type: 'image_url', image_url: { url: expect.stringContaining('/media/') } },
          ],
        },
      ]);
      const [, image] = (messages as { content: { image_url: { url: string } }[] }[])[3].content;
      expect((await fetch(image.image_url.url)).headers.get('content-type')).toContain('image/');
    });

    it('by automagik: the session and the person are named', async () => {
      await use(kinds[3].config(world));
      const ada = world.person({ name: 'Ada' });
      ada.says('one');
      await world.reply(ada, 'one');
      const first = lastBody('automagik');
      expect(first).toMatchObject({
        session_name: `${instanceName}_${ada.chat.id}`,
        user: { user_data: { name: 'Ada' } },
      });
      ada.says('two');
      await world.reply(ada, 'two');
      expect(lastBody('automagik')).toMatchObject({
        session_name: first.session_name,
        user_id: expect.any(String),
      });
    });

    it('by a hive: the session and the person are named', async () => {
      await use(kinds[4].config(world));
      const ada = world.person({ name: 'Ada' });
      ada.says('one');
      await world.reply(ada, 'one');
      expect(lastBody('hive')).toMatchObject({ session_id: `${instanceName}/telegram:${ada.chat.id}` });
    });
  });

  it('ends in silence when the instance is disabled meanwhile: the agent is told to stop, and the trace says why', async () => {
    await use(kinds[1].config(world));
    world.agent.clear();
    world.agent.answersNext({ kind: 'hang' });
    const ada = world.person({ name: 'Ada' });
    const question = ada.says('think hard');
    await until('the agent is asked', () => world.agent.counters().open === 1);
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { enabled: false });
    await until('the agent is left', () => world.agent.counters().open === 0, { timeoutMs: 2_000 });
    const trace = await world.traceOf(question);
    expect(trace).toMatchObject({ outcome: 'silent', because: expect.stringContaining('disabled') });
    expect(reasonsOf(trace, 'agent')).toEqual(['AGENT_STOPPED']);
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { enabled: true });
    ada.says('and now?');
    await world.reply(ada, 'and now?');
  });

  it('ends when the instance is deleted meanwhile', async () => {
    world.agent.clear();
    world.agent.answersNext({ kind: 'hang' });
    world.person({ name: 'Ada' }).says('think hard');
    await until('the agent is asked', () => world.agent.counters().open === 1);
    await world.operator.delete(`/api/v1/instances/${instanceName}`);
    await until('the agent is left', () => world.agent.counters().open === 0, { timeoutMs: 2_000 });
  });

  it('shows the key of no agent', async () => {
    await world.operator.post('/api/v1/instances', {
      ...world.instanceOf(),
      agent: { apiKey, ...kinds[3].config(world) },
    });
    expect(await world.operator.get(`/api/v1/instances/${instanceName}`)).toMatchObject({
      agent: { kind: 'automagik', agent: 'helper', apiKey: '***' },
    });
  });
});
