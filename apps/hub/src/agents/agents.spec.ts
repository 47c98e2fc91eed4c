import type { AgentAnswer, AgentRequest } from '@omni-hub/contracts';
import { secretFields, validateConfig } from '@omni-hub/channel-sdk';
import { startAgentSimulator, type AgentBehaviour, type AgentSimulator } from '@omni-hub/simulator';
import { AgentError, type Agent } from '../flow/agent';
import { sampleRequest } from '../testing/samples';
import { Agents } from './agents';

const secret = 'a-secret-that-nobody-may-see';
const failureOfAgent = 'Traceback: out of memory';
const kinds = new Agents();

/** The configuration of each kind, by the address at which the fake agents are. */
const remote: Record<string, (base: string) => { kind: string }> = {
  http: (base) => ({ kind: 'http', url: `${base}/chat`, apiKey: secret }),
  'openai, whole': (base) => ({ kind: 'openai', url: base, model: 'small', apiKey: secret, stream: false }),
  'openai, streamed': (base) => ({ kind: 'openai', url: `${base}/v1/`, model: 'small', apiKey: secret }),
  automagik: (base) => ({ kind: 'automagik', url: base, agent: 'helper', apiKey: secret }),
  'hive, whole': (base) => ({ kind: 'hive', url: base, agentId: 'helper', apiKey: secret, stream: false }),
  'hive, streamed': (base) => ({ kind: 'hive', url: base, agentId: 'helper', apiKey: secret }),
  'hive, a team': (base) => ({ kind: 'hive', url: base, teamId: 'crew', apiKey: secret }),
};
const names = Object.keys(remote);
const streaming = ['http', 'openai, streamed', 'hive, streamed', 'hive, a team'];

let simulator: AgentSimulator;
const made: Agent[] = [];

beforeAll(async () => {
  simulator = await startAgentSimulator();
});
beforeEach(() => {
  simulator.clear();
  simulator.answers({ kind: 'echo' });
});
afterEach(() => Promise.all(made.splice(0).map((agent) => agent.close())));
afterAll(() => simulator.close());

function agentOf(name: string, changes: object = {}): Agent {
  const config = { ...remote[name](simulator.baseUrl), timeoutMs: 2_000, ...changes };
  validateConfig<object>(kinds.configClasses[config.kind as 'http'], config);
  const agent = kinds.make(config);
  made.push(agent);
  return agent;
}

const never = new AbortController().signal;
const ask = (
  agent: Agent,
  { request = sampleRequest, signal = never, onText = (_text: string): void => undefined } = {},
): Promise<AgentAnswer> => agent.ask(request, signal, onText);

const reply = (text: string) => ({ kind: 'reply', content: [{ type: 'text', text }] });

async function failureOf(asked: Promise<unknown>): Promise<AgentError> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AgentError);
  const { message, stack } = error as AgentError;
  expect(`${message} ${stack}`).not.toContain(secret);
  expect(message).not.toContain(failureOfAgent);
  return error as AgentError;
}

