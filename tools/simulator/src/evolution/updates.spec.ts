import type { Json } from '../spec-kit';
import type { EvolutionVersion } from './dialect';
import type { InstanceOptions } from './instance';
import {
  type EvolutionSimulator,
  type EvolutionSimulatorOptions,
  startEvolutionSimulator,
} from './simulator';
import { type Api, apiOf, type Hook, listen, startHook } from './spec-kit';

const phone = '5511987654321';
const pn = `${phone}@s.whatsapp.net`;
const lid = '141000111222333';
const lidJid = `${lid}@lid`;

describe('Events', () => {
  let simulator: EvolutionSimulator;
  let api: Api;
  let hook: Hook;

  const start = async (
    options: EvolutionSimulatorOptions = {},
    answer?: Parameters<typeof startHook>[0],
    settings: object = {},
    instance: InstanceOptions = {},
  ) => {
    simulator = await startEvolutionSimulator({
      webhook: { retryBaseMs: 1, retryCapMs: 2 },
      acknowledgements: { delayMs: 1 },
      ...options,
    });
    hook = await startHook(answer);
    simulator.instance({ number: '5511900000001', token: 'support-token', ...instance });
    await listen(simulator, hook, settings);
    api = apiOf(simulator);
  };
  afterEach(async () => {
    await simulator.close();
    await hook.close();
  });

  const send = (body: object) => api('POST message/sendText/support', { number: phone, ...body });
  const upserts = async () => {
    await simulator.drained();
    return hook.data('messages.upsert');
  };

  describe('come by webhook', () => {
    it('in an envelope, with the headers that were asked for', async () => {
      await start({}, undefined, { headers: { 'x-hub': 's3cret' }, events: ['MESSAGES_UPSERT'] });
      simulator.person({ phone, name: 'Ada' }).says('hello');
      await simulator.drained();
      expect(hook.received).toMatchObject([
        {
          url: '/hook',
          headers: { 'x-hub': 's3cret' },
          body: {
            event: 'messages.upsert',
            instance: 'support',
            destination: `${hook.url}/hook`,
            sender: '5511900000001@s.whatsapp.net',
            server_url: simulator.url,
            apikey: null,
            data: {
              key: { remoteJid: pn, fromMe: false, id: expect.stringMatching(/^[0-9A-F]{32}$/) },
              pushName: 'Ada',
              status: 'DELIVERY_ACK',
              messageType: 'conversation',
              message: { conversation: 'hello' },
              messageTimestamp: expect.any(Number),
              source: 'android',
            },
          },
        },
      ]);
      const { date_time } = hook.received[0].body;
      expect(Math.abs(Date.parse(date_time) + 180 * 60_000 - Date.now())).toBeLessThan(5000);
    });

    it('at an address for each kind, with the token in the body and files in the message, where it is set so', async () => {
      await start({ exposesKey: true }, undefined, {
        byEvents: true,
        base64: true,
        events: ['MESSAGES_UPSERT'],
      });
      simulator.person().sendsImage({ file: { bytes: Buffer.from('pixels') } });
      await simulator.drained();
      expect(hook.received[0]).toMatchObject({
        url: '/hook/messages-upsert',
        body: {
          apikey: 'support-token',
          data: { message: { base64: Buffer.from('pixels').toString('base64') } },
        },
      });
    });

    it('in order, while nothing goes wrong', async () => {
      await start({}, undefined, { events: ['MESSAGES_UPSERT'] });
      const ada = simulator.person();
      const texts = Array.from({ length: 20 }, (_, number) => `${number}`);
      for (const text of texts) ada.says(text);
      expect((await upserts()).map(({ message }) => message.conversation)).toEqual(texts);
    });

    it('again after 503 or no answer, 10 times at most, and what comes meanwhile overtakes them', async () => {
      let refusals = 0;
      await start({}, ({ data }) => (data.message.conversation === 'first' && refusals++ < 3 ? 503 : 200), {
        events: ['MESSAGES_UPSERT'],
      });
      const ada = simulator.person();
      ada.says('first');
      ada.says('second');
      const texts = (await upserts()).map(({ message }) => message.conversation);
      expect(texts.filter((text) => text === 'first')).toHaveLength(4);
      expect(texts.indexOf('second')).toBeLessThan(texts.lastIndexOf('first'));
      expect(simulator.counters()).toMatchObject({ acknowledged: 2, unacknowledged: 3, pending: 0 });
    });

    it('ten times, then never again', async () => {
      await start({}, () => 500, { events: ['MESSAGES_UPSERT'] });
      simulator.person().says('hello');
      expect(await upserts()).toHaveLength(10);
      expect(simulator.deliveries().at(-1)).toMatchObject({ attempt: 10, status: 500 });
    });

    it.each([400, 401, 403, 404, 422])('once, when the answer is %d', async (status) => {
      await start({}, () => status, { events: ['MESSAGES_UPSERT'] });
      simulator.person().says('hello');
      expect(await upserts()).toHaveLength(1);
    });

    it('no more, when the server is restarted before they were acknowledged', async () => {
      await start({ webhook: { retryBaseMs: 60_000 } }, () => 503, { events: ['MESSAGES_UPSERT'] });
      simulator.person().says('hello');
      await hook.saw(1);
      while (simulator.deliveries().length === 0) await new Promise(setImmediate);
      expect(simulator.restarts()).toBe(1);
      await simulator.drained();
      expect(hook.received).toHaveLength(1);
    });

    it('twice, late and in any order, when they are disturbed', async () => {
      await start({}, undefined, { events: ['MESSAGES_UPSERT'] });
      simulator.inbound.set({ duplicates: 1, reorderWindow: 4 });
      const ada = simulator.person();
      for (const text of ['1', '2', '3', '4']) ada.says(text);
      await hook.saw(8);
      const texts = hook.data('messages.upsert').map(({ message }) => message.conversation);
      expect(texts).not.toEqual(['1', '1', '2', '2', '3', '3', '4', '4']);
      expect([...texts].sort()).toEqual(['1', '1', '2', '2', '3', '3', '4', '4']);
    });

    it('only of the kinds that were asked for', async () => {
      await start({}, undefined, { events: ['CONNECTION_UPDATE'] });
      simulator.person().says('hello');
      simulator.instances[0].flaps(1);
      await simulator.drained();
      expect(hook.received.map(({ body }) => [body.event, body.data.state, body.data.statusReason])).toEqual([
        ['connection.update', 'close', 428],
        ['connection.update', 'connecting', 200],
        ['connection.update', 'open', 200],
      ]);
    });
  });

  describe('of what is sent', () => {
    const statuses = () => hook.data('messages.update').map(({ status }) => status);

    it('send.message, then the states of its delivery', async () => {
      await start();
      const ada = simulator.person({ phone });
      const { status, body } = await send({ text: 'hello' });
      expect([status, body]).toMatchObject([
        201,
        {
          key: { remoteJid: pn, fromMe: true },
          pushName: 'Você',
          status: 'PENDING',
          message: { conversation: 'hello' },
        },
      ]);
      await simulator.drained();
      expect(hook.data('send.message')).toEqual([body]);
      expect(hook.data('messages.update')).toMatchObject(
        ['SERVER_ACK', 'DELIVERY_ACK', 'READ'].map((reached) => ({
          keyId: body.key.id,
          remoteJid: pn,
          fromMe: true,
          status: reached,
        })),
      );
      expect(ada.chat.entries[0].status).toBe('READ');
      expect(hook.data('messages.upsert')).toEqual([]);
    });

    it('other states, twice, in another order, or none', async () => {
      await start();
      simulator.person({ phone });
      simulator.acknowledges({
        statuses: ['SERVER_ACK', 'DELIVERY_ACK'],
        duplicates: 1,
        delayMs: 0,
        shuffled: true,
      });
      await send({ text: 'hello' });
      await simulator.drained();
      expect(statuses().sort()).toEqual(['DELIVERY_ACK', 'DELIVERY_ACK', 'SERVER_ACK', 'SERVER_ACK']);
      simulator.acknowledges({ statuses: [] });
      await send({ text: 'hello' });
      await simulator.drained();
      expect(statuses()).toHaveLength(4);
    });

    it('ERROR with 463 for people who never wrote, while the account is restricted', async () => {
      await start();
      const [ada, bob] = [simulator.person({ phone }), simulator.person({ phone: '4930123456' })];
      const group = simulator.group({ members: [ada] });
      const [instance] = simulator.instances;
      bob.says('hello');
      simulator.restrict(instance, { warmStillWorks: true });
      const outcomes = async () => {
        for (const number of [phone, '4930123456', group.jid]) {
          expect((await send({ number, text: 'hello' })).body.status).toBe('PENDING');
        }
        await simulator.drained();
        return [ada.chat, bob.chat, group.chat].map((chat) => chat.entries.at(-1)?.status);
      };
      expect(await outcomes()).toEqual(['ERROR', 'READ', 'READ']);
      expect(hook.data('messages.update')).toContainEqual(
        expect.objectContaining({ remoteJid: pn, status: 'ERROR', messageStubParameters: ['463'] }),
      );
      simulator.restrict(instance, { warmStillWorks: false, tells: 'number' });
      expect(await outcomes()).toEqual(['ERROR', 'ERROR', 'READ']);
      expect(hook.data('messages.update')).toContainEqual(
        expect.objectContaining({ status: 0, messageStubParameters: ['463'] }),
      );
      simulator.liftsRestriction(instance);
      expect(await outcomes()).toEqual(['READ', 'READ', 'READ']);
    });

    it('send.message.update for an edit, messages.delete for a deletion', async () => {
      await start();
      const ada = simulator.person({ phone });
      const { key } = (await send({ text: 'helo' })).body;
      await api('POST chat/updateMessage/support', { number: phone, key, text: 'hello' });
      await api('DELETE chat/deleteMessageForEveryone/support', key);
      await simulator.drained();
      expect(hook.data('send.message.update')).toMatchObject([
        { key: { id: key.id }, type: 14, editedMessage: { conversation: 'hello' } },
      ]);
      expect(hook.data('messages.delete')).toMatchObject([{ id: key.id, key, status: 'DELETED' }]);
      expect(simulator.transcript(ada)).toEqual(['support: hello (edited) (deleted)']);
    });
  });

  describe('name people as their version does', () => {
    const keys = async (version: EvolutionVersion, person: object) => {
      await start({ version });
      const ada = simulator.person({ name: 'Ada', ...person });
      const group = simulator.group({ id: '120363000000000001', members: [ada] });
      const [direct, inGroup] = [ada.says('hello'), ada.says('hello', { chat: group })];
      const told = (await upserts()).map(({ key }) => key);
      const key = (id: string) => {
        const { fromMe: _fromMe, id: _id, ...rest } = told.find((one) => one.id === id);
        return rest;
      };
      return [key(direct.id), key(inGroup.id)];
    };
    const remoteJid = '120363000000000001@g.us';
    const both = { phone, lid };

    it.each<[EvolutionVersion, object, object]>([
      ['2.2.3', { remoteJid: lidJid }, { remoteJid, participant: lidJid }],
      [
        '2.3.0',
        { remoteJid: lidJid, senderPn: pn },
        { remoteJid, participant: pn, participantLid: lidJid, senderLid: lidJid, senderPn: pn },
      ],
      [
        '2.3.6',
        { remoteJid: lidJid, remoteJidAlt: pn, addressingMode: 'lid' },
        { remoteJid, participant: lidJid, participantAlt: pn, addressingMode: 'lid' },
      ],
      [
        '2.3.7',
        { remoteJid: pn, remoteJidAlt: pn, addressingMode: 'lid' },
        { remoteJid, participant: lidJid, participantAlt: pn, addressingMode: 'lid' },
      ],
    ])('%s, of whom both LID and number are known', async (version, direct, inGroup) => {
      expect(await keys(version, both)).toEqual([direct, inGroup]);
    });

    it('2.3.7, of whom only the LID is known', async () => {
      expect(await keys('2.3.7', { lid })).toEqual([
        { remoteJid: lidJid, addressingMode: 'lid' },
        { remoteJid, participant: lidJid, addressingMode: 'lid' },
      ]);
    });

    it('2.3.6, whose chat goes by the number', async () => {
      expect((await keys('2.3.6', { ...both, addressing: 'pn' }))[0]).toEqual({
        remoteJid: pn,
        remoteJidAlt: lidJid,
        addressingMode: 'pn',
      });
    });

    it('and show their device, where it is not taken off', async () => {
      await start({ version: '2.2.3' });
      const ada = simulator.person({ phone });
      ada.changesDevice(12);
      ada.says('hello');
      expect((await upserts())[0].key.remoteJid).toBe(`${phone}:12@s.whatsapp.net`);
    });

    it('and the number once it is revealed', async () => {
      await start({ version: '2.3.6' });
      const ada = simulator.person({ lid });
      ada.says('hello');
      ada.revealsPhone(phone);
      ada.says('hello');
      expect((await upserts()).map(({ key }) => key.remoteJidAlt)).toEqual([undefined, pn]);
    });
  });

  describe('word their contents as their version does', () => {
    it.each<[EvolutionVersion, object, object]>([
      ['2.2.3', { extendedTextMessage: { text: 'hi' } }, { messageType: 'extendedTextMessage' }],
      ['2.3.7', { conversation: 'hi' }, { messageType: 'conversation' }],
    ])('%s a text with a context', async (version, message, more) => {
      await start({ version });
      const ada = simulator.person({ phone });
      const first = ada.says('first');
      ada.replies(first, 'hi');
      const [, reply] = await upserts();
      expect(reply).toMatchObject({
        message,
        ...more,
        contextInfo: { stanzaId: first.id, participant: pn, quotedMessage: { conversation: 'first' } },
      });
    });

    it.each<[EvolutionVersion, unknown, unknown]>([
      ['2.2.3', expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/), '7'],
      ['2.3.6', expect.objectContaining({ 0: expect.any(Number) }), { low: 7, high: 0, unsigned: true }],
    ])('%s bytes and long integers', async (version, mediaKey, fileLength) => {
      await start({ version });
      simulator.person().sendsDocument({ file: { bytes: Buffer.from('content') } });
      expect((await upserts())[0].message.documentMessage).toMatchObject({ mediaKey, fileLength });
    });

    it('long integers beyond 32 bits', async () => {
      await start({ version: '2.3.6' });
      const ada = simulator.person();
      ada.reacts(ada.says('hello'), '👍');
      const { low, high } = (await upserts())[1].message.reactionMessage.senderTimestampMs;
      expect(Math.abs(high * 2 ** 32 + (low >>> 0) - Date.now())).toBeLessThan(5000);
    });

    it.each<[EvolutionVersion, unknown]>([
      ['2.2.3', 'MESSAGE_EDIT'],
      ['2.3.7', 14],
    ])('%s an edit: with the key that the writer has', async (version, type) => {
      await start({ version });
      const ada = simulator.person({ phone });
      const hello = ada.edits(ada.says('helo'), 'hello');
      await simulator.drained();
      expect(hook.data('messages.edited')).toMatchObject([
        {
          key: { remoteJid: '5511900000001@s.whatsapp.net', fromMe: true, id: hello.id },
          type,
          editedMessage: { conversation: 'hello' },
        },
      ]);
      const [update] = hook.data('messages.update');
      expect(update).toMatchObject({ keyId: hello.id, remoteJid: pn, fromMe: false });
    });

    it.each<[EvolutionVersion, unknown]>([
      ['2.2.3', undefined],
      ['2.3.6', 'DELETED'],
      ['2.3.7', 'SERVER_ACK'],
    ])('%s the update of an edit with the status %s', async (version, status) => {
      await start({ version });
      const ada = simulator.person();
      ada.edits(ada.says('helo'), 'hello');
      await simulator.drained();
      expect(hook.data('messages.update')[0].status).toBe(status);
    });

    it.each<[EvolutionVersion, unknown]>([
      ['2.3.6', undefined],
      ['2.3.7', 'DELETED'],
    ])(
      '%s a revocation as an edit too, and as messages.delete with the status %s',
      async (version, status) => {
        await start({ version });
        const ada = simulator.person({ phone });
        const hello = ada.says('hello');
        ada.revokes(hello);
        await simulator.drained();
        expect(hook.data('messages.edited')).toMatchObject([{ key: { id: hello.id }, type: 0 }]);
        expect(hook.data('messages.delete')).toEqual([
          { remoteJid: pn, fromMe: false, id: hello.id, ...(status !== undefined && { status }) },
        ]);
      },
    );

    it.each<[EvolutionVersion, number]>([
      ['2.3.6', 0],
      ['2.3.7', 1],
    ])('%s votes: %d of them', async (version, count) => {
      await start({ version });
      const ada = simulator.person({ phone, name: 'Ada' });
      const poll = ada.sendsPoll('Tea?', ['yes', 'no']);
      ada.votes(poll, 'yes');
      const votes = (await upserts()).filter(({ messageType }) => messageType === 'pollUpdateMessage');
      expect(votes).toHaveLength(count);
      expect(votes.map(({ pollUpdates }: Json) => pollUpdates)).toEqual(
        votes.map(() => [
          { name: 'yes', voters: [pn] },
          { name: 'no', voters: [] },
        ]),
      );
      expect(simulator.transcript(ada)).toEqual(['Ada: (poll) Tea? <yes> <no> {Ada: yes}']);
    });
  });

  describe('of the life of an instance', () => {
    const states = () => hook.data('connection.update').map(({ state }) => state);

    it('creation, QR code, scan', async () => {
      await start();
      const created = await api('POST instance/create', {
        instanceName: 'sales',
        integration: 'WHATSAPP-BAILEYS',
        qrcode: true,
        webhook: { url: `${hook.url}/hook`, events: [], headers: { 'x-hub': 's3cret' } },
      });
      expect(created).toMatchObject({
        status: 201,
        body: {
          instance: { instanceName: 'sales', status: 'connecting' },
          hash: expect.any(String),
          qrcode: {
            code: expect.stringMatching(/^2@/),
            base64: expect.stringMatching(/^data:image\/png;base64,/),
            count: 1,
          },
        },
      });
      const asToken = apiOf(simulator, created.body.hash);
      expect((await asToken('GET instance/connect/sales')).body).toEqual(created.body.qrcode);
      const sales = simulator.instances.find(({ name }) => name === 'sales')!;
      sales.scansQr('4930123456');
      expect((await asToken('GET instance/connectionState/sales')).body).toEqual({
        instance: { instanceName: 'sales', state: 'open' },
      });
      expect((await asToken('GET instance/connect/sales')).body).toEqual({
        instance: { instanceName: 'sales', state: 'open' },
      });
      await simulator.drained();
      expect(states()).toEqual(['connecting', 'connecting', 'open']);
      expect(hook.data('connection.update').at(-1)).toMatchObject({
        wuid: '4930123456@s.whatsapp.net',
        statusReason: 200,
      });
      expect(hook.data('qrcode.updated')).toMatchObject([
        { qrcode: { instance: 'sales', pairingCode: null } },
      ]);
    });

    it('a pairing code for a number; a number that is none is an error with status 200', async () => {
      await start({}, undefined, {}, { state: 'close' });
      const connect = async (number: string) =>
        (await api(`GET instance/connect/support?number=${number}`)).body;
      expect(await connect('x')).toEqual({ error: true, message: 'Error: Invalid phone number' });
      expect(await connect(phone)).toMatchObject({ pairingCode: expect.stringMatching(/^[A-Z0-9]{8}$/) });
    });

    it('new QR codes until nobody is waited for any more', async () => {
      await start({ qr: { everyMs: 1, limit: 3 } }, undefined, {}, { state: 'close' });
      await api('GET instance/connect/support');
      await hook.saw(6);
      const codes = hook.data('qrcode.updated');
      expect(new Set(codes.map(({ qrcode }) => qrcode?.code)).size).toBe(4);
      expect(codes.at(-1)).toEqual({ message: 'QR code limit reached, please login again', statusCode: 500 });
      expect(states()).toEqual(['connecting', 'refused']);
      expect(() => simulator.instances[0].scansQr()).toThrow('no QR code');
    });

    it('a broken connection that comes back without a code; none to show then', async () => {
      await start();
      simulator.instances[0].closes();
      expect((await api('GET instance/connect/support')).body).toEqual({ count: 0 });
      await simulator.drained();
      expect(states()).toEqual(['close', 'connecting', 'open']);
    });

    it('a removed device, a restart, a logout, a deletion', async () => {
      await start();
      const [instance] = simulator.instances;
      expect((await api('POST instance/restart/support')).body.instance.state).toBe('open');
      instance.loggedOut();
      await simulator.drained();
      expect(hook.data('status.instance')).toMatchObject([
        { status: 'closed', disconnectionReasonCode: 401 },
      ]);
      expect(hook.data('connection.update').at(-1)).toMatchObject({ state: 'close', statusReason: 401 });
      expect(hook.data('logout.instance')).toEqual([null]);
      await api('GET instance/connect/support');
      instance.scansQr();
      expect((await api('DELETE instance/logout/support')).body).toEqual({
        status: 'SUCCESS',
        error: false,
        response: { message: 'Instance logged out' },
      });
      expect((await api('DELETE instance/delete/support')).status).toBe(200);
      await simulator.drained();
      expect(hook.data('remove.instance')).toEqual([null]);
      expect((await api('GET instance/connectionState/support')).body).toEqual({
        instance: { instanceName: 'support' },
      });
    });
  });
});
