import { RateLimitError, REST } from '@discordjs/rest';
import { WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import { GatewayDispatchEvents, type GatewayIntentBits } from 'discord-api-types/v10';
import { type DiscordSimulator, startDiscordSimulator } from './simulator';
import { usualIntents } from './spec-kit';

/** The libraries that bots are written with find what they expect. */
describe('The fake Discord, with real clients', () => {
  let simulator: DiscordSimulator;

  const opened: REST[] = [];
  const restOf = (more: object = {}) => {
    const rest = new REST({ version: '10', api: simulator.apiUrl, retries: 0, ...more });
    opened.push(rest);
    return rest.setToken(String(simulator.applications[0].token));
  };

  afterEach(async () => {
    for (const rest of opened.splice(0)) {
      rest.clearHandlerSweeper();
      rest.clearHashSweeper();
    }
    await simulator.close();
  });

  it('is read and written by @discordjs/rest', async () => {
    simulator = await startDiscordSimulator();
    simulator.application({ name: 'support' });
    const ada = simulator.person({ name: 'Ada' });
    const rest = restOf();
    expect(await rest.get('/users/@me')).toMatchObject({ username: 'support' });
    const files = [{ name: 'a.txt', data: Buffer.from('hello'), contentType: 'text/plain' }];
    const sent = await rest.post(`/channels/${ada.direct.id}/messages`, { body: { content: 'hi' }, files });
    expect(sent).toMatchObject({ content: 'hi', attachments: [{ filename: 'a.txt', size: 5 }] });
    await expect(rest.post(`/channels/${ada.direct.id}/messages`, { body: {} })).rejects.toMatchObject({
      code: 50006,
    });
    await expect(rest.get('/channels/123456')).rejects.toMatchObject({ code: 10003, status: 404 });
  });

  it('limits @discordjs/rest by its headers', async () => {
    simulator = await startDiscordSimulator({ rateLimits: { route: { limit: 5, perMs: 800 }, global: 50 } });
    simulator.application();
    const ada = simulator.person();
    const rest = restOf({ rejectOnRateLimit: () => true });
    const send = () => rest.post(`/channels/${ada.direct.id}/messages`, { body: { content: 'hi' } });
    for (let each = 0; each < 5; each++) await send();
    await expect(send()).rejects.toBeInstanceOf(RateLimitError);
    expect(simulator.calls('create-message')).toHaveLength(5);
  });

  it('connects, drops and resumes @discordjs/ws', async () => {
    simulator = await startDiscordSimulator();
    simulator.application();
    const ada = simulator.person();
    const rest = restOf();
    const manager = new WebSocketManager({
      token: String(simulator.applications[0].token),
      intents: usualIntents as GatewayIntentBits,
      rest,
    });
    const heard: string[] = [];
    manager.on(WebSocketShardEvents.Dispatch, (payload) => {
      if (payload.t === GatewayDispatchEvents.MessageCreate) heard.push(payload.d.content);
    });
    await manager.connect();
    ada.dms('one');
    const resumed = new Promise<void>((resolve) =>
      manager.once(WebSocketShardEvents.Resumed, () => resolve()),
    );
    await simulator.drained();
    simulator.gateway.drop();
    ada.dms('two');
    await resumed;
    await simulator.drained();
    expect(heard).toEqual(['one', 'two']);
    expect(simulator.counters()).toMatchObject({ identifies: 1, resumes: 1 });
    await manager.destroy();
  });
});
