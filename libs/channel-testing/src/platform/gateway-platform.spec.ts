import { once } from 'node:events';
import { WebSocket } from 'ws';
import { startGatewayPlatform, type GatewayPlatform, type GatewayRequest } from './gateway-platform';

let platform: GatewayPlatform;
const clients: Client[] = [];

beforeEach(async () => {
  platform = await startGatewayPlatform({
    answer: ({ path }, gatewayUrl) => ({ path, gatewayUrl }),
    hello: () => ({ hello: true }),
    read: (frame) => frame as GatewayRequest,
    ready: (session, number, url) => ({ ready: session, number, url }),
    resumed: (session, number) => ({ resumed: session, number }),
    sessionOver: () => ({ over: true }),
    acknowledged: () => ({ ack: true }),
    dispatch: (body, number) => ({ body, number }),
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await platform.close();
});

/** A listener by hand. */
class Client {
  readonly frames: unknown[] = [];
  readonly closed: Promise<unknown[]>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('error', () => undefined);
    this.closed = once(socket, 'close');
  }

  static async open(): Promise<Client> {
    const client = new Client(new WebSocket(platform.url.replace('http', 'ws')));
    clients.push(client);
    await until(() => client.frames.length === 1);
    return client;
  }

  say(request: GatewayRequest): void {
    this.socket.send(JSON.stringify(request));
  }

  async got(count: number): Promise<unknown[]> {
    await until(() => this.frames.length >= count);
    return this.frames.slice(1);
  }
}

describe('a gateway', () => {
  it('tells where it is', async () => {
    const answer = await (await fetch(`${platform.url}/gateway`)).json();
    expect(answer).toEqual({ path: '/gateway', gatewayUrl: platform.url.replace('http', 'ws') });
  });

  it('begins a session and numbers what it tells', async () => {
    const client = await Client.open();
    platform.deliver('early');
    client.say({ kind: 'identify' });
    await client.got(3);
    platform.deliver('late');
    expect(await client.got(4)).toEqual([
      { ready: 'session-1', number: 1, url: platform.url.replace('http', 'ws') },
      { body: 'early', number: 2 },
      { body: 'late', number: 3 },
    ]);
    expect(platform.sessions).toBe(1);
  });

  it('knows by heartbeats how far the listener has come', async () => {
    const client = await Client.open();
    client.say({ kind: 'identify' });
    platform.deliver('one');
    platform.deliver('two');
    await client.got(4);
    client.say({ kind: 'heartbeat', sequence: null });
    await client.got(5);
    expect(platform.confirmed()).toBe(0);
    client.say({ kind: 'heartbeat', sequence: 2 });
    await client.got(6);
    expect(platform.confirmed()).toBe(1);
  });

  it('tells again what a session that goes on has missed', async () => {
    const first = await Client.open();
    first.say({ kind: 'identify' });
    platform.deliver('one');
    await first.got(3);
    platform.closeWith(4000);
    expect((await first.closed)[0]).toBe(4000);
    platform.deliver('two');
    const second = await Client.open();
    second.say({ kind: 'resume', session: 'session-1', sequence: 1 });
    expect(await second.got(4)).toEqual([
      { body: 'one', number: 2 },
      { body: 'two', number: 3 },
      { resumed: 'session-1', number: 3 },
    ]);
  });

  it('does not know a session that it has forgotten, and tells a new one what was never confirmed', async () => {
    const client = await Client.open();
    client.say({ kind: 'identify' });
    platform.deliver('one');
    await client.got(3);
    platform.forget();
    client.say({ kind: 'resume', session: 'session-1', sequence: 2 });
    expect((await client.got(4))[2]).toEqual({ over: true });
    client.say({ kind: 'identify' });
    expect((await client.got(6)).slice(3)).toEqual([
      { ready: 'session-2', number: 1, url: platform.url.replace('http', 'ws') },
      { body: 'one', number: 2 },
    ]);
  });

  it('takes no connection between drop and restore, and counts those that were tried', async () => {
    const client = await Client.open();
    platform.drop();
    await client.closed;
    const refused = new WebSocket(platform.url.replace('http', 'ws'));
    await once(refused, 'error');
    await expect(fetch(platform.url)).rejects.toThrow();
    expect(platform.attempts()).toBe(3);
    platform.restore();
    await Client.open();
  });

  it('answers no heartbeat once it is silent, and tells by which code it was left', async () => {
    const client = await Client.open();
    platform.fallSilent();
    client.say({ kind: 'heartbeat', sequence: null });
    platform.send({ still: 'here' });
    await until(() => platform.frames.length === 1);
    client.socket.close(4321);
    await until(() => platform.closedBy() === 4321);
    expect(client.frames).toEqual([{ hello: true }, { still: 'here' }]);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
