import type { EvolutionFault } from '@omni-hub/simulator';
import { RailWorld } from './harness/rail-world';
import { EvolutionRail, instanceName } from './harness/rails';
import { reasonsOf } from './harness/trace';
import { until } from './harness/until';

type Ada = ReturnType<EvolutionRail['person']>;

describe('what becomes of a message that an Evolution server has taken', () => {
  let world: RailWorld<EvolutionRail>;
  let ada: Ada;

  beforeAll(async () => {
    const config = { acknowledgeTimeoutMs: 1_000 };
    world = await RailWorld.create(await EvolutionRail.start(), { config });
  });
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.rail.person('Ada')));
  afterEach(() => {
    server().acknowledges({});
    server().faults.clear();
  });

  const server = () => world.rail.platform;
  const send = (text: string, to = ada.chatId, more: object = {}) =>
    world.send(to, { type: 'text', text }, more);
  const deliveryOf = async (id: string) => (await world.operator.message(id)).deliveries.at(-1)!;
  const sends = () =>
    server()
      .calls('sendText')
      .filter(({ chat }) => chat === ada.itself.phone);

  describe('is shown', () => {
    it.each([
      ['in the usual order', {}],
      ['in any order', { shuffled: true }],
      ['each three times, in any order', { duplicates: 2, shuffled: true }],
      ['all at once', { delayMs: 0 }],
    ])('when it is told %s', async (_name, how) => {
      server().acknowledges(how);
      const id = await send('good news');
      await until('it is read', async () => (await deliveryOf(id)).status === 'read');
      await server().drained();
      const { status, statuses, errorCode } = await deliveryOf(id);
      expect([status, errorCode]).toEqual(['read', null]);
      const told = statuses.map((one) => one.status).filter((one) => one !== 'accepted');
      const order = ['sent', 'delivered', 'read'];
      expect(told).toEqual(order.filter((one) => told.includes(one)));
      expect(told.at(-1)).toBe('read');
      if (Object.keys(how).length === 0) expect(told).toEqual(order);
      expect((await world.operator.trace(id)).outcome).toBe('sent');
      expect(sends()).toHaveLength(1);
    });

    it('a voice message that was listened to is read', async () => {
      server().acknowledges({ statuses: ['SERVER_ACK', 'PLAYED'] });
      const id = await send('listen');
      await until('it is read', async () => (await deliveryOf(id)).status === 'read');
    });
  });

  it('is told to the operator where nothing is said of it, and taken back by a late word', async () => {
    server().acknowledges({ statuses: [] });
    const id = await send('is it there?');
    const { id: delivery } = await deliveryOf(id);
    const letter = await world.operator.deadLetter(({ refId }) => refId === delivery);
    expect(letter).toMatchObject({ kind: 'delivery', code: 'UNACKNOWLEDGED' });
    expect(await world.operator.trace(id)).toMatchObject({
      outcome: 'unacknowledged',
      because: expect.stringContaining('has not said since'),
    });
    expect((await deliveryOf(id)).status).toBe('accepted');
    expect(sends()).toHaveLength(1);

    const [{ id: keyId, key }] = ada.itself.chat.entries;
    const late = { keyId, remoteJid: key.remoteJid, fromMe: true, status: 'DELIVERY_ACK' };
    expect((await world.webhook(world.rail.event('messages.update', late))).status).toBe(200);
    expect(await deliveryOf(id)).toMatchObject({ status: 'delivered', errorCode: null });
    expect((await world.operator.deadLetters()).map(({ refId }) => refId)).not.toContain(delivery);
    expect((await world.operator.trace(id)).outcome).toBe('sent');
  });

  it('is a dead letter where WhatsApp refuses it afterwards, and can be replayed', async () => {
    server().acknowledges({ statuses: ['ERROR'], stub: ['479'] });
    const id = await send('refused at first');
    const letter = await world.operator.deadLetter(({ detail }) => detail.includes('479'));
    expect(letter.code).toBe('REJECTED');
    expect((await world.operator.trace(id)).outcome).toBe('failed');
    expect((await world.status()).restriction).toBeNull();
    server().acknowledges({});
    await world.operator.post(`/api/v1/dead-letters/${letter.id}/replay`);
    await until('it is read', async () => (await deliveryOf(id)).status === 'read');
    expect((await world.operator.trace(id)).outcome).toBe('sent');
  });

  describe('is uncertain where no answer comes', () => {
    const fail = (fault: EvolutionFault, times = 1) =>
      server().faults.add({ method: 'sendText', chat: ada.itself.phone!, fault, times });

    it.each<[string, EvolutionFault, number]>([
      ['a reset before it was taken', { kind: 'reset-before' }, 1],
      ['a reset after it was taken', { kind: 'reset-after' }, 2],
      ['a web page for an answer, taken', { kind: 'garbage', accept: true }, 2],
      ['a 500, taken', { kind: 'error', status: 500, accept: true }, 2],
    ])('%s: it is sent once more, and the trace says so', async (_name, fault, times) => {
      fail(fault);
      const hello = ada.says('hello');
      await until('it was answered', async () => (await world.traceOf(hello)).outcome === 'answered');
      expect(ada.shown()).toEqual(Array(times).fill('hello'));
      expect(reasonsOf(await world.traceOf(hello), 'outbox').slice(0, 3)).toEqual([
        'committed',
        'AMBIGUOUS',
        'sent',
      ]);
    });

    it('twice in a row: it is a dead letter, shown twice at most', async () => {
      fail({ kind: 'reset-after' }, 2);
      const hello = ada.says('hello');
      const trace = await world.traceOf(hello);
      expect(trace.outcome).toBe('dead');
      expect(ada.shown()).toEqual(['hello', 'hello']);
      ada.says('next');
      await ada.reply('next');
    });

    it.each<[string, EvolutionFault, string]>([
      ['a closed connection', { kind: 'refuse', why: 'connection-closed' }, 'UNREACHABLE'],
      ['a rate limit', { kind: 'rate-limit', retryAfter: 1 }, 'RATE_LIMITED'],
      ['a server that is restarted', { kind: 'error', status: 503 }, 'UNREACHABLE'],
    ])('but not after %s: it is tried again and shown once', async (_name, fault, code) => {
      fail(fault);
      const hello = ada.says('hello');
      await ada.reply('hello');
      expect(ada.shown()).toEqual(['hello']);
      expect(reasonsOf(await world.traceOf(hello), 'outbox').slice(0, 3)).toEqual([
        'committed',
        code,
        'sent',
      ]);
    });

    it('nor where the number is not on WhatsApp: that is a dead letter at once', async () => {
      const id = await send('anybody?', '+49 1511 0000000');
      const trace = await world.operator.ended({ id });
      expect(trace).toMatchObject({ outcome: 'dead', because: expect.stringContaining('not on WhatsApp') });
      const letter = await world.operator.deadLetter(({ code }) => code === 'RECIPIENT_GONE');
      expect(letter.kind).toBe('delivery');
    });
  });
});

