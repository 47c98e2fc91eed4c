import { automagikUserId, startAgentSimulator, type AgentSimulator } from '@omni-hub/simulator';
import type { AgentAttachment, AgentRequest } from '@omni-hub/contracts';
import { sampleRequest } from '../testing/samples';
import { AutomagikAgent, toRun } from './automagik.agent';

const file = (mimeType: string | null, changes: Partial<AgentAttachment> = {}): AgentAttachment => ({
  kind: 'document',
  mimeType,
  size: 9,
  filename: 'a.b',
  mediaId: null,
  url: 'http://hub/media/1',
  status: 'ready',
  reason: null,
  ...changes,
});
const withFiles = (...attachments: AgentAttachment[]): AgentRequest => ({
  ...sampleRequest,
  messages: [{ ...sampleRequest.messages[0], attachments }],
});

describe('a run of Automagik', () => {
  it('names the person, the session and the words, and nothing of the platform', () => {
    expect(toRun(sampleRequest, null)).toEqual({
      message_content: 'hi',
      message_type: 'text',
      user: {
        phone_number: null,
        email: null,
        user_data: { name: 'Ada', username: 'ada', channel: 'sample', contact_id: 'sample:7' },
      },
      session_name: 'support-bot_42',
      message_limit: 100,
      preserve_system_prompt: false,
    });
  });

  it('names a known person by the id alone', () => {
    const run = toRun(sampleRequest, 'u1');
    expect(run).toMatchObject({ user_id: 'u1' });
    expect(run).not.toHaveProperty('user');
  });

  it.each<[string, 'direct' | 'group' | 'thread', string]>([
    ['telegram:4242', 'direct', 'support-bot_4242'],
    ['telegram:-4242', 'group', 'support-bot_group_4242'],
    ['telegram:-100:topic:5', 'thread', 'support-bot_thread_100-5'],
    ['whatsapp:bsuid.x', 'direct', 'support-bot_whatsapp:bsuid.x'],
  ])('keeps the session of %s, a %s, as %s', (id, kind, session) => {
    const request: AgentRequest = { ...sampleRequest, chat: { id, kind, title: null } };
    expect(toRun(request, null)).toMatchObject({ session_name: session });
  });

  it('of a replay has a session of its own, and the person’s own user', () => {
    const request: AgentRequest = { ...sampleRequest, sessionId: 'replay/r1', replay: true };
    expect(toRun(request, 'u1')).toMatchObject({ session_name: 'replay/r1', user_id: 'u1' });
  });

  it('has the session that the instance says: the chat’s, the contact’s or the person’s', () => {
    const sender = { ...sampleRequest.sender, id: 'telegram:7', personId: 'p1' };
    const chat = { id: 'telegram:-4242', kind: 'group' as const, title: null };
    const named = (sessionId: string, changes: Partial<AgentRequest> = {}) =>
      toRun({ ...sampleRequest, chat, sender, sessionId, ...changes }, null);
    expect(named('support-bot/telegram:-4242')).toMatchObject({ session_name: 'support-bot_group_4242' });
    expect(named('support-bot/telegram:7')).toMatchObject({ session_name: 'support-bot_7' });
    expect(named('person/p1')).toMatchObject({ session_name: 'person_p1' });
  });

  it('has the files that Automagik knows, by their links; others are named', () => {
    const run = toRun(
      withFiles(
        file('image/png', { kind: 'image' }),
        file('audio/ogg; codecs=opus', { kind: 'voice', transcript: 'hello' }),
        file('application/pdf'),
        file('video/mp4', { kind: 'video' }),
        file(null),
        file('image/png', { status: 'failed', url: null, reason: 'the file is empty' }),
      ),
      null,
    );
    expect(run).toMatchObject({
      message_type: 'image',
      message_content: expect.stringContaining('[video a.b]'),
      media_contents: [
        { mime_type: 'image/png', media_url: 'http://hub/media/1', alt_text: 'a.b' },
        { mime_type: 'audio/ogg', media_url: 'http://hub/media/1', transcript: 'hello' },
        { mime_type: 'application/pdf', media_url: 'http://hub/media/1', name: 'a.b', size_bytes: 9 },
      ],
    });
  });
});

describe('an agent of Automagik', () => {
  let simulator: AgentSimulator;
  let agent: AutomagikAgent;

  beforeAll(async () => {
    simulator = await startAgentSimulator();
    agent = new AutomagikAgent({ url: simulator.baseUrl, timeoutMs: 2_000, agent: 'helper', apiKey: 'key' });
  });
  afterAll(async () => {
    await agent.close();
    await simulator.close();
  });
  beforeEach(() => simulator.clear());

  const ask = (changes: Partial<AgentRequest> = {}) =>
    agent.ask({ ...sampleRequest, ...changes }, new AbortController().signal);
  const bodies = () => simulator.requests().map(({ turn }) => turn.body);

  it('is asked with its key, and the person by the id that it gave from then on', async () => {
    await ask();
    await ask({ turnId: 't2' });
    const sender = { ...sampleRequest.sender, id: 'sample:8', name: 'Bob' };
    await ask({ turnId: 't3', sender });
    expect(bodies()).toMatchObject([
      { user: { user_data: { name: 'Ada' } } },
      { user_id: automagikUserId },
      { user: { user_data: { name: 'Bob' } } },
    ]);
    const [{ path, headers }] = simulator.requests();
    expect([path, headers['x-api-key']]).toEqual(['/api/v1/agent/helper/run', 'key']);
  });

  it('may call its answer a text', async () => {
    simulator.answersNext({ kind: 'json', body: { text: 'hello' } });
    await expect(ask()).resolves.toEqual({ kind: 'reply', content: [{ type: 'text', text: 'hello' }] });
  });

  it('is sent no file for which it would refuse the message', async () => {
    const attachments = [file('video/mp4', { kind: 'video' }), file('image/png', { kind: 'image' })];
    await expect(ask(withFiles(...attachments))).resolves.toMatchObject({ kind: 'reply' });
  });
});
