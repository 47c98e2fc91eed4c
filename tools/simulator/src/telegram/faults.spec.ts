import { apiOf, control } from '../spec-kit';
import type { Person } from './person';
import { startTelegramSimulator, type TelegramSimulator } from './simulator';

describe('Faults of the fake Bot API', () => {
  let simulator: TelegramSimulator;
  let ada: Person;

  beforeEach(async () => {
    simulator = await startTelegramSimulator();
    ada = simulator.person({ id: 7 });
    simulator.person({ id: 8 });
  });
  afterEach(() => simulator.close());

  const send = (chat_id = 7, ms = 5000) =>
    apiOf(simulator, AbortSignal.timeout(ms))('sendMessage', { chat_id, text: 'x' });
  const outcome = (chat?: number, ms?: number) =>
    send(chat, ms).then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
  const kept = () => ada.chat.entries.length;

  it('a rate limit, in header and body', async () => {
    simulator.faults.add({ fault: { kind: 'rate-limit', retryAfter: 5 }, times: 1 });
    const refused = await send();
    expect(refused).toMatchObject({ status: 429, parameters: { retry_after: 5 } });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect([await outcome(), kept()]).toEqual([200, 1]);
  });

  it.each([500, 502, 503])('status %d, with nothing done, or with the message kept', async (status) => {
    simulator.faults.add({ fault: { kind: 'error', status }, nth: 1 });
    simulator.faults.add({ fault: { kind: 'error', status, accept: true }, nth: 2 });
    expect([await outcome(), kept()]).toEqual([status, 0]);
    expect([await outcome(), kept()]).toEqual([status, 1]);
  });

  it.each([
    ['timeout-before', 'TimeoutError', 0],
    ['timeout-after', 'TimeoutError', 1],
    ['reset-before', 'TypeError', 0],
    ['reset-after', 'TypeError', 1],
  ] as const)('%s', async (kind, error, messages) => {
    simulator.faults.add({ fault: { kind }, times: 1 });
    expect([await outcome(7, 100), kept()]).toEqual([error, messages]);
    expect(simulator.calls('sendMessage')).toMatchObject([{ fault: kind, status: messages ? 200 : null }]);
    expect(await outcome()).toBe(200);
  });

  it('a page instead of an answer', async () => {
    simulator.faults.add({ fault: { kind: 'garbage' }, nth: 1 });
    expect([await outcome(), kept()]).toEqual(['SyntaxError', 0]);
  });

  it('a slow answer to what was done at once', async () => {
    simulator.faults.add({ fault: { kind: 'slow', ms: 80 } });
    const at = Date.now();
    const sent = send();
    expect(await simulator.waitForReply(ada)).toMatchObject({ text: 'x' });
    expect(await sent).toMatchObject({ ok: true });
    expect(Date.now() - at).toBeGreaterThanOrEqual(75);
  });

  it('hit only the method, chat and call that they are for', async () => {
    simulator.faults.add({ fault: { kind: 'error', status: 500 }, method: 'SENDMESSAGE', chat: 8, nth: 2 });
    simulator.faults.add({ fault: { kind: 'error', status: 503 }, method: 'getMe' });
    expect([await outcome(8), await outcome(7), await outcome(8), await outcome(8)]).toEqual([
      200, 200, 500, 200,
    ]);
    expect((await apiOf(simulator)('getMe')).status).toBe(503);
  });

  it('hit a share of the calls, the same ones for the same seed', async () => {
    const run = async () => {
      const seeded = await startTelegramSimulator({ seed: 3, autoChats: true });
      seeded.bot();
      seeded.faults.add({ fault: { kind: 'error', status: 500 }, probability: 0.5 });
      const api = apiOf(seeded);
      const statuses: number[] = [];
      for (let call = 0; call < 20; call++) statuses.push((await api('getMe')).status);
      await seeded.close();
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });

  it('can be set and taken back from outside', async () => {
    const { id } = await control(simulator.url, 'POST /control/faults', {
      fault: { kind: 'error', status: 500 },
    });
    expect(await outcome()).toBe(500);
    expect(await control(simulator.url, 'GET /control/faults')).toMatchObject([{ id, used: 1 }]);
    await control(simulator.url, `DELETE /control/faults/${id}`);
    expect(await outcome()).toBe(200);
  });

  it('a platform that is down comes back on the same port', async () => {
    await simulator.offline();
    expect(await outcome()).toBe('TypeError');
    await simulator.online();
    expect(await outcome()).toBe(200);
  });
});
