import { startAgentSimulator, type AgentSimulator } from '@omni-hub/simulator';
import { sampleRequest } from '../testing/samples';
import { HiveAgent, type HiveAgentOptions } from './hive.agent';
import { serveEvents } from './testing/serve-events';

let simulator: AgentSimulator;
const agents: HiveAgent[] = [];

beforeAll(async () => {
  simulator = await startAgentSimulator();
});
afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.close()));
  await simulator.close();
});

function ask(
  url: string,
  options: Partial<HiveAgentOptions> = {},
  request = sampleRequest,
  texts: string[] = [],
) {
  const agent = new HiveAgent({ url, timeoutMs: 2_000, agentId: 'helper', stream: true, ...options });
  agents.push(agent);
  return agent.ask(request, new AbortController().signal, (text) => void texts.push(text));
}

const reply = (text: string) => ({ kind: 'reply', content: [{ type: 'text', text }] });

describe('a run of a Hive', () => {
  beforeEach(() => simulator.clear());

  it('is posted as a form, with the session and the person', async () => {
    const request = { ...sampleRequest, sender: { ...sampleRequest.sender, personId: 'p1' } };
    await ask(simulator.baseUrl, { apiKey: 'key' }, request);
    const [{ path, headers, turn }] = simulator.requests();
    expect(path).toBe('/agents/helper/runs');
    expect(headers).toMatchObject({ 'x-api-key': 'key', authorization: 'Bearer key' });
    expect(turn.body).toEqual({
      message: 'hi',
      stream: 'true',
      session_id: 'support-bot/sample:42',
      user_id: 'p1',
    });
  });

  it('of a replay is nobody’s that the Hive knows', async () => {
    const request = { ...sampleRequest, sessionId: 'replay/r1', replay: true as const };
    await ask(simulator.baseUrl, {}, request);
    const [{ turn }] = simulator.requests();
    expect(turn.body).toMatchObject({ session_id: 'replay/r1', user_id: 'replay/r1' });
  });

  it('is one of a team where one is named, by its name whatever that holds', async () => {
    await ask(simulator.baseUrl, { agentId: undefined, teamId: 'the&crew', stream: false });
    const [{ path, turn }] = simulator.requests();
    expect([path, (turn.body as { stream: string }).stream]).toEqual(['/teams/the%26crew/runs', 'false']);
  });

  it('names files by their links', async () => {
    const file = {
      kind: 'image',
      mimeType: 'image/png',
      size: 9,
      filename: null,
      mediaId: null,
      url: 'http://hub/media/cat',
      status: 'ready' as const,
      reason: null,
    };
    const messages = [{ ...sampleRequest.messages[0], attachments: [file] }];
    await expect(ask(simulator.baseUrl, {}, { ...sampleRequest, messages })).resolves.toEqual(
      reply('hi\n[image: http://hub/media/cat]'),
    );
  });

  describe('streams events', () => {
    const event = (name: string, content: unknown = null) =>
      `event: ${name}\ndata: ${JSON.stringify({ event: name, content, run_id: 'r' })}\n\n`;

    async function run(events: string[], options: Partial<HiveAgentOptions> = {}) {
      const server = await serveEvents(events);
      const texts: string[] = [];
      const answer = await ask(server.url, options, sampleRequest, texts).catch((error: unknown) => error);
      await server.close();
      return { answer, texts };
    }

    it('of which the last has the whole text', async () => {
      const events = [
        event('RunStarted'),
        event('RunContent', 'Hel'),
        event('ToolCallStarted', 'lookup'),
        event('RunContent', 'lo'),
        event('RunCompleted', 'Hello!'),
      ];
      expect(await run(events)).toEqual({ answer: reply('Hello!'), texts: ['Hel', 'Hello'] });
    });

    it('of which the last may leave the text out', async () => {
      expect((await run([event('RunContent', 'Hello'), event('RunCompleted')])).answer).toEqual(
        reply('Hello'),
      );
    });

    it('of the older names as well, and named in the line before only', async () => {
      const events = [
        event('RunResponseContent', 'Hel'),
        'event: RunResponseContent\ndata: {"content": "lo"}\n\n',
        'data: [DONE]\n\n',
      ];
      expect((await run(events)).answer).toEqual(reply('Hello'));
    });

    it('of which those of a team’s members are not its answer', async () => {
      const events = [
        event('TeamRunStarted'),
        event('RunContent', 'a member thinks aloud'),
        event('RunCompleted', 'a member is done'),
        event('RunError', 'a member failed'),
        event('TeamRunContent', 'Hello'),
        event('TeamRunCompleted', 'Hello'),
      ];
      const { answer, texts } = await run(events, { agentId: undefined, teamId: 'crew' });
      expect([answer, texts]).toEqual([reply('Hello'), ['Hello']]);
    });

    it.each(['RunError', 'RunCancelled', 'RunPaused', 'Error'])(
      'of which %s is a failure, in words of the hub',
      async (name) => {
        const { answer } = await run([event('RunContent', 'Hel'), event(name, 'Traceback')]);
        expect(answer).toMatchObject({
          code: 'AGENT_FAILED',
          message: expect.not.stringContaining('Traceback'),
        });
      },
    );
  });

  it.each([
    ['that is not a text', { content: { a: 1 }, status: 'COMPLETED' }, 'AGENT_UNREADABLE'],
    ['of a run that waits for somebody', { content: 'may I?', status: 'PAUSED' }, 'AGENT_FAILED'],
  ])('whole content %s is no answer', async (_what, body, code) => {
    simulator.answersNext({ kind: 'json', body });
    await expect(ask(simulator.baseUrl, { stream: false })).rejects.toMatchObject({ code });
  });
});