describe('a number that WhatsApp restricts', () => {
  let world: RailWorld<EvolutionRail>;

  beforeAll(async () => (world = await RailWorld.create(await EvolutionRail.start())));
  afterAll(() => world.dispose());

  const server = () => world.rail.platform;
  const strangers = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => world.rail.person(`${name} ${index}`));
  const text = (words: string) => ({ type: 'text', text: words });
  const callsAbout = (words: string) =>
    server()
      .calls('sendText')
      .filter(({ body }) => String(body.text).startsWith(words));

  it('begins no conversations from then on, while those that are under way go on, until it is lifted', async () => {
    const warm = world.rail.person('Warm');
    warm.says('hello');
    await warm.reply('hello');

    server().restrict(world.rail.account);
    const [first] = strangers(1, 'First');
    const cold = await world.send(first.chatId, text('first contact'));
    expect(callsAbout('first contact').length).toBeLessThanOrEqual(1);
    await until('it is told', async () => (await world.status()).restriction !== null);
    expect(callsAbout('first contact')).toMatchObject([{ status: 201 }]);
    const status = await world.status();
    expect(status).toMatchObject({ state: 'degraded', restriction: { code: 'RESTRICTED' } });
    expect(status.problem).toContain('restricted, not broken');
    expect(status.restriction!.reason).toContain('463');
    const letter = await world.operator.deadLetter(({ code }) => code === 'RESTRICTED');
    expect(letter.detail).toContain('463');
    expect((await world.operator.trace(cold)).outcome).toBe('failed');

    const sendAt = new Date(Date.now() + 500).toISOString();
    const batch = await Promise.all([
      ...strangers(20, 'Stranger').map(({ chatId }) => world.send(chatId, text('newsletter'))),
      ...strangers(2, 'Later').map(({ chatId }) => world.send(chatId, text('newsletter'), { sendAt })),
      world.send(warm.chatId, text('newsletter'), { sendAt }),
    ]);
    warm.says('still there?');
    await warm.reply('still there?');
    await world.send(warm.chatId, text('and of my own accord'));
    await warm.reply('and of my own accord');
    await until('all of it is dead', async () => {
      const letters = await world.operator.deadLetters();
      return letters.filter(({ code }) => code === 'RESTRICTED').length === batch.length + 1;
    });
    for (const id of batch) {
      const trace = await world.operator.trace(id);
      expect(trace.because).toContain('may begin no conversations');
      expect(trace.steps.at(-1)).toMatchObject({ reason: 'RESTRICTED', change: expect.any(String) });
    }
    expect(callsAbout('newsletter')).toEqual([]);

    server().liftsRestriction(world.rail.account);
    expect(await world.connect()).toMatchObject({ state: 'ok', restriction: null });
    const { replayed } = await world.operator.post<{ replayed: number }>('/api/v1/dead-letters/replay', {
      instance: instanceName,
      code: 'RESTRICTED',
    });
    expect(replayed).toBe(batch.length + 1);
    await until('all have left', () => callsAbout('newsletter').length === batch.length);
    await first.reply('first contact');
  });
});

describe.each(['number', 'bare'] as const)('a refusal that is told as %s', (tells) => {
  let world: RailWorld<EvolutionRail>;

  beforeAll(async () => (world = await RailWorld.create(await EvolutionRail.start())));
  afterAll(() => world.dispose());

  it('is a dead letter, and a restriction where it says so', async () => {
    world.rail.platform.restrict(world.rail.account, { tells });
    const id = await world.send(world.rail.person('Stranger').chatId, { type: 'text', text: 'hello' });
    const letter = await world.operator.deadLetter(({ kind }) => kind === 'delivery');
    expect((await world.operator.trace(id)).outcome).toBe('failed');
    expect(letter.code).toBe(tells === 'bare' ? 'REJECTED' : 'RESTRICTED');
    if (tells === 'bare') expect(letter.detail).toContain('the number is restricted');
    else await until('it shows', async () => (await world.status()).restriction !== null);
  });
});
