import { ConfigError, UnauthorizedError, type ListenSession, type Received } from '@omni-hub/channel-sdk';
import { startGatewayPlatform, type GatewayPlatform, type GatewayRequest } from '@omni-hub/channel-testing';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DiscordClient } from '../client/discord.client';
import { DiscordConfig } from '../models/config.models';
import { Acknowledgements } from './acknowledgements';
import { listen, readBatch } from './listener';

const token = 'MTQ1NzQ2OTQ4MzcyNjY2ODA0OA.GmadeUp.of-the_listener';

const user = { id: '4242', username: 'ada', global_name: 'Ada' };
const message = (id: number, content = `no. ${id}`) => ({
  t: 'MESSAGE_CREATE',
  d: { id: String(id), channel_id: '7', author: user, content, timestamp: '2026-01-05T00:49:53Z', type: 0 },
});

interface SceneOptions {
  cursor?: string | null;
  accept?: () => Promise<void>;
  shards?: number;
  /** How many sessions may still be begun, at each time that it is asked; plenty after that. */
  remaining?: number[];
}

/** A gateway, and the listener at it. */
class Scene {
  readonly states: [string, string | null][] = [];
  readonly offers: { received: Received; raw: Buffer; cursor: string | null }[] = [];
  /** Plain requests, but for the gateway's address. */
  readonly calls: { path: string; body: unknown }[] = [];
  platform!: GatewayPlatform;
  accept: () => Promise<void>;
  ended: Promise<void> = Promise.resolve();
  private stopping = new AbortController();

  private constructor(private readonly options: SceneOptions) {
    this.accept = options.accept ?? (async () => {});
  }

  static async play(options: SceneOptions = {}): Promise<Scene> {
    const scene = new Scene(options);
    playing.push(scene);
    scene.platform = await startGatewayPlatform({
      answer: ({ path, body }, url) => scene.answer(path, body, url),
      hello: () => ({ op: 10, d: { heartbeat_interval: 50 } }),
      read: (frame) => readRequest(frame as { op: number; d: never }),
      ready: (session, s, url) => ({
        op: 0,
        t: 'READY',
        s,
        d: { v: 10, session_id: session, resume_gateway_url: url, guilds: [{ id: '1', unavailable: true }] },
      }),
      resumed: (_session, s) => ({ op: 0, t: 'RESUMED', s, d: {} }),
      sessionOver: () => ({ op: 9, d: false }),
      acknowledged: () => ({ op: 11 }),
      dispatch: (body, s) => ({ op: 0, s, ...(body as { t: string; d: unknown }) }),
    });
    scene.begin(options.cursor ?? null);
    return scene;
  }

  /** Ends the listener and starts another where it stopped, as a restart of the hub does. */
  async restart(cursor: string): Promise<void> {
    await this.stop();
    this.offers.length = 0;
    this.begin(cursor);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended.catch(() => undefined);
  }

  async end(): Promise<void> {
    await this.stop();
    await this.platform.close();
  }

  private begin(cursor: string | null): void {
    this.stopping = new AbortController();
    const session: ListenSession = {
      cursor,
      accept: async (received, raw, next) => {
        this.offers.push({ received, raw, cursor: next });
        await this.accept();
      },
      state: (state, detail) => void this.states.push([state, detail]),
    };
    const config = Object.assign(new DiscordConfig(), { token, apiUrl: this.platform.url });
    const client = new DiscordClient(config);
    const acknowledgements = new Acknowledgements(client);
    const { signal } = this.stopping;
    this.ended = listen({ client, acknowledgements, config, account: null, session, signal });
    this.ended.catch(() => undefined);
  }

  private answer(path: string, body: Buffer, url: string): unknown {
    if (!path.endsWith('/gateway/bot')) this.calls.push({ path, body: JSON.parse(body.toString()) });
    const { shards = 1, remaining = [] } = this.options;
    const limit = { total: 1000, remaining: remaining.shift() ?? 999, reset_after: 1, max_concurrency: 16 };
    return { url, shards, session_start_limit: limit };
  }