describe('an agent of any kind', () => {
  it('is made from every configuration that there is', () => {
    const tried = new Set(names.map((name) => remote[name]('http://127.0.0.1:1').kind));
    expect(Object.keys(kinds.configClasses).sort()).toEqual([...tried, 'echo'].sort());
  });

  it.each(names)('%s: has its key sealed', (name) => {
    const { kind } = remote[name]('http://127.0.0.1:1') as { kind: 'http' };
    expect(secretFields(kinds.configClasses[kind])).toContain('apiKey');
  });

  describe.each(names)('%s', (name) => {
    it('answers what it is told, and knows the turn by its key', async () => {
      await expect(ask(agentOf(name))).resolves.toEqual(reply('hi'));
      const [{ headers, turn }] = simulator.requests();
      expect([turn.turnId, headers['idempotency-key']]).toEqual(['t1', 't1']);
      expect([headers['x-api-key'], headers.authorization].join(' ')).toContain(secret);
    });

    it('is silent where it has nothing to say', async () => {
      simulator.answers({ kind: 'fixed', text: '' });
      await expect(ask(agentOf(name))).resolves.toEqual({
        kind: 'silent',
        reason: 'the agent answered an empty text',
      });
    });

    const failures: [string, AgentBehaviour, string][] = [
      ['401', { kind: 'status', status: 401, body: { error: failureOfAgent } }, 'AGENT_STATUS'],
      ['429', { kind: 'status', status: 429, retryAfter: 1 }, 'AGENT_STATUS'],
      ['500', { kind: 'status', status: 500, body: { detail: failureOfAgent } }, 'AGENT_STATUS'],
      ['a redirect', { kind: 'status', status: 302 }, 'AGENT_STATUS'],
      ['a web page', { kind: 'html' }, 'AGENT_UNREADABLE'],
      ['JSON of another kind', { kind: 'json', body: { reply: failureOfAgent } }, 'AGENT_UNREADABLE'],
      ['a list', { kind: 'json', body: [failureOfAgent] }, 'AGENT_UNREADABLE'],
      ['200 MB', { kind: 'huge' }, 'AGENT_TOO_LARGE'],
      ['a reset', { kind: 'reset' }, 'AGENT_UNREACHABLE'],
    ];
    it.each(failures)('fails with %s', async (_what, behaviour, code) => {
      simulator.answers(behaviour);
      expect(await failureOf(ask(agentOf(name)))).toMatchObject({ code });
    });

    it('fails when it says so itself', async () => {
      simulator.answers({ kind: 'failure', detail: failureOfAgent });
      const code = name === 'http' ? 'AGENT_UNREADABLE' : 'AGENT_FAILED';
      expect(await failureOf(ask(agentOf(name)))).toMatchObject({ code });
    });

    it('fails when it takes too long', async () => {
      simulator.answers({ kind: 'hang' });
      expect(await failureOf(ask(agentOf(name, { timeoutMs: 150 })))).toMatchObject({
        code: 'AGENT_TIMEOUT',
      });
    });

    it('fails when nobody is there', async () => {
      const agent = agentOf(name, { url: 'http://127.0.0.1:1' });
      expect(await failureOf(ask(agent))).toMatchObject({ code: 'AGENT_UNREACHABLE' });
    });

    it('stops when it is told to, before and while it works', async () => {
      simulator.answers({ kind: 'hang' });
      const stop = new AbortController();
      const asked = new Promise<void>((resolve) => {
        simulator.answers(() => {
          resolve();
          return { kind: 'hang' };
        });
      });
      const failure = failureOf(ask(agentOf(name), { signal: stop.signal }));
      await asked;
      stop.abort();
      expect(await failure).toMatchObject({ code: 'AGENT_STOPPED' });
      expect(await failureOf(ask(agentOf(name), { signal: stop.signal }))).toMatchObject({
        code: 'AGENT_STOPPED',
      });
    });
  });

  describe.each(streaming)('%s, as a stream', (name) => {
    it('tells the text so far as it grows', async () => {
      simulator.answers({ kind: 'stream', deltas: ['Grüß ', 'dich ', '🙂'], everyMs: 1 });
      const texts: string[] = [];
      const answer = await ask(agentOf(name), { onText: (text) => void texts.push(text) });
      expect(answer).toEqual(reply('Grüß dich 🙂'));
      expect(texts).toEqual(['Grüß ', 'Grüß dich ', 'Grüß dich 🙂']);
    });

    it.each<[string, AgentBehaviour, string]>([
      ['breaks off', { kind: 'stream', deltas: [failureOfAgent, 'b'], breakAfter: 1 }, 'AGENT_UNREACHABLE'],
      [
        'ends in the middle',
        { kind: 'stream', deltas: [failureOfAgent, 'b'], endAfter: 1 },
        'AGENT_UNREADABLE',
      ],
      ['is not readable', { kind: 'garbage-stream' }, 'AGENT_UNREADABLE'],
      ['does not end', { kind: 'huge-stream' }, 'AGENT_TOO_LARGE'],
      [
        'is too slow, though something comes all the time',
        { kind: 'stream', deltas: Array<string>(200).fill('x'), everyMs: 10 },
        'AGENT_TIMEOUT',
      ],
    ])('one that %s is no answer', async (_what, behaviour, code) => {
      simulator.answers(behaviour);
      const timeoutMs = code === 'AGENT_TIMEOUT' ? 300 : 5_000;
      expect(await failureOf(ask(agentOf(name, { timeoutMs })))).toMatchObject({ code });
    });

    it('stops in the middle when it is told to', async () => {
      simulator.answers({ kind: 'stream', deltas: Array<string>(200).fill('x'), everyMs: 10 });
      const stop = new AbortController();
      const failure = failureOf(ask(agentOf(name), { signal: stop.signal, onText: () => stop.abort() }));
      expect(await failure).toMatchObject({ code: 'AGENT_STOPPED' });
    });
  });

  it('echo answers with what it was told, files by their kind', async () => {
    const request: AgentRequest = {
      ...sampleRequest,
      messages: [{ ...sampleRequest.messages[0], attachments: [image] }],
    };
    await expect(ask(kinds.make({ kind: 'echo' }), { request })).resolves.toEqual(reply('hi\n[image]'));
  });
});

