import type { AgentBehaviour } from './behaviour';
import { type AgentSimulator, startAgentSimulator } from './agent-simulator';
import type { AgentProtocolName } from './protocol';

describe('The fake agent of', () => {
  let agent: AgentSimulator;

  beforeAll(async () => {
    agent = await startAgentSimulator();
  });
  afterAll(() => agent.close());
  beforeEach(() => agent.clear());

  interface Asking {
    path: string;
    headers: Record<string, string>;
    body: string;
  }
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  const chat = (changes: object = {}): Asking => ({
    path: '/v1/chat/completions',
    headers: json,
    body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hi you' }], ...changes }),
  });
  const run = (changes: object = {}, headers: Record<string, string> = { 'x-api-key': 'key' }): Asking => ({
    path: '/api/v1/agent/helper/run',
    headers: { ...json, ...headers },
    body: JSON.stringify({
      message_content: 'hi you',
      user: { phone_number: '+1', email: null, user_data: {} },
      session_name: 'bot_7',
      message_limit: 100,
      preserve_system_prompt: false,
      ...changes,
    }),
  });
  const hive = (changes: object = {}, path = '/agents/helper/runs', headers = form): Asking => ({
    path,
    headers,
    body: new URLSearchParams({ message: 'hi you', stream: 'false', session_id: 's', ...changes }).toString(),
  });

  const ask = ({ path, headers, body }: Asking, key = 't1') =>
    fetch(agent.baseUrl + path, { method: 'POST', headers: { 'idempotency-key': key, ...headers }, body });
  const streamed = async (asking: Asking) => {
    const response = await ask(asking);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    return response.text();
  };

  it.each<[AgentProtocolName, Asking, object]>([
    ['openai', chat(), { choices: [{ message: { content: 'hi you' }, finish_reason: 'stop' }] }],
    ['automagik', run(), { message: 'hi you', success: true, user_id: expect.any(String) }],
    ['hive', hive(), { content: 'hi you', status: 'COMPLETED' }],
    ['hive', hive({}, '/teams/crew/runs'), { content: 'hi you', status: 'COMPLETED' }],
  ])('%s echoes whole, and keeps what it was asked', async (protocol, asking, answer) => {
    expect(await (await ask(asking)).json()).toMatchObject(answer);
    expect(agent.requests()).toMatchObject([
      { protocol, path: asking.path, turn: { turnId: 't1', messages: [{ text: 'hi you' }] } },
    ]);
  });

  it('openai streams where it is asked to, up to [DONE]', async () => {
    const text = await streamed(chat({ stream: true }));
    expect(text).toContain('"delta":{"content":"hi "}');
    expect(text).toMatch(/"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/s);
  });

  it('openai reads what a user shows', async () => {
    const content = [
      { type: 'text', text: 'look' },
      { type: 'image_url', image_url: { url: 'http://hub/media/1' } },
    ];
    const response = await ask(chat({ messages: [{ role: 'user', content }] }));
    expect(await response.json()).toMatchObject({
      choices: [{ message: { content: 'look\n<http://hub/media/1>' } }],
    });
  });

  it.each([
    ['agents', '', '/agents/helper/runs'],
    ['teams', 'Team', '/teams/crew/runs'],
  ])('hive streams the runs of %s by their own events', async (_which, prefix, path) => {
    const events = (await streamed(hive({ stream: 'true' }, path))).match(/^event: .*$/gm);
    expect(events).toEqual([
      `event: ${prefix}RunContent`,
      `event: ${prefix}RunContent`,
      `event: ${prefix}RunCompleted`,
    ]);
  });

  it.each<[string, Asking, number]>([
    ['openai: no model', chat({ model: undefined }), 400],
    ['openai: an argument that nobody knows', chat({ tools: [] }), 400],
    ['openai: no message of the user', chat({ messages: [{ role: 'assistant', content: 'hi' }] }), 400],
    ['openai: an empty message', chat({ messages: [{ role: 'user', content: '' }] }), 400],
    ['automagik: no key', run({}, {}), 401],
    ['automagik: the platform’s payload', run({ channel_payload: {} }), 422],
    ['automagik: a person named twice', run({ user_id: 'u1' }), 422],
    ['automagik: a video', run({ media_contents: [{ mime_type: 'video/mp4', media_url: 'http://x' }] }), 422],
    ['hive: JSON', hive({}, '/agents/helper/runs', json), 422],
    ['hive: no message', hive({ message: '' }), 422],
  ])('%s is refused', async (_what, asking, status) => {
    expect((await ask(asking)).status).toBe(status);
    expect(agent.counters().asked).toBe(0);
  });

  it('each wants an Idempotency-Key', async () => {
    for (const { path, headers, body } of [chat(), run(), hive()]) {
      expect((await fetch(agent.baseUrl + path, { method: 'POST', headers, body })).status).toBe(400);
    }
  });

  const streaming: [string, Asking][] = [
    ['openai', chat({ stream: true })],
    ['hive', hive({ stream: 'true' })],
  ];
  describe.each(streaming)('%s goes wrong as it is told:', (_protocol, asking) => {
    it.each<[AgentBehaviour, RegExp]>([
      [{ kind: 'garbage-stream' }, /^data: \{"half\n\n$/],
      [{ kind: 'failure', detail: 'out of memory' }, /"out of memory"/],
      [{ kind: 'stream', deltas: ['half ', 'of'], everyMs: 0, endAfter: 1 }, /"half "(?!.*"of")/s],
    ])('%j', async (behaviour, expected) => {
      agent.answersNext(behaviour);
      expect(await streamed(asking)).toMatch(expected);
    });

    it('a stream that does not end', async () => {
      agent.answersNext({ kind: 'huge-stream', bytes: 1_000_000 });
      expect((await streamed(asking)).length).toBeGreaterThan(1_000_000);
    });
  });

  it.each<[Asking, object]>([
    [chat(), { error: { message: 'out of memory', type: 'server_error' } }],
    [run(), { success: false }],
    [hive(), { status: 'ERROR' }],
  ])('a failure is told whole where no stream was asked for', async (asking, body) => {
    agent.answersNext({ kind: 'failure', detail: 'out of memory' });
    const response = await ask(asking);
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining(body)]);
  });

  it('order and mutual exclusion are watched by session, where a protocol has one', async () => {
    agent.answersNext({ kind: 'delay', minMs: 50, maxMs: 50 });
    await Promise.all([ask(run(), 't1'), ask(run(), 't2'), ask(chat(), 't3'), ask(chat(), 't4')]);
    expect(agent.violations().map(({ kind, sessionId }) => [kind, sessionId])).toEqual([
      ['overlap', 'bot_7'],
    ]);
  });
});
