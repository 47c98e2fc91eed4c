import { spokenIn, startSynthesizerSimulator, type SynthesizerSimulator } from '@omni-hub/simulator';
import type { InstanceStatus } from './harness/api';
import { DiscordRail } from './harness/discord-rail';
import { CloudRail, EvolutionRail, type Rail } from './harness/rails';
import { reasonsOf } from './harness/trace';
import { until } from './harness/until';
import { World } from './harness/world';

const apiKey = 'sk-e2e-synthesizer-key';
const answer = 'Your **parcel** left this morning.';
const spoken = 'Your parcel left this morning.';
const whenSpoken = { voiceAnswers: 'whenSpoken' };

/** Bytes that a platform serves. */
async function download(url: string, headers: Record<string, string> = {}): Promise<Buffer> {
  const response = await fetch(url, { headers });
  if (response.status !== 200) throw new Error(`${url} was answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

describe('spoken answers', () => {
  let synthesizer: SynthesizerSimulator;
  let world: World;
  const rails: Rail[] = [];

  beforeAll(async () => {
    synthesizer = await startSynthesizerSimulator({ apiKey });
    const environment = { OMNI_SPEECH_URL: synthesizer.url, OMNI_SPEECH_API_KEY: apiKey };
    world = await World.create({ hub: { environment }, instance: whenSpoken });
  });
  afterAll(async () => {
    expect(world.hub.output).not.toContain(apiKey);
    await world.dispose();
    await synthesizer.close();
    await Promise.all(rails.map((rail) => rail.close()));
  });
  beforeEach(() => world.agent.answers({ kind: 'fixed', text: answer }));
  afterEach(() => synthesizer.faults.clear());

  type Person = ReturnType<World['person']>;

  const wrote = (person: Person) =>
    person.chat.entries.flatMap(({ byBot, message }) => (byBot ? [message.text ?? '(voice)'] : []));

  /** What the bot's next voice message to somebody says. */
  async function heard(person: Person): Promise<string | null> {
    const { voice } = await world.reply(person, (message) => message.voice !== undefined);
    const { data } = await world.hub.api.get<{ result: { file_path: string } }>(
      `${world.telegram.url}/bot${world.bot.token}/getFile?file_id=${voice!.file_id}`,
    );
    return spokenIn(
      await download(`${world.telegram.url}/file/bot${world.bot.token}/${data.result.file_path}`),
    );
  }

  const speechStep = async (sent: Parameters<World['traceOf']>[0]) => {
    const trace = await world.traceOf(sent);
    expect(trace.outcome).toBe('answered');
    return trace.steps.find(({ step }) => step === 'speech');
  };

  it('on Telegram are voice messages in place of the text, where the person spoke', async () => {
    const ada = world.person({ name: 'Ada' });
    const sent = ada.sendsVoice();
    expect(await heard(ada)).toBe(spoken);
    expect(wrote(ada)).toEqual(['(voice)']);
    expect(await speechStep(sent)).toMatchObject({ stage: 'router', reason: 'spoken', verdict: 'info' });
    expect(synthesizer.calls().at(-1)).toMatchObject({ input: spoken, model: 'tts-1', voice: 'alloy' });
  });

  it('on WhatsApp by the Cloud API too', async () => {
    const rail = await CloudRail.start();
    await speaks(rail);
    const bia = rail.person('Bia').itself;
    bia.sendsVoice();
    const reply = await rail.platform.waitForReply(bia, ({ type }) => type === 'audio', 20_000);
    const { id, voice } = reply.content.audio as { id: string; voice: boolean };
    expect(voice).toBe(true);
    const headers = { authorization: `Bearer ${rail.number.accessToken}` };
    const { url } = JSON.parse((await download(`${rail.platform.url}/v23.0/${id}`, headers)).toString()) as {
      url: string;
    };
    expect(spokenIn(await download(url, headers))).toBe(spoken);
  });

  it('on WhatsApp by Evolution API too', async () => {
    const rail = await EvolutionRail.start();
    await speaks(rail);
    const bia = rail.person('Bia').itself;
    bia.sendsVoice();
    const { media, message } = await rail.platform.waitForReply(bia, () => true, 20_000);
    expect(message.audioMessage).toMatchObject({ ptt: true });
    expect(spokenIn(media!.plain)).toBe(spoken);
  });

  it('on Discord are sounds that its apps play', async () => {
    const rail = await DiscordRail.start();
    await speaks(rail);
    await until('Discord is connected', async () => {
      const { transport } = await world.operator.get<InstanceStatus>('/api/v1/instances/discord/status');
      return transport?.state === 'connected';
    });
    const eli = rail.person('Eli').itself;
    eli.sendsVoiceMessage();
    const { message } = await rail.platform.waitForReply(eli, () => true, 20_000);
    expect(message).toMatchObject({
      content: '',
      files: [{ filename: 'voice.ogg', contentType: 'audio/ogg' }],
    });
    expect(spokenIn(message.files[0].bytes)).toBe(spoken);
  });

  it('that a platform refuses are written, and the operator sees both', async () => {
    const ada = world.person({ name: 'Ada' });
    world.telegram.faults.add({ fault: { kind: 'error', status: 400 }, method: 'sendVoice', times: 1 });
    const sent = ada.sendsVoice();
    await world.reply(ada, spoken);
    expect(wrote(ada)).toEqual([spoken]);
    await until('both parts have come to their end', async () => {
      const reasons = reasonsOf(await world.traceOf(sent), 'outbox');
      return reasons.includes('REJECTED') && reasons.includes('sent');
    });
    const { items } = await world.operator.get<{ items: { code: string; detail: string }[] }>(
      '/api/v1/dead-letters',
    );
    expect(items).toMatchObject([{ code: 'REJECTED', detail: expect.stringContaining('as text instead') }]);
  });

  async function speaks(rail: Rail): Promise<void> {
    rails.push(rail);
    const { name, channel, config } = rail;
    const instance = { name, channel, ...whenSpoken };
    await world.operator.post('/api/v1/instances', { ...world.instanceOf({ instance }), config });
  }

  it('are told to the agent in what was said before, and stored with their words', async () => {
    const history = { messages: 10 };
    const agent = { kind: 'http', url: world.agent.url, history };
    await world.operator.patch('/api/v1/instances/support-bot', { agent });
    const ada = world.person();
    ada.sendsVoice();
    await heard(ada);
    ada.says('thanks');
    await world.reply(ada, spoken);
    expect(world.lastAsked(ada).history).toMatchObject([
      { role: 'person', text: '[voice]' },
      { role: 'agent', text: `[voice] ${spoken}` },
    ]);
    const chat = (await world.operator.chat(`telegram:${ada.chat.id}`))!;
    const [, said] = await world.operator.messages(chat);
    expect(said).toMatchObject({ direction: 'out', type: 'voice', content: { type: 'voice', spoken } });
  });

  it('show nothing before: no text grows that a voice message would have to take away', async () => {
    world.agent.answersNext({
      kind: 'stream',
      deltas: ['Your ', 'parcel ', 'left ', 'this ', 'morning.'],
      everyMs: 150,
    });
    const ada = world.person();
    ada.sendsVoice();
    expect(await heard(ada)).toBe(spoken);
    expect([ada.chat.drafts, wrote(ada)]).toEqual([[], ['(voice)']]);
    expect(ada.chat.actions).toContain('typing');
  });

  it('are written where the person wrote', async () => {
    const ada = world.person();
    ada.sendsVoice();
    const sent = ada.says('or in writing, please');
    await world.reply(ada, spoken);
    expect(await speechStep(sent)).toBeUndefined();
  });

  it.each([
    ['a table', '| a | b |\n| - | - |\n| 1 | 2 |', 'speech_not_for_ears'],
    ['a link', 'See [our site](https://example.org/).', 'speech_not_for_ears'],
    ['too much to listen to', 'All is well. '.repeat(100), 'speech_too_long'],
  ])('are written where they hold %s, and the trace says why', async (_what, text, reason) => {
    world.agent.answersNext({ kind: 'fixed', text });
    const asked = synthesizer.calls().length;
    const ada = world.person();
    const sent = ada.sendsVoice();
    await world.reply(ada, (message) => message.text !== undefined);
    expect(await speechStep(sent)).toMatchObject({ reason, change: expect.stringContaining('agent') });
    expect(synthesizer.calls()).toHaveLength(asked);
  });

  it('are written where the speech service fails, and the trace says why', async () => {
    synthesizer.faults.add({ fault: { kind: 'error', status: 503 } });
    const ada = world.person();
    const sent = ada.sendsVoice();
    await world.reply(ada, spoken);
    expect(await speechStep(sent)).toMatchObject({
      reason: 'UNREACHABLE',
      detail: expect.stringContaining('the synthesizer failed'),
    });
    const metrics = (await world.hub.api.get<string>('/metrics')).data;
    expect(metrics).toContain('omni_speech_seconds_count{channel="telegram",outcome="failed"} 1');
    expect(metrics).toContain('omni_speech_total{channel="telegram",reason="UNREACHABLE"} 1');
  });

  it('are written where nobody asked for them', async () => {
    await world.operator.patch('/api/v1/instances/support-bot', { voiceAnswers: 'never' });
    const ada = world.person();
    const sent = ada.sendsVoice();
    await world.reply(ada, spoken);
    expect(await speechStep(sent)).toBeUndefined();
    await world.operator.patch('/api/v1/instances/support-bot', {
      voiceAnswers: 'whenSpoken',
      voice: 'onyx',
    });
    ada.sendsVoice();
    expect(await heard(ada)).toBe(spoken);
    expect(synthesizer.calls().at(-1)).toMatchObject({ voice: 'onyx' });
  });
});
