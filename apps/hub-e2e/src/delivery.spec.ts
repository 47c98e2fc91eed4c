import type { Fault, Person } from '@omni-hub/simulator';
import { reasonsOf } from './harness/trace';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

interface Sent {
  id: string;
  deliveries: string[];
  scheduledAt: number | null;
  duplicate: boolean;
}

describe('a reply on its way to a platform that is in trouble', () => {
  let world: World;
  let ada: Person;

  beforeAll(async () => (world = await World.create()));
  afterAll(() => world.dispose());
  beforeEach(() => (ada = world.person({ name: 'Ada' })));
  afterEach(() => world.telegram.faults.clear());

  const fail = (fault: Fault, times = 1) =>
    world.telegram.faults.add({ method: 'sendMessage', chat: ada.chat.id, fault, times });
  const calls = () => world.telegram.calls('sendMessage').filter(({ chat }) => chat === String(ada.chat.id));
  const shown = () => ada.chat.entries.filter(({ byBot }) => byBot).map(({ message }) => message.text);
  const send = (to: string, text: string, more: object = {}) =>
    world.operator.post<Sent>(`/api/v1/instances/${instanceName}/messages`, {
      to,
      content: { type: 'text', text },
      ...more,
    });

  describe('is sent again when the platform certainly has not taken it', () => {
    it('after a 429, and not before the platform allows it', async () => {
      fail({ kind: 'rate-limit', retryAfter: 2 });
      const question = ada.says('hello');
      await world.reply(ada, 'hello');
      const [refused, accepted] = calls();
      expect(accepted.at - refused.at).toBeGreaterThanOrEqual(2_000);
      expect(accepted.at - refused.at).toBeLessThan(6_000);
      const trace = await world.traceOf(question);
      expect(reasonsOf(trace, 'outbox')).toEqual(['committed', 'RATE_LIMITED', 'sent']);
    });

    it.each<[string, Fault, string]>([
      ['a 502', { kind: 'error', status: 502 }, 'UNREACHABLE'],
      ['a 503', { kind: 'error', status: 503 }, 'UNREACHABLE'],
    ])('after %s', async (_name, fault, code) => {
      fail(fault, 2);
      const question = ada.says('hello');
      await world.reply(ada, 'hello');
      const trace = await world.traceOf(question);
      expect(reasonsOf(trace, 'outbox')).toEqual(['committed', code, code, 'sent']);
      expect(shown()).toEqual(['hello']);
    });

    it('while it is down altogether', async () => {
      world.telegram.offline();
      const question = await world.webhook({
        update_id: 900_001,
        message: {
          message_id: 700,
          date: Math.floor(Date.now() / 1000),
          from: ada.user,
          chat: ada.chat.info,
          text: 'down?',
        },
      });
      expect(question.status).toBe(200);
      await until('it was tried in vain', async () => {
        const chat = await world.operator.chat(`telegram:${ada.chat.id}`);
        if (!chat) return false;
        const said = (await world.operator.messages(chat)).find(({ direction }) => direction === 'in')!;
        return reasonsOf(await world.operator.trace(said.id), 'outbox').includes('UNREACHABLE');
      });
      await world.telegram.online();
      await world.reply(ada, 'down?');
    });
  });

  describe('is uncertain when no answer came', () => {
    it.each<[string, Fault, number]>([
      ['a reset before it was taken', { kind: 'reset-before' }, 1],
      ['a reset after it was taken', { kind: 'reset-after' }, 2],
      ['a web page for an answer, not taken', { kind: 'garbage' }, 1],
      ['a web page for an answer, taken', { kind: 'garbage', accept: true }, 2],
      ['a 500, not taken', { kind: 'error', status: 500 }, 1],
    ])('%s: it is sent once more', async (_name, fault, times) => {
      fail(fault);
      const question = ada.says('hello');
      await until('it was answered', async () => (await world.traceOf(question)).outcome === 'answered');
      expect(shown()).toEqual(Array(times).fill('hello'));
      expect(reasonsOf(await world.traceOf(question), 'outbox')).toEqual(['committed', 'AMBIGUOUS', 'sent']);
    });

    it('twice in a row: it is a dead letter, and the next part goes on', async () => {
      fail({ kind: 'reset-after' }, 2);
      const question = ada.says('hello');
      const trace = await world.traceOf(question);
      expect(trace.outcome).toBe('dead');
      expect(shown()).toEqual(['hello', 'hello']);
      ada.says('next');
      await world.reply(ada, 'next');
      await world.operator.deadLetter(
        ({ code, detail }) => code === 'AMBIGUOUS' && detail.includes('twice at most'),
      );
    });

    it('and "onUnknown" is "hold": it is kept for the operator, who replays it', async () => {
      await world.operator.patch(`/api/v1/instances/${instanceName}`, { onUnknown: 'hold' });
      fail({ kind: 'reset-before' });
      const question = ada.says('hold it');
      const trace = await world.traceOf(question);
      expect(trace.outcome).toBe('held');
      expect(shown()).toEqual([]);
      const letter = await world.operator.deadLetter(
        ({ code, detail }) => code === 'AMBIGUOUS' && detail.includes('"hold"'),
      );
      await world.operator.post(`/api/v1/dead-letters/${letter.id}/replay`);
      await world.reply(ada, 'hold it');
      await world.operator.patch(`/api/v1/instances/${instanceName}`, { onUnknown: 'resend' });
    });
  });

  it('parts keep their order, each after the answer to the one before', async () => {
    const paragraphs = Array.from({ length: 100 }, (_, index) => `${index}: ${'word '.repeat(24).trim()}`);
    world.agent.answersNext({ kind: 'fixed', text: paragraphs.join('\n\n') });
    world.telegram.faults.add({
      method: 'sendMessage',
      chat: ada.chat.id,
      nth: 2,
      fault: { kind: 'error', status: 502 },
    });
    world.telegram.faults.add({
      method: 'sendMessage',
      chat: ada.chat.id,
      nth: 1,
      fault: { kind: 'slow', ms: 300 },
    });
    ada.says('all');
    await world.reply(ada, '99: word');
    expect(shown().join('\n').split(/\n+/)).toEqual(paragraphs);
  });

  it('a person who blocked the bot: a dead letter that says so, and deleting it', async () => {
    ada.says('hello');
    await world.reply(ada, 'hello');
    ada.blocks();
    const { id } = await send(`telegram:${ada.chat.id}`, 'are you there?');
    const trace = await world.ended({ id });
    expect(trace).toMatchObject({ outcome: 'dead', because: expect.stringContaining('blocked') });
    const letter = await world.operator.deadLetter(({ detail }) => detail.includes('blocked'));
    expect(letter).toMatchObject({ kind: 'delivery', code: 'RECIPIENT_GONE' });
    await world.operator.delete(`/api/v1/dead-letters/${letter.id}`);
    expect((await world.hub.api.get(`/api/v1/dead-letters/${letter.id}`)).status).toBe(404);
  });

  it('dead letters are replayed by filter', async () => {
    ada.says('hello');
    await world.reply(ada, 'hello');
    ada.blocks();
    for (const text of ['one', 'two']) await world.ended(await send(`telegram:${ada.chat.id}`, text));
    ada.unblocks();
    const { replayed } = await world.operator.post<{ replayed: number }>('/api/v1/dead-letters/replay', {
      instance: instanceName,
      code: 'RECIPIENT_GONE',
    });
    expect(replayed).toBeGreaterThanOrEqual(2);
    await world.reply(ada, 'two');
    expect(shown()).toEqual(expect.arrayContaining(['one', 'two']));
  });

  it('a token that is refused pauses the instance until it is connected again; nothing is lost', async () => {
    fail({ kind: 'error', status: 401 });
    const question = ada.says('hello');
    const path = `/api/v1/instances/${instanceName}`;
    await until('the instance is paused', async () => {
      const { state } = await world.operator.get<{ state: string }>(`${path}/status`);
      return state === 'paused';
    });
    const waiting = await world.operator.trace((await world.stored(question)).id);
    expect(waiting).toMatchObject({ outcome: 'sending', because: expect.stringContaining('paused') });
    expect(shown()).toEqual([]);
    const status = await world.operator.post<{ state: string }>(`${path}/connect`);
    expect(status.state).toBe('ok');
    await world.reply(ada, 'hello');
  });

  it('a paused instance is resumed by a change of its settings too', async () => {
    fail({ kind: 'error', status: 401 });
    ada.says('hello');
    const path = `/api/v1/instances/${instanceName}`;
    await until('the instance is paused', async () => {
      const { state } = await world.operator.get<{ state: string }>(`${path}/status`);
      return state === 'paused';
    });
    await world.operator.patch(path, { config: { token: '4242:e2e-bot-token' } });
    await world.reply(ada, 'hello');
  });

  it('a reply that is older than replyTtlMs is not sent', async () => {
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { replyTtlMs: 1_000 });
    fail({ kind: 'rate-limit', retryAfter: 2 });
    const question = ada.says('quick!');
    const trace = await world.traceOf(question);
    expect(trace.outcome).toBe('dead');
    expect(shown()).toEqual([]);
    const letter = await world.operator.deadLetter(({ code }) => code === 'STALE');
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { replyTtlMs: 900_000 });
    await world.operator.post(`/api/v1/dead-letters/${letter.id}/replay`);
    await world.reply(ada, 'quick!');
  });

  describe('a message through the API', () => {
    it('is sent once for one Idempotency-Key', async () => {
      const request = () =>
        world.hub.api.post<Sent>(
          `/api/v1/instances/${instanceName}/messages`,
          { to: `telegram:${ada.chat.id}`, content: { type: 'text', text: 'your order is ready' } },
          { headers: { 'idempotency-key': `order-${ada.user.id}` } },
        );
      const answers = await Promise.all([request(), request(), request()]);
      const last = await request();
      expect([...answers, last].map(({ status }) => status)).toEqual([202, 202, 202, 202]);
      expect(new Set([...answers, last].map(({ data }) => data.id)).size).toBe(1);
      expect(last.data.duplicate).toBe(true);
      expect((await world.ended(last.data)).outcome).toBe('sent');
      expect(shown()).toEqual(['your order is ready']);
    });

    it('finds a person by username, and a message to reply to', async () => {
      const grace = world.person({ name: 'Grace', username: 'grace_h' });
      const hello = grace.says('hello');
      await world.reply(grace, 'hello');
      await send('grace_h', 'to you', { replyTo: `telegram:${grace.chat.id}:${hello.message_id}` });
      const reply = await world.reply(grace, 'to you');
      expect(reply.reply_to_message?.message_id).toBe(hello.message_id);
    });

    it('leaves when it is due, also after a restart', async () => {
      const sendAt = Date.now() + 3_000;
      const sent = await send(`telegram:${ada.chat.id}`, 'good morning', {
        sendAt: new Date(sendAt).toISOString(),
      });
      expect(sent.scheduledAt).toBe(sendAt);
      await world.hub.kill();
      await world.hub.start();
      await world.reply(ada, 'good morning');
      expect(calls()[0].at).toBeGreaterThanOrEqual(sendAt);
    });
  });
});
