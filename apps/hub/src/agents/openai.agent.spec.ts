import { startAgentSimulator, type AgentBehaviour, type AgentSimulator } from '@omni-hub/simulator';
import { sampleRequest } from '../testing/samples';
import { serveEvents } from './testing/serve-events';
import { OpenaiAgent, type OpenaiAgentOptions } from './openai.agent';

let simulator: AgentSimulator;
const agents: OpenaiAgent[] = [];

beforeAll(async () => {
  simulator = await startAgentSimulator();
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  await simulator.close();
});

function ask(behaviour: AgentBehaviour, options: Partial<OpenaiAgentOptions> = {}) {
  simulator.clear();
  simulator.answersNext(behaviour);
  return askAt(simulator.baseUrl, options);
}

function askAt(url: string, options: Partial<OpenaiAgentOptions> = {}) {
  const agent = new OpenaiAgent({
    url,
    timeoutMs: 2_000,
    model: 'small',
    stream: true,
    images: false,
    history: { messages: 0, characters: 1 },
    ...options,
  });
  agents.push(agent);
  return agent.ask(sampleRequest, new AbortController().signal, () => undefined);
}

const reply = (text: string) => ({ kind: 'reply', content: [{ type: 'text', text }] });
const answer = (message: object) => ({ kind: 'json', body: { choices: [{ message }] } }) as const;

describe('an agent that is a model', () => {
  it.each([true, false])('is asked by Chat Completions; streamed: %s', async (stream) => {
    await expect(ask({ kind: 'echo' }, { stream, systemPrompt: 'Be brief.' })).resolves.toEqual(reply('hi'));
    const [{ path, turn, headers }] = simulator.requests();
    expect([path, headers.authorization]).toEqual(['/v1/chat/completions', undefined]);
    expect(turn.body).toEqual({
      model: 'small',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
      stream,
    });
  });

  it('may answer whole though a stream was asked for', async () => {
    await expect(ask(answer({ role: 'assistant', content: 'whole' }))).resolves.toEqual(reply('whole'));
  });

  it('may leave out [DONE] where it has said that it finished', async () => {
    const frame = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
    const delta = (content: string, finish_reason: string | null) =>
      frame({ choices: [{ delta: { content }, finish_reason }] });
    const server = await serveEvents([
      delta('a', null),
      delta('b', 'stop'),
      frame({ choices: [], usage: {} }),
    ]);
    await expect(askAt(server.url)).resolves.toEqual(reply('ab'));
    await server.close();
  });

  it.each([
    ['nothing', answer({ content: null })],
    ['no more than spaces', answer({ content: ' \n' })],
  ])('is silent with %s', async (_what, behaviour) => {
    await expect(ask(behaviour)).resolves.toMatchObject({ kind: 'silent' });
  });

  it.each<[string, AgentBehaviour, RegExp]>([
    ['calls a tool', answer({ content: null, tool_calls: [{ id: '1' }] }), /tool/],
    ['answers parts', answer({ content: [{ type: 'text', text: 'x' }] }), /not a text/],
    ['answers no choice', { kind: 'json', body: { choices: [] } }, /choices\[0\]/],
  ])('that %s is not understood', async (_what, behaviour, words) => {
    await expect(ask(behaviour)).rejects.toMatchObject({
      code: 'AGENT_UNREADABLE',
      message: expect.stringMatching(words),
    });
  });
});