const image = {
  kind: 'image',
  mimeType: 'image/png',
  size: 9,
  filename: 'cat.png',
  mediaId: null,
  url: 'http://hub/media/cat',
  status: 'ready' as const,
  reason: null,
};

describe('a configuration is refused', () => {
  it.each<[string, object, string]>([
    ['openai without a model', { kind: 'openai', url: 'http://x' }, 'model'],
    ['automagik without a key', { kind: 'automagik', url: 'http://x', agent: 'a' }, 'apiKey'],
    ['automagik without an agent', { kind: 'automagik', url: 'http://x', apiKey: 'k' }, 'agent'],
    ['hive without anybody', { kind: 'hive', url: 'http://x' }, 'agentId'],
    ['hive with two', { kind: 'hive', url: 'http://x', agentId: 'a', teamId: 'b' }, 'agentId'],
    ['a hive agent that leaves its path', { kind: 'hive', url: 'http://x', agentId: '../teams' }, 'agentId'],
    [
      'a history without end',
      { kind: 'http', url: 'http://x', history: { messages: 1e6 } },
      'history.messages',
    ],
    [
      'a history of a hive, which has its own',
      { kind: 'hive', url: 'http://x', agentId: 'a', history: {} },
      'history',
    ],
  ])('%s', (_what, config, field) => {
    const { kind } = config as { kind: 'http' };
    expect(() => validateConfig<object>(kinds.configClasses[kind], config)).toThrow(field);
  });
});

describe('how much of the past an agent is told', () => {
  it.each<[object, object | undefined]>([
    [
      { kind: 'http', url: 'http://x' },
      { messages: 0, characters: 8_000 },
    ],
    [
      { kind: 'http', url: 'http://x', history: { messages: 5 } },
      { messages: 5, characters: 8_000 },
    ],
    [
      { kind: 'openai', url: 'http://x', model: 'm' },
      { messages: 20, characters: 8_000 },
    ],
    [
      { kind: 'openai', url: 'http://x', model: 'm', historyMessages: 0, historyCharacters: 9 },
      { messages: 0, characters: 9 },
    ],
    [{ kind: 'automagik', url: 'http://x', agent: 'a', apiKey: 'k' }, undefined],
    [{ kind: 'hive', url: 'http://x', agentId: 'a' }, undefined],
    [{ kind: 'echo' }, undefined],
  ])('%j', (config, bounds) => {
    const agent = kinds.make(config);
    made.push(agent);
    expect(agent.history).toEqual(bounds);
  });
});