  /** The texts that were handed over, in order; repeated offers again. */
  get texts(): string[] {
    return this.offers
      .flatMap(({ received }) => received.events)
      .map((event) => (event.type === 'message' ? event.message.text : event.type));
  }

  get lastCursor(): string {
    return this.offers.at(-1)?.cursor ?? '';
  }

  frames(op: number): { op: number; d: Record<string, unknown> }[] {
    return (this.platform.frames as { op: number; d: Record<string, unknown> }[]).filter(
      (frame) => frame.op === op,
    );
  }

  state(name: string): string | null | undefined {
    return this.states.find(([state]) => state === name)?.[1];
  }

  connected(times = 1): Promise<void> {
    return until(() => this.states.filter(([state]) => state === 'connected').length >= times);
  }
}

const playing: Scene[] = [];
afterEach(async () => {
  await Promise.all(playing.splice(0).map((scene) => scene.end()));
});

describe('a session', () => {
  it('is begun with the token and the intents, and tells what happens', async () => {
    const scene = await Scene.play();
    await scene.connected();
    scene.platform.deliver(message(1));
    await until(() => scene.texts.length === 1);
    expect(scene.frames(2)).toHaveLength(1);
    expect(scene.frames(2)[0].d).toMatchObject({ token, intents: 46593, shard: [0, 1] });
    expect(scene.texts).toEqual(['no. 1']);
    expect(scene.states).toEqual([
      ['connecting', null],
      ['connected', null],
    ]);
  });

  it('tells Discord in its heartbeats only what is committed', async () => {
    let commit = () => {};
    const scene = await Scene.play();
    await scene.connected();
    await until(() => scene.offers.length === 1);
    scene.accept = () => new Promise((resolve) => (commit = resolve));
    scene.platform.deliver(message(1));
    await until(() => scene.texts.length === 1);
    const before = scene.frames(1).length;
    await until(() => scene.frames(1).length > before + 2);
    expect(scene.platform.confirmed()).toBe(0);
    commit();
    await until(() => scene.platform.confirmed() === 1);
  });

  it('goes on after a break, and what came twice is handed over once', async () => {
    const scene = await Scene.play();
    await scene.connected();
    scene.platform.deliver(message(1));
    await until(() => scene.texts.length === 1);
    let commit = () => {};
    scene.accept = () => new Promise((resolve) => (commit = resolve));
    scene.platform.deliver(message(2));
    await until(() => scene.texts.length === 2);
    scene.platform.drop();
    scene.platform.deliver(message(3));
    scene.platform.restore();
    await until(() => scene.frames(6).length === 1);
    await scene.connected(2);
    scene.accept = async () => {};
    commit();
    await until(() => scene.texts.length === 3);
    expect(scene.frames(2)).toHaveLength(1);
    expect(scene.frames(6)[0].d).toMatchObject({ token, session_id: 'session-1', seq: 2 });
    expect(scene.texts).toEqual(['no. 1', 'no. 2', 'no. 3']);
  });

  it('goes on after a restart from the cursor, and nothing that Discord holds is lost', async () => {
    const scene = await Scene.play();
    await scene.connected();
    scene.platform.deliver(message(1));
    await until(() => scene.texts.length === 1);
    const { lastCursor } = scene;
    scene.platform.deliver(message(2));
    await scene.stop();
    await until(() => scene.platform.closedBy() !== null);
    expect(scene.platform.closedBy()).toBe(4200);
    for (let id = 3; id <= 500; id++) scene.platform.deliver(message(id));
    await scene.restart(lastCursor);
    await until(() => scene.texts.length === 499);
    expect(scene.texts).toEqual(Array.from({ length: 499 }, (_, index) => `no. ${index + 2}`));
    expect(scene.frames(2)).toHaveLength(1);
  });

  it('is begun anew when Discord says that it is over, and no sooner than five seconds after the one before', async () => {
    const startedAt = performance.now();
    await Promise.all([overByAnswer(), ...[4003, 4007, 4009].map(overByCode)]);
    expect(performance.now() - startedAt).toBeGreaterThan(4_900);
  }, 30_000);

  /** The session is not known any more when the listener wants to go on with it. */
  async function overByAnswer(): Promise<void> {
    const scene = await Scene.play();
    await scene.connected();
    await until(() => scene.offers.length === 1);
    scene.platform.forget();
    scene.platform.closeWith(4000);
    await scene.connected(2);
    scene.platform.deliver(message(1));
    await until(() => scene.texts.length === 1);
    expect([scene.platform.sessions, scene.frames(6).length]).toEqual([2, 1]);
    expect(JSON.parse(scene.lastCursor).sessions['0'].sessionId).toBe('session-2');
  }

  async function overByCode(code: number): Promise<void> {
    const scene = await Scene.play();
    await scene.connected();
    await until(() => scene.offers.length === 1);
    scene.platform.closeWith(code);
    await until(() => scene.platform.sessions === 2);
    expect(scene.frames(6)).toHaveLength(0);
  }

  it('is not begun from a cursor of another number of shards', async () => {
    const sessions = { '0': { sessionId: 'session-0', resumeUrl: 'ws://127.0.0.1:9', sequence: 4 } };
    const scene = await Scene.play({ cursor: JSON.stringify({ shards: 2, sessions }) });
    await scene.connected();
    expect(scene.frames(6)).toHaveLength(0);
  });

  it('is one for each shard, and the cursor holds them all', async () => {
    const scene = await Scene.play({ shards: 2 });
    await scene.connected();
    await until(() => Object.keys(JSON.parse(scene.lastCursor || '{"sessions":{}}').sessions).length === 2);
    expect(scene.frames(2).map(({ d }) => d.shard)).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect(JSON.parse(scene.lastCursor).shards).toBe(2);
  });

  it('is not begun while Discord allows none', async () => {
    const scene = await Scene.play({ remaining: [0] });
    await until(() => scene.state('refused') !== undefined);
    expect(scene.state('refused')).toMatch(/no more sessions.*other programs/);
    expect(scene.frames(2)).toHaveLength(0);
  });
});

