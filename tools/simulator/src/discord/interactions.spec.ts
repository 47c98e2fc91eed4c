import { createPublicKey } from 'node:crypto';
import type { SimulatedApplication } from './application';
import type { Guild } from './guild';
import type { DiscordPerson } from './person';
import { type DiscordSimulator, startDiscordSimulator } from './simulator';
import { type Api, apiOf, type Hook, identify, startHook } from './spec-kit';

describe('Interactions of the fake Discord', () => {
  let simulator: DiscordSimulator;
  let api: Api;
  let bot: SimulatedApplication;
  let guild: Guild;
  let ada: DiscordPerson;
  let hook: Hook | null = null;

  beforeEach(async () => {
    simulator = await startDiscordSimulator();
    api = apiOf(simulator);
    bot = simulator.application({ name: 'support' });
    guild = simulator.guild({ name: 'Shop' });
    ada = simulator.person({ name: 'Ada', guild });
  });
  afterEach(async () => {
    await hook?.close();
    hook = null;
    await simulator.close();
  });

  const key = () => {
    const x = Buffer.from(bot.publicKey, 'hex').toString('base64url');
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  };
  const useHook = async (
    ...answer: Parameters<typeof startHook> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    hook = await startHook(key, ...answer);
    await simulator.setInteractionsUrl(bot, `${hook.url}/interactions`);
    return hook;
  };
  const answer = (interaction: { id: string; token: string }, body: object, query = '') =>
    api(`POST interactions/${interaction.id}/${interaction.token}/callback${query}`, body);
  const webhook = (interaction: { token: string }) => `webhooks/${bot.id}/${interaction.token}`;
  const row = (...components: object[]) => ({ type: 1, components });
  const asks = (components: object[]) =>
    api(`POST channels/${guild.general.id}/messages`, { content: 'Sure?', components });

  describe('by the gateway', () => {
    it('are told whole', async () => {
      const client = await identify(simulator);
      const used = ada.usesCommand('ask', { question: 'hello', times: 2, loud: true });
      expect(await client.event('INTERACTION_CREATE')).toMatchObject({
        id: used.id,
        token: used.token,
        application_id: bot.id,
        type: 2,
        version: 1,
        guild_id: guild.id,
        channel_id: guild.general.id,
        member: { user: { id: ada.id, global_name: 'Ada' } },
        data: {
          name: 'ask',
          type: 1,
          options: [
            { name: 'question', type: 3, value: 'hello' },
            { name: 'times', type: 4, value: 2 },
            { name: 'loud', type: 5, value: true },
          ],
        },
      });
      expect(used.state).toBe('waiting');
    });

    it('are subcommands, commands of menus, and come from direct channels', async () => {
      const client = await identify(simulator);
      const said = ada.says('look');
      ada.usesCommand('ticket open', { who: { user: ada.user } }, { chat: ada.direct });
      ada.usesMenu('Sum up', said);
      ada.usesMenu('Greet', ada);
      await client.event('INTERACTION_CREATE', 3);
      const [command, ofMessage, ofPerson] = client.events('INTERACTION_CREATE');
      expect(command).toMatchObject({
        user: { id: ada.id },
        context: 1,
        data: { name: 'ticket', options: [{ name: 'open', type: 1, options: [{ type: 6, value: ada.id }] }] },
      });
      expect(command.member).toBeUndefined();
      const { id } = said.message;
      expect(ofMessage.data).toMatchObject({
        type: 3,
        target_id: id,
        resolved: { messages: { [id]: { content: 'look' } } },
      });
      expect(ofPerson.data).toMatchObject({
        type: 2,
        target_id: ada.id,
        resolved: { members: { [ada.id]: {} } },
      });
    });

    it('are buttons and selects of the newest message that has them', async () => {
      const client = await identify(simulator);
      const options = ['Red', 'Blue'].map((label) => ({ label, value: label.toLowerCase() }));
      await asks([
        row({ type: 2, style: 1, label: 'Yes', custom_id: 'yes' }),
        row({ type: 3, custom_id: 'colour', options }),
      ]);
      ada.presses('Yes');
      ada.selects('Blue');
      await client.event('INTERACTION_CREATE', 2);
      const [pressed, selected] = client.events('INTERACTION_CREATE');
      expect(pressed).toMatchObject({
        type: 3,
        data: { custom_id: 'yes', component_type: 2, id: 2 },
        message: { content: 'Sure?' },
      });
      expect(selected.data).toMatchObject({ custom_id: 'colour', component_type: 3, values: ['blue'] });
      expect(() => ada.presses('No')).toThrow('Ada sees no button "No" in #general.');
    });
  });

  describe('an answer', () => {
    it('is a message', async () => {
      const used = ada.usesCommand('ask');
      expect((await answer(used, { type: 4, data: { content: 'hello' } })).status).toBe(204);
      expect(await used.answered()).toEqual({ type: 4, data: { content: 'hello' } });
      expect(simulator.transcript(guild.general)).toEqual(['support: hello']);
      expect((await api(`GET ${webhook(used)}/messages/@original`)).body).toMatchObject({
        type: 20,
        content: 'hello',
        interaction_metadata: { id: used.id, user: { id: ada.id } },
      });
    });

    it('is deferred: what follows first takes its place, by either way', async () => {
      const [one, two] = [ada.usesCommand('ask'), ada.usesCommand('ask')];
      for (const used of [one, two]) await answer(used, { type: 5 });
      expect(simulator.transcript(guild.general)).toEqual(Array(2).fill('support: (is thinking)'));
      await api(`PATCH ${webhook(one)}/messages/@original`, { content: 'edited' });
      await api(`POST ${webhook(two)}`, { content: 'posted' });
      await api(`POST ${webhook(two)}`, { content: 'more' });
      expect(simulator.transcript(guild.general)).toEqual([
        'support: edited',
        'support: posted',
        'support: more',
      ]);
      expect((await simulator.waitForReply(guild.general, 'posted')).message.flags).toBe(0);
    });

    it('to a press updates its message, now or later', async () => {
      await asks([row({ type: 2, style: 1, label: 'Yes', custom_id: 'yes' })]);
      const [now, later] = [ada.presses('Yes'), ada.presses('Yes')];
      await answer(now, { type: 7, data: { content: 'Done' } });
      await answer(later, { type: 6 });
      await api(`PATCH ${webhook(later)}/messages/@original`, { content: 'Done twice', components: [] });
      await api(`POST ${webhook(later)}`, { content: 'Bye', flags: 64 });
      expect(simulator.transcript(guild.general)).toEqual([
        'support: Done twice (edited)',
        'support: Bye (only for one)',
      ]);
    });

    it('is given once, within three seconds, and goes on for fifteen minutes', async () => {
      const used = ada.usesCommand('ask');
      expect((await api(`POST ${webhook(used)}`, { content: 'x' })).error).toEqual([
        10015,
        'Unknown Webhook',
      ]);
      await answer(used, { type: 5 });
      expect((await answer(used, { type: 5 })).error).toEqual([
        40060,
        'Interaction has already been acknowledged.',
      ]);
      simulator.clock.advance(14 * 60_000);
      expect((await api(`PATCH ${webhook(used)}/messages/@original`, { content: 'x' })).status).toBe(200);
      simulator.clock.advance(61_000);
      expect((await api(`PATCH ${webhook(used)}/messages/@original`, { content: 'y' })).error).toEqual([
        50027,
        'Invalid Webhook Token',
      ]);
      const late = ada.usesCommand('ask');
      simulator.clock.advance(3001);
      expect((await answer(late, { type: 5 })).error).toEqual([10062, 'Unknown interaction']);
      await expect(late.answered()).rejects.toThrow('did not respond within 3 seconds');
      expect((await answer({ id: '1', token: late.token }, { type: 5 })).error?.[0]).toBe(10062);
    });

    it('fits what was asked', async () => {
      const used = ada.usesCommand('ask');
      for (const type of [6, 7, 8]) expect((await answer(used, { type })).error?.[0]).toBe(50035);
      expect((await answer(used, { type: 4, data: {} })).error?.[0]).toBe(50006);
      expect((await answer(used, { type: 5, data: { flags: 4 } })).error?.[0]).toBe(50035);
      expect(
        (await answer(used, { type: 5, data: { flags: 64 } }, '?with_response=true')).body,
      ).toMatchObject({
        interaction: { id: used.id, response_message_loading: true },
        resource: { type: 5, message: { flags: 192 } },
      });
    });

    it('to who types is a list of choices', async () => {
      const typed = ada.typesCommand('ask', { topic: 'he' });
      expect(typed.object.data).toMatchObject({ options: [{ name: 'topic', value: 'he', focused: true }] });
      const choices = Array.from({ length: 26 }, (_none, at) => ({ name: `${at}`, value: at }));
      expect((await answer(typed, { type: 8, data: { choices } })).error?.[0]).toBe(50035);
      expect((await answer(typed, { type: 8, data: { choices: choices.slice(1) } })).status).toBe(204);
    });

    it('is a modal, that is filled in', async () => {
      const client = await identify(simulator);
      const used = ada.usesCommand('register');
      const components = [row({ type: 4, custom_id: 'name', label: 'Name', style: 1 })];
      const modal = { custom_id: 'form', title: 'Who?', components };
      expect((await answer(used, { type: 9, data: { ...modal, title: 'x'.repeat(46) } })).error?.[0]).toBe(
        50035,
      );
      await answer(used, { type: 9, data: modal });
      ada.submitsModal({ name: 'Ada L.' });
      expect((await client.event('INTERACTION_CREATE', 2)).data).toEqual({
        custom_id: 'form',
        components: [
          { type: 1, id: 1, components: [{ type: 4, id: 2, custom_id: 'name', value: 'Ada L.' }] },
        ],
      });
      expect(() => ada.submitsModal({})).toThrow('Ada sees no modal.');
      expect(ada.submitsModal({ a: '1' }, { customId: 'any' }).object.data).toMatchObject({
        custom_id: 'any',
      });
    });

    it('can be read, changed and deleted by the token alone', async () => {
      const used = ada.usesCommand('ask');
      await answer(used, { type: 4, data: { content: 'hello' } });
      const { body } = await api(`POST ${webhook(used)}`, { content: 'more' }, { token: 'nobody' });
      await api(`PATCH ${webhook(used)}/messages/${body.id}`, { content: 'more!' }, { token: 'nobody' });
      expect((await api(`DELETE ${webhook(used)}/messages/@original`)).status).toBe(204);
      expect((await api(`GET ${webhook(used)}/messages/@original`)).error?.[0]).toBe(10008);
      expect(simulator.transcript(guild.general)).toEqual([
        'support: hello (deleted)',
        'support: more! (edited)',
      ]);
      expect((await api(`POST webhooks/${bot.id}/nobody`, { content: 'x' })).error?.[0]).toBe(50027);
      expect(simulator.calls('follow-up')[0]).toMatchObject({
        chat: guild.general.id,
        path: `POST /webhooks/${bot.id}/:token`,
      });
    });
  });

  describe('by a url', () => {
    it('are signed, and answered at once', async () => {
      const { received } = await useHook(() => ({ body: { type: 4, data: { content: 'hello' } } }));
      const client = await identify(simulator);
      const used = ada.usesCommand('ask', { question: 'hi' });
      expect(await used.answered()).toEqual({ type: 4, data: { content: 'hello' } });
      expect(received).toMatchObject([{ id: used.id, data: { name: 'ask' } }]);
      await simulator.drained();
      expect(client.events('INTERACTION_CREATE')).toEqual([]);
      expect(simulator.deliveries().filter(({ via }) => via === 'http')).toMatchObject([
        { interaction: used.id, status: 200 },
      ]);
    });

    it('are deferred, and go on by the token', async () => {
      await useHook();
      const used = ada.usesCommand('ask');
      await used.answered();
      await api(`PATCH ${webhook(used)}/messages/@original`, { content: 'hello' });
      await simulator.waitForReply(guild.general, 'hello');
    });

    it('may be answered by the API, after an empty 202', async () => {
      await useHook(() => ({ status: 202 }));
      const used = ada.usesCommand('ask');
      await simulator.drained();
      expect(used.state).toBe('waiting');
      expect((await answer(used, { type: 5 })).status).toBe(204);
    });

    it.each([
      ['another status', { status: 500 }, 'The endpoint answered 500.'],
      ['an answer that does not fit', { body: { type: 7 } }, 'Invalid Form Body'],
      ['no answer in time', null, 'timeout'],
    ])('fail with %s', async (_what, reply, why) => {
      await useHook(() => reply);
      await expect(ada.usesCommand('ask').answered()).rejects.toThrow(why);
    });

    it('are posted twice when that is asked for; the first answer counts', async () => {
      const { received } = await useHook();
      simulator.inbound.set({ duplicates: 1 });
      await ada.usesCommand('ask').answered();
      await simulator.drained();
      expect(received).toHaveLength(2);
      expect(guild.general.entries).toHaveLength(1);
    });

    it('the url answers a ping and refuses a wrong signature, else it is not taken', async () => {
      const { forged } = await useHook();
      expect(forged).toBe(1);
      expect((await api('GET applications/@me')).body.interactions_endpoint_url).toBe(bot.interactionsUrl);
      expect(await simulator.probesInteractionsUrl(bot)).toBe(true);
      const careless = await startHook(key, undefined, { checks: false });
      const { body, error } = await api('PATCH applications/@me', {
        interactions_endpoint_url: careless.url,
      });
      expect([error?.[0], body.errors.interactions_endpoint_url._errors[0].code]).toEqual([
        50035,
        'APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID',
      ]);
      await careless.close();
      await expect(simulator.setInteractionsUrl(bot, careless.url)).rejects.toThrow('did not answer');
      const odd = await startHook(key, undefined, { pongs: false });
      await expect(simulator.setInteractionsUrl(bot, odd.url)).rejects.toThrow('{"type":1}');
      await odd.close();
      expect(
        (await api('PATCH applications/@me', { interactions_endpoint_url: '' })).body
          .interactions_endpoint_url,
      ).toBeNull();
    });

    it('the url is taken away when it does not refuse a wrong signature any more', async () => {
      const { close } = await useHook();
      await close();
      expect(await simulator.probesInteractionsUrl(bot)).toBe(false);
      expect(bot.interactionsUrl).toBeNull();
    });
  });
});
