import { RailWorld } from './harness/rail-world';
import { EvolutionRail, instanceName } from './harness/rails';
import { until } from './harness/until';

const mostBytes = 100_000;

describe('files that people send through an Evolution server', () => {
  let world: RailWorld<EvolutionRail>;
  let ada: ReturnType<EvolutionRail['person']>;

  beforeAll(async () => {
    const environment = { OMNI_MEDIA_MAX_BYTES: String(mostBytes) };
    world = await RailWorld.create(await EvolutionRail.start(), { hub: { environment } });
  });
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.rail.person('Ada')));
  afterEach(() => world.rail.platform.faults.clear());

  type Sent = ReturnType<typeof ada.itself.sendsImage>;
  type FileOptions = Parameters<typeof ada.itself.sendsImage>[0];

  const film = (length: number) => ({ bytes: Buffer.alloc(length, 'a film ') });

  /** Sends a picture; answers it and what the agent was told of it. */
  async function sends(options: FileOptions) {
    const sent = ada.itself.sendsImage({ caption: 'look', ...options });
    await ada.reply('look');
    const [attachment] = world.lastAsked(ada.chatId).messages[0].attachments;
    return { sent, attachment };
  }

  /** What the hub's API shows of a message's only file. */
  async function shown({ id }: Sent) {
    const message = await world.operator.storedAs(instanceName, id);
    const { media } = await world.operator.message(message.id);
    expect(media).toHaveLength(1);
    return media[0];
  }

  const bytesOf = async (url: string) =>
    Buffer.from((await world.hub.api.get<ArrayBuffer>(url, { responseType: 'arraybuffer' })).data);

  it.each([
    ['small', 20],
    ['large', mostBytes],
  ])('a %s one comes decrypted by the server', async (_name, length) => {
    const { sent, attachment } = await sends({ file: film(length) });
    expect(attachment).toMatchObject({ status: 'ready', size: length });
    expect(await bytesOf(attachment.url!)).toEqual(sent.media!.plain);
    expect(await shown(sent)).toMatchObject({ status: 'ready', size: length, reason: null });
  });

  it.each([
    ['small', { flaws: ['no-base64'] }],
    ['large', { flaws: ['no-base64'], file: film(90_000) }],
  ] as [string, FileOptions][])(
    'a %s one that the server does not find is fetched from WhatsApp and decrypted here',
    async (_name, options) => {
      const { sent, attachment } = await sends(options);
      expect(attachment.status).toBe('ready');
      expect(await bytesOf(attachment.url!)).toEqual(sent.media!.plain);
    },
  );

  it('one of which the server breaks off comes the other way', async () => {
    world.rail.platform.faults.add({ method: 'getBase64FromMediaMessage', fault: { kind: 'reset-before' } });
    const { sent, attachment } = await sends({});
    expect(attachment.status).toBe('ready');
    expect(await bytesOf(attachment.url!)).toEqual(sent.media!.plain);
  });

  it.each([
    ['has 0 bytes', { flaws: ['empty'] }, /0 bytes/],
    ['has a wrong MAC', { flaws: ['no-base64', 'wrong-mac'] }, /MAC is wrong/],
    ['is another than was sent', { flaws: ['wrong-sha256'] }, /checksum is wrong/],
    ['is no more at WhatsApp', { flaws: ['no-base64', 'no-download'] }, /no more/],
    ['says that it is too large', { declares: mostBytes + 1 }, /larger than the 100000 bytes/],
    ['is too large', { file: film(mostBytes + 1) }, /larger than the 100000 bytes/],
    [
      'is larger than it says',
      { file: film(mostBytes + 1), declares: 10 },
      /wrong length|larger than the 100000 bytes/,
    ],
  ] as [string, FileOptions, RegExp][])(
    'one that %s: the message arrives, and the agent is told why there is no file',
    async (_name, options, reason) => {
      const { sent, attachment } = await sends(options);
      expect(attachment).toMatchObject({ kind: 'image', status: 'failed', url: null });
      expect(attachment.reason).toMatch(reason);
      expect(await shown(sent)).toMatchObject({ status: 'failed', reason: attachment.reason });
      expect((await world.traceOf(sent.id)).outcome).toBe('answered');
    },
  );

  it('is tried again by itself: what the platform has mended is there then', async () => {
    const { sent: broken, attachment } = await sends({ flaws: ['no-base64', 'wrong-mac'] });
    expect(attachment.status).toBe('failed');
    const other = world.rail.person('Bob');
    const faults = world.rail.platform.faults;
    faults.add({ method: 'getBase64FromMediaMessage', fault: { kind: 'error', status: 503 } });
    faults.add({ method: 'media', fault: { kind: 'error', status: 503 } });
    const unreachable = other.itself.sendsImage({ caption: 'from Bob' });
    await other.reply('from Bob');
    expect(world.lastAsked(other.chatId).messages[0].attachments).toMatchObject([{ status: 'failed' }]);

    broken.media!.flaws = [];
    faults.clear();
    for (const sent of [broken, unreachable]) {
      await until('it is there', async () => (await shown(sent)).status === 'ready');
      expect(await shown(sent)).toMatchObject({ code: null, reason: null, size: sent.media!.plain.length });
    }
  });

  it('the same file from many people is fetched for each of them, and each gets it', async () => {
    const people = Array.from({ length: 8 }, (_, index) => world.rail.person(`Person ${index}`));
    for (const { itself } of people) itself.sendsDocument({ caption: 'the form', file: film(50_000) });
    for (const person of people) {
      await person.reply('the form');
      const [attachment] = world.lastAsked(person.chatId).messages[0].attachments;
      expect(attachment).toMatchObject({ kind: 'document', status: 'ready', size: 50_000 });
    }
  });
});