describe('a connection', () => {
  it.each([
    ['text that is no JSON', 'hello'],
    ['half a frame', '{"op":0,"t":"MESSAGE_CREATE","s":'],
    ['bytes', Buffer.from([1, 2, 3])],
    ['null', 'null'],
    ['a list', '[]'],
    ['no opcode', '{"t":"MESSAGE_CREATE","s":9}'],
    ['an event without a number', '{"op":0,"t":"MESSAGE_CREATE","d":{}}'],
    ['an event without a name', '{"op":0,"s":9,"d":{}}'],
    ['a hello without its interval', '{"op":10}'],
    ['an invalid session that does not say whether it can go on', '{"op":9,"d":null}'],
    ['a beginning without a session', '{"op":0,"t":"READY","s":1,"d":{}}'],
    [
      'a beginning without an address',
      '{"op":0,"t":"READY","s":1,"d":{"session_id":"x","resume_gateway_url":"http://x"}}',
    ],
  ])('that gives %s is opened again, and the session goes on', async (_, frame) => {
    const scene = await Scene.play();
    await scene.connected();
    await until(() => scene.offers.length === 1);
    scene.platform.send(frame);
    await scene.connected(2);
    scene.platform.deliver(message(1));
    await until(() => scene.texts.length === 1);
    expect(scene.state('retrying')).toMatch(/no frame/);
    expect(scene.frames(2)).toHaveLength(1);
    expect(scene.frames(6)).toHaveLength(1);
  });

  it.each([
    ['an opcode that nobody knows', { op: 77, d: {} }],
    ['an event that nobody knows', { op: 0, t: 'TELEPATHY_START', s: 2, d: null }],
  ])('goes on after %s', async (_, frame) => {
    const scene = await Scene.play();
    await scene.connected();
    scene.platform.send(frame);
    scene.platform.deliver(message(1));
    scene.platform.deliver(message(2));
    await until(() => scene.texts.includes('no. 2'));
    expect(scene.frames(6)).toHaveLength(0);
  });

  it('answers a heartbeat that is asked for at once', async () => {
    const scene = await Scene.play();
    await scene.connected();
    const before = scene.frames(1).length;
    scene.platform.send({ op: 1, d: null });
    await until(() => scene.frames(1).length > before);
  });

  it('that nobody answers any more is given up and opened again', async () => {
    const scene = await Scene.play();
    await scene.connected();
    await until(() => scene.offers.length === 1);
    scene.platform.fallSilent();
    await until(() => scene.frames(6).length === 1);
    expect(scene.state('retrying')).toMatch(/zombie/i);
    expect(scene.frames(2)).toHaveLength(1);
  });

  it('is opened again when Discord asks for it', async () => {
    const scene = await Scene.play();
    await scene.connected();
    await until(() => scene.offers.length === 1);
    scene.platform.send({ op: 7, d: null });
    await scene.connected(2);
    expect(scene.frames(6)).toHaveLength(1);
  });

  it.each([4000, 4001, 4002, 4005, 4008])(
    'closed with %i is opened again, and the session goes on',
    async (code) => {
      const scene = await Scene.play();
      await scene.connected();
      await until(() => scene.offers.length === 1);
      scene.platform.closeWith(code);
      await scene.connected(2);
      expect(scene.frames(6)).toHaveLength(1);
      expect(scene.frames(2)).toHaveLength(1);
    },
  );

  it('closed with 4004 ends the listener at once: the token is refused', async () => {
    const scene = await Scene.play();
    await scene.connected();
    scene.platform.closeWith(4004);
    await expect(scene.ended).rejects.toBeInstanceOf(UnauthorizedError);
    expect(scene.frames(2)).toHaveLength(1);
  });

  it.each([
    [4010, /shard/],
    [4011, /shards/],
    [4012, /update the hub/],
    [4013, /"intents"/],
    [4014, /switch on Message Content/],
  ])('closed with %i ends the listener and says what to do', async (code, advice) => {
    const scene = await Scene.play();
    await scene.connected();
    scene.platform.closeWith(code);
    const error = await scene.ended.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(advice);
  });
});

