import { WebSocketShard } from '@discordjs/ws';
import { startGatewayPlatform } from '@omni-hub/channel-testing';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { GatewaySession } from '../models/api.models';
import { GatewayConnection } from './gateway.connection';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

function connectionTo(url: string, session: GatewaySession | null = null): GatewayConnection {
  return new GatewayConnection({
    token: 't',
    intents: 1,
    gateway: {
      url,
      shards: 1,
      session_start_limit: { total: 1, remaining: 1, reset_after: 1, max_concurrency: 1 },
    },
    shard: 0,
    shards: 1,
    session,
    committed: () => session?.sequence ?? null,
    mayIdentify: async () => {},
    onDispatch: () => undefined,
    onReady: () => undefined,
  });
}

/** Takes connections and says nothing. */
async function silentServer(): Promise<{ url: string; sockets: Promise<unknown> }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume();
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets: once(server, 'connection').then(([socket]) => once(socket, 'close')),
  };
}

describe('a connection to the gateway', () => {
  it('finds in the library what it reaches into', () => {
    expect(Object.getOwnPropertyNames(WebSocketShard.prototype)).toContain('unpackMessage');
    expect(connectionTo('ws://127.0.0.1:9')).toHaveProperty('connection', null);
  });

  it('that nobody takes ends with the reason, and does not open again', async () => {
    const connection = connectionTo('ws://127.0.0.1:9');
    connection.open();
    const { reason, isSessionOver } = await connection.ended;
    expect(reason).toMatch(/ECONNREFUSED/);
    expect(isSessionOver).toBe(false);
  });

  it.each(['nonsense', 'http://example.org', 'ws://x/?a=1', undefined])('to %p ends at once', async (url) => {
    const connection = connectionTo(url as string);
    connection.open();
    expect((await connection.ended).reason).toMatch(/no address/);
  });

  it('gives up a session whose address cannot be used', async () => {
    const connection = connectionTo('ws://127.0.0.1:9', {
      sessionId: 's',
      resumeUrl: 'nonsense',
      sequence: 1,
    });
    connection.open();
    expect((await connection.ended).isSessionOver).toBe(true);
  });

  it('leaves no socket behind when it ends before it is open', async () => {
    const { url, sockets } = await silentServer();
    const connection = connectionTo(url);
    connection.open();
    connection.end('enough');
    expect(await connection.ended).toEqual({ code: null, reason: 'enough', isSessionOver: false });
    await sockets;
  });

  it('leaves no socket behind when it ends while it is being opened', async () => {
    const { url, sockets } = await silentServer();
    const connection = connectionTo(url);
    connection.open();
    await once(servers[0], 'connection');
    connection.end('enough');
    await connection.ended;
    await sockets;
  });

  it('whose session is not gone on with ends in time, though its heartbeats are answered', async () => {
    const platform = await startGatewayPlatform({
      answer: () => ({}),
      hello: () => ({ op: 10, d: { heartbeat_interval: 50 } }),
      read: (frame) => ((frame as { op: number }).op === 1 ? { kind: 'heartbeat', sequence: null } : null),
      ready: () => ({}),
      resumed: () => ({}),
      sessionOver: () => ({}),
      acknowledged: () => ({ op: 11 }),
      dispatch: () => ({}),
    });
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const url = platform.url.replace('http', 'ws');
      const connection = connectionTo(url, { sessionId: 's', resumeUrl: url, sequence: 1 });
      connection.open();
      while (!platform.frames.some((frame) => (frame as { op: number }).op === 6))
        await new Promise((resolve) => setImmediate(resolve));
      jest.advanceTimersByTime(20_000);
      expect(await connection.ended).toEqual({
        code: null,
        reason: 'Discord did not go on with the session in time',
        isSessionOver: false,
      });
    } finally {
      jest.useRealTimers();
      await platform.close();
    }
  });
});
