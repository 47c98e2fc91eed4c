import { RailWorld } from './harness/rail-world';
import { EvolutionRail, instanceName } from './harness/rails';
import { until } from './harness/until';

interface Link {
  image: string | null;
  text: string | null;
  code: string | null;
}

describe('the life of an instance at an Evolution server', () => {
  let world: RailWorld<EvolutionRail>;

  beforeAll(async () => (world = await RailWorld.create(await EvolutionRail.start())));
  afterAll(() => world.dispose());

  const at = (name: string) => `/api/v1/instances/${name}`;
  const server = () => world.rail.platform;
  const account = () => world.rail.account;
  const status = (name = instanceName) => world.status(name);
  const link = (name = instanceName) => world.operator.get<Link>(`${at(name)}/qr`);
  const make = (name: string, config: object = {}) =>
    world.operator.post('/api/v1/instances', {
      ...world.instanceOf({ config: { instanceName: name, ...config } }),
      name,
    });
  const stateIs = (state: string, name = instanceName) =>
    until(`${name} is ${state}`, async () => (await status(name)).state === state);

  describe('one that is not there yet', () => {
    it('is made, told where the hub is, linked by its QR code, and works', async () => {
      await make('new-shop');
      const made = server().instances.find(({ name }) => name === 'new-shop')!;
      expect(made.webhook).toMatchObject({
        enabled: true,
        url: world.webhookUrlOf('new-shop'),
        headers: { 'x-webhook-secret': 'e2e-evolution-webhook-secret' },
        byEvents: false,
        base64: false,
      });
      const { state, problem } = await status('new-shop');
      expect([state, problem]).toEqual(['degraded', expect.stringContaining('scan')]);

      const shown = await link('new-shop');
      expect(shown).toMatchObject({ text: expect.stringMatching(/^2@/), code: null });
      expect(shown.image).toMatch(/^data:image\/png;base64,/);
      const png = await world.hub.api.get<ArrayBuffer>(`${at('new-shop')}/qr`, {
        headers: { accept: 'image/png' },
        responseType: 'arraybuffer',
      });
      expect(png.headers['content-type']).toContain('image/png');
      expect(png.headers['cache-control']).toBe('no-store');
      expect(Buffer.from(png.data).subarray(1, 4).toString()).toBe('PNG');

      made.scansQr('5511977776666');
      await stateIs('ok', 'new-shop');
      const linked = await world.hub.api.get(`${at('new-shop')}/qr`);
      expect([linked.status, linked.data.code]).toEqual([409, 'ALREADY_LINKED']);
      const ada = server().person({ instance: made, name: 'Ada' });
      ada.says('hello');
      await server().waitForReply(ada, 'hello', 20_000);
    });

    it('cannot be made with the key of another one, and the status says which key is wanted', async () => {
      await make('no-shop', { apiKey: account().token });
      const { state, problem } = await status('no-shop');
      expect(state).not.toBe('ok');
      expect(problem).toContain('key');
      expect(server().instances.map(({ name }) => name)).not.toContain('no-shop');
    });

    it('is linked by a pairing code, where a number is configured', async () => {
      const paired = server().instance({ name: 'paired', number: '5511966665555', state: 'close' });
      await make('paired', { pairingNumber: '5511966665555' });
      expect((await link('paired')).code).toMatch(/^[A-Z0-9]{8}$/);
      paired.scansQr();
      await stateIs('ok', 'paired');
    });

    it('learns who the account is, so that a mention of its hidden number counts', async () => {
      const numbers = { number: '5511955554444', lid: '99000111333' };
      const hidden = server().instance({ name: 'hidden', ...numbers, state: 'close' });
      await make('hidden');
      await link('hidden');
      hidden.scansQr();
      await stateIs('ok', 'hidden');
      expect((await status('hidden')).platform).toMatchObject({
        healthy: true,
        account: { id: '5511955554444', aliases: ['lid:99000111333'] },
      });
      const ada = server().person({ instance: hidden, name: 'Ada' });
      const group = server().group({ members: [ada] });
      const asks = () => {
        ada.says('@99000111333 are you in?', { chat: group, mentions: [{ self: hidden.self }] });
        return group.chat.entries.some(({ byApi }) => byApi);
      };
      await until('a mention of it is answered', asks, { everyMs: 200 });
    });

    it('and a server that is away: it is made all the same, and connected later', async () => {
      server().offline();
      await make('later');
      expect(await status('later')).toMatchObject({ state: 'degraded', platform: { error: 'UNREACHABLE' } });
      await server().online();
      const connected = await world.operator.post(`${at('later')}/connect`);
      expect(connected).toMatchObject({ state: 'degraded', problem: expect.stringContaining('scan') });
      expect(server().instances.map(({ name }) => name)).toContain('later');
    });
  });

  describe('a device that is removed on the phone', () => {
    it('pauses the instance; what is to be sent waits and leaves when it is linked again', async () => {
      const ada = world.rail.person('Ada');
      ada.says('hello');
      await ada.reply('hello');
      account().loggedOut();
      await stateIs('paused');
      expect(await status()).toMatchObject({
        problem: expect.stringContaining(`${at(instanceName)}/qr`),
        connection: { state: 'unlinked' },
      });
      const sends = server().calls('sendText').length;
      const id = await world.send(ada.chatId, { type: 'text', text: 'are you there?' });
      const waiting = await world.operator.trace(id);
      expect(waiting).toMatchObject({ outcome: 'sending', because: expect.stringContaining('paused') });
      await link();
      expect(server().calls('sendText')).toHaveLength(sends);
      account().scansQr();
      await ada.reply('are you there?');
      await stateIs('ok');
    });

    it('is of no concern where that is told late, after it was linked again', async () => {
      const ada = world.rail.person('Ada');
      const late = world.rail.event('logout.instance', null);
      expect((await world.webhook(late)).status).toBe(200);
      ada.says('still linked?');
      await ada.reply('still linked?');
      await stateIs('ok');
      expect((await status()).connection?.state).toBe('open');
    });
  });

  describe('a connection that comes and goes', () => {
    it('20 times in a row loses nothing, and is well in the end', async () => {
      const people = Array.from({ length: 5 }, (_, index) => world.rail.person(`Person ${index}`));
      for (const [index, person] of people.entries()) {
        account().flaps(4);
        person.says(`number ${index}`);
      }
      for (const [index, person] of people.entries()) await person.reply(`number ${index}`);
      await server().drained();
      await stateIs('ok');
      for (const person of people) expect(person.shown()).toHaveLength(1);
      expect((await status()).connection?.state).toBe('open');
      expect(world.hub.running).toBe(true);
    });

    it('is closed for a while: sends are tried again and arrive when it opens', async () => {
      const ada = world.rail.person('Ada');
      account().closes();
      await stateIs('degraded');
      const hello = ada.says('hello');
      await until('it was tried in vain', () =>
        server()
          .calls('sendText')
          .some(({ body, status }) => body.text === 'hello' && status === 400),
      );
      account().opens();
      await ada.reply('hello');
      const trace = await world.traceOf(hello);
      expect(trace.outcome).toBe('answered');
      expect(trace.steps.map(({ reason }) => reason)).toContain('UNREACHABLE');
      await stateIs('ok');
    });
  });

  describe('what the operator does', () => {
    it('restart connects anew and keeps the link', async () => {
      const { api } = world.hub;
      expect((await api.post(`${at(instanceName)}/restart`)).status).toBe(200);
      account().closes();
      await stateIs('degraded');
      expect((await api.post(`${at(instanceName)}/restart`)).status).toBe(200);
      await stateIs('ok');
      expect(account().state).toBe('open');
    });

    it('logout ends the link, linking again brings it back', async () => {
      expect((await world.hub.api.post(`${at(instanceName)}/logout`)).status).toBe(204);
      expect([account().state, account().linked]).toEqual(['close', false]);
      await stateIs('paused');
      await link();
      account().scansQr();
      await stateIs('ok');
    });

    it('disconnect ends the webhook, connect sets it again', async () => {
      expect((await world.hub.api.post(`${at(instanceName)}/disconnect`)).status).toBe(204);
      expect(account().webhook?.enabled).toBe(false);
      expect((await world.connect()).state).toBe('ok');
      expect(account().webhook).toMatchObject({ enabled: true, url: world.webhookUrl });
      const ada = world.rail.person('Ada');
      ada.says('hello');
      await ada.reply('hello');
    });

    it('deleting leaves the server’s own alone, unless it is asked for', async () => {
      const doomed = server().instance({ name: 'doomed', number: '5511944443333' });
      await make('doomed');
      await world.operator.delete(at('doomed'));
      expect(server().instances).toContain(doomed);
      expect(doomed.webhook?.enabled).toBe(false);
      await make('doomed');
      await world.operator.delete(`${at('doomed')}?atPlatform=true`);
      expect(server().instances).not.toContain(doomed);
      expect((await world.hub.api.get(at('doomed'))).status).toBe(404);
    });
  });

  it('a server that wants its licence activated first: that is said plainly', async () => {
    server().requiresLicense();
    const { state, problem } = await status();
    expect([state, problem]).toEqual(['degraded', expect.stringContaining('LICENSE_REQUIRED')]);
    expect(problem).toContain('/manager');
    const { status: answered, data } = await world.hub.api.post(`${at(instanceName)}/connect`);
    expect([answered, data.detail]).toEqual([502, expect.stringContaining('LICENSE_REQUIRED')]);
    server().requiresLicense(false);
    expect((await world.connect()).state).toBe('ok');
  });

  it('the notice that Evolution’s licence asks for is shown', async () => {
    const { platform } = await status();
    expect(platform?.facts).toMatchObject({ licenceNotice: expect.stringContaining('Evolution API') });
  });
});

describe('a QR code that nobody scans in time', () => {
  let world: RailWorld<EvolutionRail>;

  beforeAll(async () => {
    const qr = { everyMs: 50, limit: 3 };
    world = await RailWorld.create(await EvolutionRail.start({ qr }, { state: 'close' }));
  });
  afterAll(() => world.dispose());

  it('is given up, and there is a new one when it is asked for', async () => {
    const link = () => world.operator.get<Link>(`/api/v1/instances/${instanceName}/qr`);
    const first = await link();
    await until('the hub knows', async () => (await world.status()).connection?.state === 'unlinked');
    await until('it is given up', () => world.rail.account.state === 'close');
    await until('the hub waits for it', async () => (await world.status()).state === 'paused');
    expect((await link()).text).not.toBe(first.text);
  });
});