describe('a batch', () => {
  it('is offered until it is committed', async () => {
    let attempts = 0;
    const scene = await Scene.play();
    await scene.connected();
    await until(() => scene.offers.length === 1);
    scene.accept = async () => {
      if (++attempts < 3) throw new Error('the database is away');
    };
    scene.platform.deliver(message(1));
    await until(() => attempts === 3);
    expect(scene.texts).toEqual(['no. 1', 'no. 1', 'no. 1']);
    expect(scene.states.flat().join()).toContain('the database is away');
    await scene.connected(2);
  });

  it('holds everything that came while the one before was written, byte for byte', async () => {
    let commit = () => {};
    const scene = await Scene.play();
    await scene.connected();
    await until(() => scene.offers.length === 1);
    scene.accept = () => new Promise((resolve) => (commit = resolve));
    scene.platform.deliver(message(1));
    await until(() => scene.texts.length === 1);
    for (const id of [2, 3, 4]) scene.platform.deliver(message(id));
    await until(() => scene.frames(1).length > 4);
    commit();
    await until(() => scene.offers.length === 3);
    const { received, raw } = scene.offers[2];
    expect(received.events.map(({ eventId }) => eventId)).toEqual(['2', '3', '4']);
    expect(JSON.parse(raw.toString())).toEqual([2, 3, 4].map((id) => ({ op: 0, s: id + 1, ...message(id) })));
  });

  it('keeps of the largest events only what is read', async () => {
    const scene = await Scene.play();
    await until(() => scene.offers.length === 1);
    expect(scene.offers[0].raw.toString()).not.toContain('guilds');
    expect(scene.offers[0].received.ignored).toHaveLength(1);
  });

  it('does not lose the others to one event that cannot be read', () => {
    const event = (kind: string, sequence: number) => ({
      session: 's',
      resumeUrl: 'ws://x',
      sequence,
      kind,
      data: message(sequence).d,
      raw: `{"s":${sequence}}`,
    });
    const { events, ignored } = readBatch(
      [event('MESSAGE_CREATE', 1), event('', 2), event('MESSAGE_CREATE', 3)],
      null,
    );
    expect(events.map(({ eventId }) => eventId)).toEqual(['1', '3']);
    expect(ignored).toEqual([
      { eventId: expect.stringMatching(/^unreadable-/), rawKind: '', reason: expect.any(String) },
    ]);
  });
});

