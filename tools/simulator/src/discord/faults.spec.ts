import { control } from '../spec-kit';
import type { DiscordPerson } from './person';
import { type DiscordSimulator, type DiscordSimulatorOptions, startDiscordSimulator } from './simulator';
import { apiOf } from './spec-kit';

describe('Faults and limits of the fake Discord API', () => {
  let simulator: DiscordSimulator;
  let ada: DiscordPerson;

  const start = async (options: DiscordSimulatorOptions = {}) => {
    simulator = await startDiscordSimulator(options);
    simulator.application();
    ada = simulator.person({ name: 'Ada' });
  };
  const send = (ms = 5000, chat = ada.direct.id) =>
    apiOf(simulator)(`POST channels/${chat}/messages`, { content: 'x' }, { signal: AbortSignal.timeout(ms) });
  const outcome = (ms?: number, chat?: string) =>
    send(ms, chat).then(
      ({ status }) => status,
      (error: Error) => error.name,
    );
  const kept = () => ada.direct.entries.length;

  afterEach(() => simulator.close());

  describe('faults', () => {
    beforeEach(() => start());

    it.each([500, 502, 503])('status %d, with nothing done, or with the message kept', async (status) => {
      simulator.faults.add({ fault: { kind: 'error', status }, nth: 1 });
      simulator.faults.add({ fault: { kind: 'error', status, accept: true }, nth: 2 });
      expect([await outcome(), kept()]).toEqual([status, 0]);
      expect([await outcome(), kept()]).toEqual([status, 1]);
    });

    it('a code, with its words', async () => {
      simulator.faults.add({ method: 'create-message', fault: { kind: 'error', status: 403, code: 50007 } });
      expect((await send()).error).toEqual([50007, 'Cannot send messages to this user']);
    });

    it.each([
      ['timeout-before', 'TimeoutError', 0],
      ['timeout-after', 'TimeoutError', 1],
      ['reset-before', 'TypeError', 0],
      ['reset-after', 'TypeError', 1],
    ] as const)('%s', async (kind, error, messages) => {
      simulator.faults.add({ fault: { kind }, times: 1 });
      expect([await outcome(100), kept()]).toEqual([error, messages]);
      expect(simulator.calls('create-message')).toMatchObject([
        { fault: kind, status: messages ? 200 : null },
      ]);
      expect(await outcome()).toBe(200);
    });

    it('a page instead of an answer, and a slow answer', async () => {
      simulator.faults.add({ fault: { kind: 'garbage' }, nth: 1 });
      simulator.faults.add({ fault: { kind: 'slow', ms: 60 }, nth: 2 });
      expect([(await send()).body, kept()]).toEqual([expect.stringContaining('<html>'), 0]);
      const at = Date.now();
      expect(await outcome()).toBe(200);
      expect(Date.now() - at).toBeGreaterThanOrEqual(55);
    });

    it('rate limits of each scope', async () => {
      simulator.faults.add({ fault: { kind: 'rate-limit', retryAfter: 2 }, nth: 1 });
      simulator.faults.add({ fault: { kind: 'limited', scope: 'global', retryAfter: 0.5 }, nth: 2 });
      simulator.faults.add({
        fault: { kind: 'limited', scope: 'shared', retryAfter: 3, code: 20016 },
        nth: 3,
      });
      const user = await send();
      expect(user.body).toEqual({ message: 'You are being rate limited.', retry_after: 2, global: false });
      expect([user.headers.get('retry-after'), user.headers.get('x-ratelimit-scope')]).toEqual(['2', 'user']);
      expect(user.headers.get('x-ratelimit-bucket')).toMatch(/^[0-9a-f]{32}$/);
      const global = await send();
      expect(global.body).toMatchObject({ retry_after: 0.5, global: true });
      expect(global.headers.get('x-ratelimit-global')).toBe('true');
      const shared = await send();
      expect([shared.body.code, shared.headers.get('x-ratelimit-scope')]).toEqual([20016, 'shared']);
      expect(simulator.counters().invalidRequests).toBe(2);
    });

    it('a ban by the network in front: 429 without JSON', async () => {
      simulator.faults.add({ fault: { kind: 'banned', retryAfter: 30 }, times: 1 });
      const { status, headers } = await send();
      expect([status, headers.get('content-type'), headers.get('retry-after')]).toEqual([
        429,
        'text/html; charset=UTF-8',
        '30',
      ]);
      expect(headers.get('x-ratelimit-bucket')).toBeNull();
    });

    it('hit only the method, channel and call that they are for; a direct channel also by its person', async () => {
      const cem = simulator.person({ name: 'Cem' });
      simulator.faults.add({
        method: 'create-message',
        chat: cem.id,
        nth: 2,
        fault: { kind: 'error', status: 500 },
      });
      const { id } = cem.direct;
      expect([await outcome(5000, id), await outcome(), await outcome(5000, id)]).toEqual([200, 200, 500]);
    });

    it('of downloads', async () => {
      const { message } = ada.sendsFile();
      const { body } = await apiOf(simulator)(`GET channels/${ada.direct.id}/messages/${message.id}`);
      simulator.faults.add({ method: 'attachment', fault: { kind: 'error', status: 503 }, times: 1 });
      const { url } = body.attachments[0];
      expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([503, 200]);
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

  describe('limits', () => {
    it('are told with every answer, and generous unless they are asked for', async () => {
      await start();
      const { headers } = await send();
      expect(Number(headers.get('x-ratelimit-remaining'))).toBeGreaterThan(1000);
      for (const name of ['limit', 'reset', 'reset-after', 'bucket'])
        expect(headers.get(`x-ratelimit-${name}`)).not.toBeNull();
    });

    it('of a route are for each channel', async () => {
      await start({ rateLimits: { route: { limit: 2, perMs: 1000 }, global: 50 } });
      const cem = simulator.person({ name: 'Cem' });
      expect([await outcome(), await outcome()]).toEqual([200, 200]);
      const { status, body, headers } = await send();
      expect([status, body.global, headers.get('x-ratelimit-scope')]).toEqual([429, false, 'user']);
      expect(headers.get('x-ratelimit-remaining')).toBe('0');
      expect(body.retry_after).toBeLessThanOrEqual(1);
      expect(await outcome(5000, cem.direct.id)).toBe(200);
      simulator.clock.advance(1000);
      expect(await outcome()).toBe(200);
    });

    it('of the bot are over all routes', async () => {
      await start({ rateLimits: { route: { limit: 50, perMs: 1000 }, global: 3 } });
      for (let each = 0; each < 3; each++) expect(await outcome()).toBe(200);
      const refused = await apiOf(simulator)('GET users/@me');
      expect(refused.body).toMatchObject({ global: true });
    });

    it('of invalid requests end in a ban', async () => {
      await start({ invalidLimit: 3 });
      const wrong = () => apiOf(simulator)('GET users/@me', undefined, { token: 'nobody' });
      for (let each = 0; each < 3; each++) expect((await wrong()).status).toBe(401);
      expect((await send()).headers.get('content-type')).toContain('text/html');
      expect(simulator.counters().invalidRequests).toBeGreaterThanOrEqual(3);
      simulator.clock.advance(600_001);
      expect(await outcome()).toBe(200);
    });
  });
});
