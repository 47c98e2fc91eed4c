import { type Api, apiOf, type Hook, startHook } from '../spec-kit';
import type { Person } from './person';
import { startTelegramSimulator, type TelegramSimulator } from './simulator';

describe('Updates', () => {
  let simulator: TelegramSimulator;
  let api: Api;
  let ada: Person;
  let hook: Hook | null = null;

  beforeEach(async () => {
    simulator = await startTelegramSimulator({ webhook: { retryBaseMs: 1 } });
    simulator.bot();
    ada = simulator.person({ id: 7, name: 'Ada', language: 'de' });
    api = apiOf(simulator);
  });
  afterEach(async () => {
    await simulator.close();
    await hook?.close();
    hook = null;
  });

  const listen = async (answer?: Parameters<typeof startHook>[0], settings: object = {}) => {
    hook = await startHook(answer);
    await api('setWebhook', { url: `${hook.url}/hook`, secret_token: 's3cret', ...settings });
    return hook;
  };
  const texts = ({ received }: Hook) => received.map(({ update }) => update.message?.text);

  describe('by webhook', () => {
    it('come one in each POST, numbered upwards, with the secret', async () => {
      const { received, saw } = await listen();
      ada.says('hello /start @somebody');
      ada.says('again');
      await saw(2);
      expect(received[0]).toMatchObject({
        secret: 's3cret',
        update: {
          update_id: expect.any(Number),
          message: {
            message_id: 1,
            text: 'hello /start @somebody',
            chat: { id: 7, type: 'private' },
            from: { id: 7, first_name: 'Ada', language_code: 'de' },
            entities: [{ type: 'bot_command' }, { type: 'mention' }],
          },
        },
      });
      expect(received[1].update.update_id).toBe(received[0].update.update_id + 1);
    });

    it('wait for the one before of their chat, and for no other chat', async () => {
      let release = (_status: number) => {};
      const held = new Promise<number>((resolve) => (release = resolve));
      const hook = await listen((update) => (update.message.text === 'slow' ? held : 200));
      ada.says('slow');
      ada.says('after');
      simulator.person({ id: 8 }).says('elsewhere');
      await hook.saw(2);
      expect(texts(hook)).toEqual(['slow', 'elsewhere']);
      release(200);
      await simulator.drained();
      expect(texts(hook)).toEqual(['slow', 'elsewhere', 'after']);
    });

    it('go to no more connections at once than the webhook allows', async () => {
      let release = (_status: number) => {};
      const held = new Promise<number>((resolve) => (release = resolve));
      const hook = await listen(() => held, { max_connections: 3 });
      for (let id = 1; id <= 20; id++) simulator.person({ id }).says('hi');
      await hook.saw(3);
      await api('getMe');
      expect(hook.received).toHaveLength(3);
      release(200);
      await simulator.drained();
      expect(hook.received).toHaveLength(20);
    });

    it('are sent again until they are acknowledged, before anything else of the chat', async () => {
      const hook = await listen((_update, nth) => (nth <= 3 ? 503 : 200));
      ada.says('first');
      ada.says('second');
      await simulator.drained();
      expect(texts(hook)).toEqual(['first', 'first', 'first', 'first', 'second']);
      expect(simulator.deliveries().map(({ attempt, status }) => [attempt, status])).toEqual([
        [1, 503],
        [2, 503],
        [3, 503],
        [4, 200],
        [1, 200],
      ]);
      expect(simulator.counters()).toMatchObject({ acknowledged: 2, unacknowledged: 3, pending: 0 });
      expect((await api('getWebhookInfo')).result).toMatchObject({
        pending_update_count: 0,
        last_error_message: 'Wrong response from the webhook: 503',
      });
    });

    it('wait as long as Retry-After says', async () => {
      const { received, saw } = await listen((_update, nth) =>
        nth === 1 ? { status: 503, retryAfter: '1' } : 200,
      );
      ada.says('hello');
      await saw(2);
      expect(received[1].at - received[0].at).toBeGreaterThanOrEqual(950);
    });

    it('survive a hub that is down', async () => {
      const hook = await listen();
      await hook.offline();
      ada.says('hello');
      await new Promise<void>((resolve) => {
        const check = () => (simulator.counters().unacknowledged > 1 ? resolve() : void setTimeout(check, 2));
        check();
      });
      await hook.online();
      await simulator.drained();
      expect(texts(hook)).toEqual(['hello']);
      expect(simulator.deliveries()[0]).toMatchObject({
        status: null,
        error: expect.stringContaining('ECONNREFUSED'),
      });
    });

    it('are of the wanted kinds only; reactions have to be asked for', async () => {
      const hook = await listen();
      const message = ada.says('one');
      ada.reacts(message, '👍');
      ada.says('two');
      await simulator.drained();
      expect(hook.received).toHaveLength(2);

      await api('setWebhook', { url: hook.url, allowed_updates: ['message_reaction'] });
      ada.says('three');
      ada.reacts(message, '🔥');
      await simulator.drained();
      expect(hook.received.at(-1)?.update.message_reaction).toMatchObject({
        message_id: message.message_id,
        old_reaction: [{ type: 'emoji', emoji: '👍' }],
        new_reaction: [{ type: 'emoji', emoji: '🔥' }],
      });
      expect(hook.received).toHaveLength(3);
    });

    it('that wait go to the next webhook, or are dropped on request', async () => {
      ada.says('kept');
      const hook = await listen();
      await simulator.drained();
      expect(texts(hook)).toEqual(['kept']);
      await api('deleteWebhook');
      ada.says('dropped');
      await api('setWebhook', { url: hook.url, drop_pending_updates: true });
      expect((await api('getWebhookInfo')).result.pending_update_count).toBe(0);
      expect(texts(hook)).toEqual(['kept']);
    });
  });

  describe('disturbed on their way', () => {
    it('come more than once', async () => {
      const { received } = await listen();
      simulator.inbound.set({ duplicates: 4 });
      ada.says('hello');
      await simulator.drained();
      expect(new Set(received.map(({ update }) => update.update_id)).size).toBe(1);
      expect(received).toHaveLength(5);
    });

    it('come in another order, and all of them', async () => {
      const hook = await listen();
      simulator.inbound.set({ reorderWindow: 5 });
      const said = ['1', '2', '3', '4', '5'];
      for (const text of said) ada.says(text);
      await hook.saw(5);
      expect(texts(hook)).not.toEqual(said);
      expect(texts(hook).sort()).toEqual(said);
    });

    it('come late', async () => {
      const { received, saw } = await listen();
      simulator.inbound.set({ delayMs: 60 });
      const said = Date.now();
      ada.says('hello');
      await saw(1);
      expect(received[0].at - said).toBeGreaterThanOrEqual(55);
    });
  });

  describe('by long polling', () => {
    const ids = (result: { update_id: number }[]) => result.map(({ update_id }) => update_id);

    it('stay until a later offset confirms them', async () => {
      for (const text of ['1', '2', '3']) ada.says(text);
      const all = ids((await api('getUpdates')).result);
      expect(all).toHaveLength(3);
      expect(ids((await api('getUpdates', { limit: 2 })).result)).toEqual(all.slice(0, 2));
      expect(ids((await api('getUpdates', { offset: all[1] })).result)).toEqual(all.slice(1));
      expect((await api('getUpdates', { offset: all[2] + 1 })).result).toEqual([]);
      expect(simulator.counters().pending).toBe(0);
    });

    it('a negative offset keeps the last ones only', async () => {
      for (const text of ['1', '2', '3']) ada.says(text);
      expect((await api('getUpdates', { offset: -1 })).result).toMatchObject([{ message: { text: '3' } }]);
      expect((await api('getUpdates')).result).toHaveLength(1);
    });

    it('end the wait of a poll', async () => {
      const poll = api('getUpdates', { timeout: 30 });
      await api('getMe');
      ada.says('hello');
      expect((await poll).result).toMatchObject([{ message: { text: 'hello' } }]);
    });

    it('a poll that waits is ended by the next one and by a webhook', async () => {
      const first = api('getUpdates', { timeout: 30 });
      await api('getMe');
      const second = api('getUpdates', { timeout: 30 });
      expect(await first).toMatchObject({
        status: 409,
        description:
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      });
      await listen();
      expect(await second).toMatchObject({
        status: 409,
        description: 'Conflict: terminated by setWebhook request',
      });
      expect((await api('getUpdates')).description).toBe(
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    });
  });
});
