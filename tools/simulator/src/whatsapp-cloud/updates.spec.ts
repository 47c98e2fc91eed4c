import { control, type Json } from '../spec-kit';
import type { BusinessNumber } from './number';
import type { CloudPerson } from './person';
import { type CloudSimulator, type CloudSimulatorOptions, startCloudSimulator } from './simulator';
import { type Callback, graphOf, sender, startCallback } from './spec-kit';

describe('Webhooks of the fake Cloud API', () => {
  let simulator: CloudSimulator;
  let number: BusinessNumber;
  let ada: CloudPerson;
  let hook: Callback;
  const opened: { close(): Promise<void> }[] = [];

  const callback = async (answer?: Parameters<typeof startCallback>[1]) => {
    const started = await startCallback(number, answer);
    opened.push(started);
    return started;
  };
  const start = async (options: CloudSimulatorOptions = {}, answer?: Parameters<typeof startCallback>[1]) => {
    simulator = await startCloudSimulator({ webhook: { retryBaseMs: 1 }, ...options });
    opened.push(simulator);
    number = await simulator.number({ appSecret: 'app-secret', verifyToken: 'verify-me' });
    hook = await callback(answer);
    await simulator.setWebhook(number, `${hook.url}/hook?of=1`);
    ada = simulator.person({ phone: '16505551234', userId: 'US.77', name: 'Ada' });
  };
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  const until = async (fits: () => boolean) => {
    const deadline = Date.now() + 4000;
    while (!fits() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(fits()).toBe(true);
  };
  const texts = () => hook.all('messages').map(({ text }: Json) => text.body);
  const send = (message: object = {}) =>
    sender(simulator)({ to: ada.phone, text: { body: 'hi' }, ...message });
  const statuses = () => hook.all('statuses').map(({ status }: Json) => status);

  describe('messages', () => {
    it('come signed over bytes that are ASCII only, with their number and sender', async () => {
      await start();
      ada.says('Grüße 🎉 a/b');
      await simulator.drained();
      const [{ raw, body, isSigned }] = hook.received;
      expect(isSigned).toBe(true);
      expect(raw).toContain('Gr\\u00fc\\u00dfe \\ud83c\\udf89 a\\/b');
      expect(raw).toMatch(/^[\x20-\x7e]+$/);
      expect(body).toEqual({
        object: 'whatsapp_business_account',
        entry: [
          {
            id: number.wabaId,
            changes: [
              {
                field: 'messages',
                value: {
                  messaging_product: 'whatsapp',
                  metadata: { display_phone_number: number.phone, phone_number_id: number.id },
                  contacts: [{ profile: { name: 'Ada' }, wa_id: '16505551234', user_id: 'US.77' }],
                  messages: [
                    {
                      from: '16505551234',
                      from_user_id: 'US.77',
                      id: expect.stringMatching(/^wamid\./),
                      timestamp: expect.stringMatching(/^\d{10}$/),
                      type: 'text',
                      text: { body: 'Grüße 🎉 a/b' },
                    },
                  ],
                },
              },
            ],
          },
        ],
      });
    });

    it('of a person come in order while all goes well', async () => {
      await start();
      const said = Array.from({ length: 10 }, (_none, index) => String(index));
      for (const text of said) ada.says(text);
      await simulator.drained();
      expect(texts()).toEqual(said);
    });

    it('are sent again until they are acknowledged, and later ones go past them', async () => {
      await start({}, (nth) => (nth <= 2 ? 503 : 200));
      ada.says('first');
      await hook.saw(1);
      ada.says('second');
      await simulator.drained();
      expect(texts()).toHaveLength(4);
      expect(new Set(texts())).toEqual(new Set(['first', 'second']));
      expect(simulator.counters()).toMatchObject({ acknowledged: 2, unacknowledged: 2, pending: 0 });
    });

    it('that are refused do not hold back the others', async () => {
      let isUp = false;
      await start({}, (_nth, body) =>
        isUp || body.entry[0].changes[0].value.messages[0].text.body !== 'bad' ? 200 : 500,
      );
      ada.says('bad');
      ada.says('good');
      await hook.saw(2);
      await until(() => texts().includes('good'));
      isUp = true;
      await simulator.drained();
      expect(texts().at(-1)).toBe('bad');
    });

    it('survive a hub that is down', async () => {
      await start();
      await hook.offline();
      ada.says('hello');
      await until(() => simulator.counters().unacknowledged >= 2);
      await hook.online();
      await simulator.drained();
      expect(texts()).toEqual(['hello']);
      expect(simulator.deliveries()[0]).toMatchObject({
        status: null,
        error: expect.stringContaining('ECONNREFUSED'),
      });
    });

    it('come several in a request, over several accounts, numbers and kinds', async () => {
      await start({ batch: { max: 6, waitMs: 5000 }, statuses: { auto: ['sent'] } });
      const other = await simulator.number({ wabaId: '55', appSecret: 'app-secret' });
      other.appCallback = number.appCallback;
      const bob = simulator.person({ name: 'Bob' });
      const cyd = simulator.person({ number: other, name: 'Cyd' });
      ada.says('1');
      bob.says('2');
      cyd.says('3');
      ada.says('4');
      simulator.account('account_update', { event: 'VERIFIED_ACCOUNT' });
      await send();
      await simulator.drained();
      expect(hook.received).toHaveLength(1);
      const { entry } = hook.received[0].body;
      expect(entry.map(({ id }: Json) => id)).toEqual([number.wabaId, '55']);
      expect(entry[0].changes.map(({ field }: Json) => field)).toEqual([
        'messages',
        'account_update',
        'messages',
      ]);
      const { contacts, messages } = entry[0].changes[0].value;
      expect(messages.map(({ text }: Json) => text.body)).toEqual(['1', '2', '4']);
      expect(contacts.map(({ profile }: Json) => profile.name)).toEqual(['Bob', 'Ada']);
      expect(simulator.deliveries()).toMatchObject([{ updates: 6, status: 200 }]);
    });

    it('are disturbed on their way', async () => {
      await start();
      simulator.inbound.set({ duplicates: 2, reorderWindow: 4 });
      for (const text of ['1', '2', '3', '4']) ada.says(text);
      await simulator.drained();
      expect(texts()).toHaveLength(12);
      expect([...new Set(texts())].sort()).toEqual(['1', '2', '3', '4']);
      expect([...new Set(texts())]).not.toEqual(['1', '2', '3', '4']);
      expect(new Set(hook.all('messages').map(({ id }: Json) => id)).size).toBe(4);
    });
  });

  describe('callbacks', () => {
    const configure = (url: string, verify_token = 'verify-me') =>
      graphOf(simulator)(`POST /${number.id}`, {
        webhook_configuration: { override_callback_uri: url, verify_token },
      });
    const subscribe = (verb: string, body?: object) =>
      graphOf(simulator)(`${verb} /${number.wabaId}/subscribed_apps`, body);

    it('are used once they have answered the challenge', async () => {
      await start();
      const own = await callback();
      const gone = await callback();
      await gone.close();
      expect((await configure(own.url, 'wrong')).error).toEqual([
        2200,
        expect.stringContaining('HTTP Status Code = 403'),
      ]);
      expect((await configure(gone.url)).error).toEqual([2200, expect.stringContaining('ECONNREFUSED')]);
      ada.says('to the app');
      await simulator.drained();
      expect((await configure(own.url)).body).toEqual({ success: true });
      expect((await graphOf(simulator)(`GET /${number.id}?fields=webhook_configuration`)).body).toMatchObject(
        {
          webhook_configuration: { phone_number: own.url, application: `${hook.url}/hook?of=1` },
        },
      );
      ada.says('to the number');
      await simulator.drained();
      expect([texts(), own.all('messages').length]).toEqual([['to the app'], 1]);
      await configure('');
      ada.says('to the app again');
      await simulator.drained();
      expect(texts()).toEqual(['to the app', 'to the app again']);
      await expect(simulator.number({ webhookUrl: gone.url })).rejects.toThrow('2200');
    });

    it('of the account stand between those of the number and of the app', async () => {
      await start();
      const accounts = await callback();
      expect(
        (await subscribe('POST', { override_callback_uri: accounts.url, verify_token: 'verify-me' })).body,
      ).toEqual({
        success: true,
      });
      ada.says('hello');
      await simulator.drained();
      expect([texts().length, accounts.all('messages').length]).toEqual([0, 1]);
      expect((await subscribe('GET')).body.data).toMatchObject([{ override_callback_uri: accounts.url }]);
    });

    it('hear nothing while the account is not subscribed', async () => {
      await start();
      expect((await subscribe('DELETE')).body).toEqual({ success: true });
      expect((await subscribe('GET')).body).toEqual({ data: [] });
      ada.says('unheard');
      await simulator.drained();
      expect(simulator.counters()).toMatchObject({ untold: 1, acknowledged: 0 });
      await subscribe('POST', {});
      ada.says('heard');
      await simulator.drained();
      expect(texts()).toEqual(['heard']);
    });

    it('take over what the one before did not acknowledge', async () => {
      await start({}, () => 503);
      ada.says('hello');
      await hook.saw(1);
      const next = await callback();
      await simulator.setWebhook(number, next.url);
      await simulator.drained();
      expect(next.all('messages')).toMatchObject([{ text: { body: 'hello' } }]);
    });
  });

  describe('statuses', () => {
    it('follow a send, with what was sent along', async () => {
      await start({ statuses: { auto: ['sent', 'delivered', 'read'] } });
      ada.says('hello');
      const { body } = await send({ biz_opaque_callback_data: 'delivery-1' });
      await simulator.drained();
      expect(statuses()).toEqual(['sent', 'delivered', 'read']);
      expect(hook.all('statuses')[0]).toEqual({
        id: body.messages[0].id,
        status: 'sent',
        timestamp: expect.stringMatching(/^\d{10}$/),
        recipient_id: '16505551234',
        recipient_user_id: 'US.77',
        biz_opaque_callback_data: 'delivery-1',
        conversation: {
          id: expect.any(String),
          expiration_timestamp: expect.any(String),
          origin: { type: 'service' },
        },
        pricing: {
          billable: false,
          pricing_model: 'PMP',
          type: 'free_customer_service',
          category: 'service',
        },
      });
      expect(ada.chat.entries[1].status).toBe('read');
    });

    it('name a conversation for each person', async () => {
      await start({ statuses: { auto: ['sent'] } });
      const bob = simulator.person({ name: 'Bob' });
      for (const person of [ada, bob]) {
        person.says('hello');
        await send({ to: person.phone });
      }
      await simulator.drained();
      const named = hook.all('statuses').map(({ conversation }) => conversation.id);
      expect(named).toHaveLength(2);
      expect(named[0]).not.toBe(named[1]);
    });

    it('come in the order that is asked for, late, or more than once', async () => {
      await start();
      ada.says('hello');
      simulator.statuses.set({ auto: ['delivered', 'sent'], duplicates: 1, delayMs: 20 });
      const at = Date.now();
      await send();
      await simulator.drained();
      expect(statuses()).toEqual(['delivered', 'delivered', 'sent', 'sent']);
      expect(Date.now() - at).toBeGreaterThanOrEqual(38);
      expect(ada.chat.entries[1].status).toBe('delivered');
    });

    it('come in any order, the same for the same seed', async () => {
      const run = async () => {
        await start({ statuses: { auto: ['sent', 'delivered', 'read'], shuffled: true }, seed: 4 });
        ada.says('hello');
        for (let count = 0; count < 5; count++) await send();
        await simulator.drained();
        return statuses();
      };
      const first = await run();
      expect(first.slice().sort()).toEqual([
        ...Array(5).fill('delivered'),
        ...Array(5).fill('read'),
        ...Array(5).fill('sent'),
      ]);
      expect(await run()).toEqual(first);
    });

    it('of a reaction end with sent; of one to nothing it is a failure', async () => {
      await start();
      const { id } = ada.says('hello');
      await send({ type: 'reaction', text: undefined, reaction: { message_id: id, emoji: '👍' } });
      await send({ type: 'reaction', text: undefined, reaction: { message_id: 'wamid.none', emoji: '👍' } });
      await simulator.drained();
      expect(statuses().sort()).toEqual(['failed', 'sent']);
      expect(simulator.transcript(ada)).toEqual(['Ada: hello {Simulated Business 👍}']);
    });

    it('tell that a message outside the 24 hours failed', async () => {
      await start();
      ada.says('hello');
      simulator.clock.advance(24 * 3_600_000 - 60_000);
      await send();
      simulator.clock.advance(60_000);
      expect((await send({ biz_opaque_callback_data: 'delivery-2' })).status).toBe(200);
      await simulator.drained();
      expect(statuses()).toEqual(['sent', 'delivered', 'failed']);
      const failed = hook.received.at(-1)?.body.entry[0].changes[0].value;
      expect(failed).not.toHaveProperty('contacts');
      expect(failed.statuses[0]).toMatchObject({
        recipient_id: '16505551234',
        biz_opaque_callback_data: 'delivery-2',
        errors: [
          { code: 131047, title: 'Re-engagement message', error_data: { details: expect.any(String) } },
        ],
      });
      expect(failed.statuses[0]).not.toHaveProperty('recipient_user_id');
      expect(simulator.transcript(ada).at(-1)).toBe('Simulated Business: hi (failed: 131047)');
      expect(simulator.counters().failed).toEqual({ 131047: 1 });
    });

    it('or it is refused at once; a template is not', async () => {
      await start({ outsideWindow: 'refuse' });
      number.templates.push({ name: 'hello', language: 'en', body: 'Hi' });
      expect((await send()).error?.[0]).toBe(131047);
      const template = { name: 'hello', language: { code: 'en' } };
      expect((await send({ type: 'template', text: undefined, template })).error).toBeNull();
      await simulator.drained();
      expect(hook.all('statuses')[0]).toMatchObject({ pricing: { billable: true, category: 'utility' } });
    });

    it('tell that nobody is there', async () => {
      await start();
      await send({ to: '19990000000' });
      await simulator.drained();
      expect(hook.all('statuses')).toMatchObject([
        { status: 'failed', recipient_id: '19990000000', errors: [{ code: 131026 }] },
      ]);
    });

    it('tell a failure that was announced, so often', async () => {
      await start();
      ada.says('hello');
      simulator.fails(ada, { code: 131048, times: 2 });
      simulator.fails('+1 650 555 1234'.replace(/\D/g, ''), { code: 99, title: 'Odd' });
      for (let count = 0; count < 4; count++) await send();
      await simulator.drained();
      expect(hook.all('statuses').flatMap(({ errors }: Json) => errors ?? [])).toMatchObject([
        { code: 131048, title: 'Spam rate limit hit' },
        { code: 131048 },
        { code: 99, title: 'Odd', error_data: { details: 'Odd' } },
      ]);
      expect(statuses().slice(-2)).toEqual(['sent', 'delivered']);
    });
  });

  describe('a recorded body', () => {
    const recorded = (metadata: object) => ({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '1',
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata,
                contacts: [{ profile: { name: 'Zoë' }, wa_id: '972987654321' }],
                messages: [
                  {
                    from: '972987654321',
                    id: 'wamid.old',
                    timestamp: '1697043223',
                    type: 'text',
                    text: { body: 'hi' },
                  },
                ],
              },
            },
          ],
        },
      ],
    });

    it('comes as it is, as often as it is injected, and can be answered', async () => {
      await start();
      const body = recorded({ phone_number_id: number.id });
      const bytes = JSON.stringify(body, null, 2);
      simulator.inject(bytes);
      simulator.inject(body);
      await simulator.drained();
      expect(hook.received.map(({ isSigned }) => isSigned)).toEqual([true, true]);
      expect(Buffer.from(hook.received[0].raw, 'latin1').toString()).toBe(bytes);
      expect(hook.received[1].body).toEqual(body);
      const answer = await send({ to: '972987654321', context: { message_id: 'wamid.old' } });
      expect(answer.error).toBeNull();
      expect(simulator.transcript(simulator.chats.find(({ title }) => title === 'Zoë')!)).toEqual([
        'Zoë: hi',
        'Simulated Business: hi',
      ]);
    });

    it('may be anything', async () => {
      await start();
      simulator.inject('[1]');
      await hook.saw(1);
      expect(hook.received[0]).toMatchObject({ body: [1], isSigned: true });
    });
  });

  it('can be driven from outside', async () => {
    await start();
    const ask = (request: string, body?: object) => control(simulator.url, request, body);
    await ask('POST /control/people', { phone: '15550009999', name: 'Bob' });
    expect(await ask('POST /control/people/15550009999/says', { text: 'hello' })).toMatchObject({
      text: 'hello',
    });
    expect(await ask('GET /control/chats/15550009999')).toMatchObject({ transcript: ['Bob: hello'] });
    expect(await ask('POST /control/people/1/says', { text: 'x' })).toMatchObject({
      error: expect.stringContaining('no person 1'),
    });
    await ask('POST /control/account', { field: 'account_update', value: { event: 'DISABLED_UPDATE' } });
    await ask('POST /control/inject', { body: { object: 'x', entry: [] } });
    await simulator.drained();
    expect(hook.received).toHaveLength(3);
    const added = await ask('POST /control/numbers', { phoneNumberId: '31', webhookUrl: hook.url });
    expect(added).toEqual({ error: expect.stringContaining('(#2200)') });
    expect(await ask('GET /control/numbers')).toMatchObject([{ id: number.id }, { id: '31' }]);
    expect((await ask('POST /control/clock', { advanceMs: 90_000_000 })).now).toBeGreaterThan(
      Date.now() + 80_000_000,
    );
    await ask('POST /control/statuses', { auto: [] });
    expect(await ask('GET /control/statuses')).toMatchObject({ auto: [] });
    await ask('POST /control/clear');
    expect(await ask('GET /control/counters')).toMatchObject({ calls: {}, acknowledged: 0, pending: 0 });
  });
});
