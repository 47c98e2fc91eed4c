import { startTranscriberSimulator, type Person, type TranscriberSimulator } from '@omni-hub/simulator';
import { CloudRail } from './harness/rails';
import { until } from './harness/until';
import { World } from './harness/world';

const apiKey = 'sk-e2e-transcriber-key';
const agent = { script: { kind: 'fixed', text: 'noted' } } as const;

describe('voice notes, with a transcriber', () => {
  let transcriber: TranscriberSimulator;
  let world: World;
  let whatsapp: CloudRail;
  /** Whose voice note the transcriber never answers, from before the first test. */
  let patient: { person: Person; sentAt: number; answeredAt: Promise<number> };

  beforeAll(async () => {
    transcriber = await startTranscriberSimulator({ apiKey });
    const environment = { OMNI_TRANSCRIBER_URL: transcriber.url, OMNI_TRANSCRIBER_API_KEY: apiKey };
    world = await World.create({ hub: { environment }, agent });
    whatsapp = await CloudRail.start();
    const instance = world.instanceOf({ instance: { name: 'cloud', channel: 'whatsapp' } });
    await world.operator.post('/api/v1/instances', { ...instance, config: whatsapp.config });

    transcriber.faults.add({ fault: { kind: 'timeout-before' }, times: 1 });
    const person = world.person({ name: 'Grace' });
    person.sendsVoice();
    const sentAt = Date.now();
    patient = { person, sentAt, answeredAt: world.reply(person, 'noted').then(() => Date.now()) };
    await until('the transcriber was asked', () => transcriber.calls().length === 1);
  });
  afterAll(async () => {
    expect(world.hub.output).not.toContain(apiKey);
    await world.dispose();
    await whatsapp.close();
    await transcriber.close();
  });
  beforeEach(() => transcriber.hears('Where is my parcel?'));
  afterEach(() => transcriber.faults.clear());

  it('on Telegram reach the agent with what is said in them; the text stays empty', async () => {
    const ada = world.person({ name: 'Ada' });
    const sent = ada.sendsVoice();
    await world.reply(ada, 'noted');
    const [message] = world.lastAsked(ada).messages;
    expect(message.text).toBe('');
    expect(message.attachments).toMatchObject([
      {
        kind: 'voice',
        mimeType: 'audio/ogg',
        status: 'ready',
        transcript: 'Where is my parcel?',
        transcriptReason: null,
      },
    ]);
    const { media } = await world.operator.message((await world.stored(sent)).id);
    expect(media).toMatchObject([
      { status: 'ready', transcriptStatus: 'ready', transcript: 'Where is my parcel?' },
    ]);
    const { file, model } = transcriber.calls().at(-1)!;
    expect([file.filename, file.bytes.toString(), model]).toEqual([
      'audio.ogg',
      'OggS simulated voice',
      'whisper-1',
    ]);
  });

  it('on WhatsApp do so too', async () => {
    const bia = whatsapp.person('Bia');
    bia.itself.sendsVoice();
    expect(await bia.reply('noted')).toBe('noted');
    const turns = world.agent.requests().filter(({ turn }) => turn.channel === 'whatsapp');
    expect(turns.at(-1)!.turn.messages).toMatchObject([
      { text: '', attachments: [{ kind: 'voice', transcript: 'Where is my parcel?' }] },
    ]);
  });

  it('in which nothing is said have an empty transcript', async () => {
    transcriber.hears('');
    const ada = world.person();
    ada.sendsVoice();
    await world.reply(ada, 'noted');
    expect(world.lastAsked(ada).messages[0].attachments).toMatchObject([
      { transcript: '', transcriptReason: null },
    ]);
  });

  it('that cannot be transcribed are answered, and the agent is told why', async () => {
    transcriber.faults.add({ fault: { kind: 'error', status: 400 } });
    const ada = world.person();
    const sent = ada.sendsVoice();
    await world.reply(ada, 'noted');
    const [attachment] = world.lastAsked(ada).messages[0].attachments;
    expect(attachment).toMatchObject({ kind: 'voice', status: 'ready', reason: null, transcript: null });
    expect(attachment.transcriptReason).toContain('refuses the recording');
    expect((await world.hub.api.get(attachment.url!)).status).toBe(200);
    const { media } = await world.operator.message((await world.stored(sent)).id);
    expect(media).toMatchObject([
      { status: 'ready', transcriptStatus: 'failed', transcriptReason: attachment.transcriptReason },
    ]);
    const metrics = (await world.hub.api.get<string>('/metrics')).data;
    expect(metrics).toContain('omni_transcript_seconds_count{channel="telegram",outcome="failed"} 1');
  });

  it('of a transcriber that is down are answered, once it was asked again in vain', async () => {
    transcriber.faults.add({ fault: { kind: 'error', status: 503 } });
    const ada = world.person();
    ada.sendsVoice();
    await world.reply(ada, 'noted');
    expect(world.lastAsked(ada).messages[0].attachments).toMatchObject([
      { transcript: null, transcriptReason: expect.stringContaining('the transcriber failed') },
    ]);
  });

  it('are not waited for any longer than ten seconds', async () => {
    const { person, sentAt, answeredAt } = patient;
    expect((await answeredAt) - sentAt).toBeLessThan(12_000);
    expect(world.lastAsked(person).messages[0].attachments).toMatchObject([
      {
        kind: 'voice',
        status: 'ready',
        transcript: null,
        transcriptReason: expect.stringContaining('not there in time'),
      },
    ]);
  });
});

describe('voice notes, without a transcriber', () => {
  it('reach the agent as files, without a transcript and without a reason', async () => {
    const world = await World.create({ agent });
    const ada = world.person();
    ada.sendsVoice();
    await world.reply(ada, 'noted');
    expect(world.lastAsked(ada).messages[0].attachments).toMatchObject([
      { kind: 'voice', status: 'ready', transcript: null, transcriptReason: null },
    ]);
    await world.dispose();
  });
});