describe('the listener', () => {
  it('tells at once whoever types a command that there are no completions', async () => {
    const scene = await Scene.play();
    await scene.connected();
    scene.platform.deliver({ t: 'INTERACTION_CREATE', d: { id: '11', type: 4, token: 'interaction-token' } });
    await until(() => scene.calls.length === 1);
    expect(scene.calls).toEqual([
      { path: '/v10/interactions/11/interaction-token/callback', body: { type: 8, data: { choices: [] } } },
    ]);
  });

  it('acknowledges an interaction at once, also while a commit hangs', async () => {
    let offered = 0;
    const hangs = new Promise<void>(() => undefined);
    const scene = await Scene.play({ accept: () => (offered++ === 0 ? Promise.resolve() : hangs) });
    await scene.connected();
    const place = { application_id: '21', channel_id: '7', user, token: 'interaction-token' };
    const used = (id: string, type: number, data: object) =>
      scene.platform.deliver({ t: 'INTERACTION_CREATE', d: { ...place, id, type, data } });
    used('11', 2, { id: '31', name: 'ask', type: 1 });
    used('12', 3, { custom_id: 'yes', component_type: 2 });
    used('13', 5, { custom_id: 'form', components: [] });
    used('14', 2, {});
    used('15', 42, {});
    used('16', 3, { custom_id: 'no', component_type: 2 });
    await until(() => scene.calls.length === 4);
    const calls = scene.calls.map(({ path, body }) => [path.split('/')[3], body]);
    expect(calls.sort()).toEqual([
      ['11', { type: 5 }],
      ['12', { type: 6 }],
      ['13', { type: 5 }],
      ['16', { type: 6 }],
    ]);
  });

  it('ends when Discord refuses the token, without beginning a session', async () => {
    const server = createServer((_request, response) => {
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end('{"message":"401: Unauthorized","code":0}');
    });
    await expect(listenAt(server)).rejects.toBeInstanceOf(UnauthorizedError);
  });

  it('survives a gateway that is no address', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"url":"nonsense","shards":"many"}');
    });
    const stop = new AbortController();
    const scene = listenAt(server, stop.signal);
    await until(() => asked > 1);
    stop.abort();
    await scene;
  });

  it.each(['at once', 'while it connects'])('ends when it is aborted %s', async (when) => {
    const scene = await Scene.play();
    if (when !== 'at once') await until(() => scene.platform.attempts() > 1);
    await scene.stop();
    await scene.ended;
    await until(() => scene.platform.closedBy() !== null || scene.platform.frames.length === 0);
  });

  it('ends while a commit hangs, and confirms nothing', async () => {
    const scene = await Scene.play({ accept: () => new Promise(() => undefined) });
    await until(() => scene.offers.length === 1);
    await scene.stop();
    await scene.ended;
    expect(scene.platform.confirmed()).toBe(0);
  });
});

async function listenAt(server: Server, signal = new AbortController().signal): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = Object.assign(new DiscordConfig(), { token, apiUrl });
  const session: ListenSession = { cursor: null, accept: async () => {}, state: () => undefined };
  try {
    const client = new DiscordClient(config);
    const acknowledgements = new Acknowledgements(client);
    await listen({ client, acknowledgements, config, account: null, session, signal });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function readRequest({ op, d }: { op: number; d: never }): GatewayRequest | null {
  if (op === 1) return { kind: 'heartbeat', sequence: d };
  if (op === 2) return { kind: 'identify' };
  if (op !== 6) return null;
  const { session_id: session, seq: sequence } = d as { session_id: string; seq: number };
  return { kind: 'resume', session, sequence };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
