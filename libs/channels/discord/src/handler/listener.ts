import {
  backoffMs,
  ConfigError,
  failuresAfter,
  PayloadError,
  RateLimitedError,
  SendError,
  UnauthorizedError,
  untilAborted,
  wait,
  type Account,
  type ListenSession,
  type Received,
} from '@omni-hub/channel-sdk';
import type { SimpleIdentifyThrottler } from '@discordjs/ws';
import { createHash } from 'node:crypto';
import type { DiscordClient } from '../client/discord.client';
import type { Ending } from '../client/gateway.connection';
import type { Dispatch, GatewayInfo } from '../models/api.models';
import type { DiscordConfig } from '../models/config.models';
import type { Acknowledgements } from './acknowledgements';
import { DispatchQueue } from './dispatch-queue';
import { fatal } from './gateway-failures';
import { readDispatch } from './inbound';
import { toFirstAnswer } from './interaction-answers';
import { keptFrame } from './kept-frame';
import { Sessions, type ShardDispatch } from './sessions';

/** Waits between connections, milliseconds. */
const network = { first: 250, most: 60_000 };
const commit = { first: 50, most: 30_000 };

/** What all connections of one bot share. */
export interface Scene {
  client: DiscordClient;
  acknowledgements: Acknowledgements;
  config: DiscordConfig;
  account: Account | null;
  session: ListenSession;
  signal: AbortSignal;
}

/**
 * The gateway: https://docs.discord.com/developers/events/gateway. A session goes on after a break, and after a restart of the hub, from
 * the last event that is committed; Discord then tells what was missed. A new one is begun only where there is none, or where Discord
 * says that it is over. Resolves when `signal` aborts; throws UnauthorizedError or ConfigError where going on is useless.
 */
export async function listen(outer: Scene): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer.signal, stop.signal]);
  const scene = { ...outer, signal };
  try {
    const listener = await Listener.start(scene);
    if (listener) await Promise.all([listener.hand(), ...listener.connections()]);
  } finally {
    stop.abort();
  }
}

type Library = Awaited<ReturnType<typeof loadLibrary>>;

/** What connections are made with: a hub without a bot that listens does without. */
async function loadLibrary() {
  const { SimpleIdentifyThrottler } = await import('@discordjs/ws');
  const { GatewayConnection } = await import('../client/gateway.connection');
  return { SimpleIdentifyThrottler, GatewayConnection };
}

class Listener {
  private readonly queue = new DispatchQueue();
  private readonly sessions: Sessions;
  private readonly throttle: SimpleIdentifyThrottler;
  private readonly ready = new Set<number>();
  private told = '';
  /** What was asked at the start is good for the first sessions. */
  private isAsked = true;

  private constructor(
    private readonly scene: Scene,
    private gateway: GatewayInfo,
    private readonly library: Library,
  ) {
    this.sessions = Sessions.read(scene.session.cursor, shardsOf(gateway));
    this.throttle = new library.SimpleIdentifyThrottler(
      Math.max(1, gateway.session_start_limit?.max_concurrency ?? 1),
    );
  }

  /** Asks Discord where the gateway is, as often as it takes. Null when aborted before. */
  static async start(scene: Scene): Promise<Listener | null> {
    scene.session.state('connecting', null);
    const library = await loadLibrary();
    const gateway = await askGateway(scene);
    return gateway && new Listener(scene, gateway, library);
  }

  connections(): Promise<void>[] {
    return Array.from({ length: this.sessions.shards }, (_, shard) => this.keep(shard));
  }

  /** Hands what comes to the hub, in order. */
  async hand(): Promise<void> {
    const { signal } = this.scene;
    while (!signal.aborted) {
      const events = await this.queue.next(signal);
      if (events.length === 0 || !(await this.offer(events))) continue;
      this.sessions.commit(events);
      this.queue.done(events.length);
      this.tellReady();
    }
  }

  /** Offers the same events until they are committed. Resolves with false when aborted before. */
  private async offer(events: readonly ShardDispatch[]): Promise<boolean> {
    const { session, signal, account } = this.scene;
    const received = readBatch(events, account);
    const raw = Buffer.from(`[${events.map(keptFrame).join(',')}]`);
    const cursor = this.sessions.after(events);
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await untilAborted(session.accept(received, raw, cursor), signal);
        return !signal.aborted;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.tell('retrying', `${events.length} events could not be kept and are offered again: ${reason}`);
        await wait(backoffMs(commit, failures), signal);
      }
    }
    return false;
  }

  /** Keeps one shard connected. Throws where going on is useless. */
  private async keep(shard: number): Promise<void> {
    const { signal } = this.scene;
    for (let failures = 0; !signal.aborted; failures++) {
      if (!this.sessions.of(shard) && !(await this.mayBegin())) return;
      const openedAt = performance.now();
      const ending = await this.connect(shard);
      const wasReady = this.ready.delete(shard);
      this.isAsked = false;
      if (signal.aborted) return;
      const refusal = fatal(ending.code);
      if (refusal) throw refusal;
      failures = failuresAfter(failures, performance.now() - openedAt, wasReady);
      this.tell(
        'retrying',
        ending.isSessionOver ? `${ending.reason}; a new session is begun` : ending.reason,
      );
      const pause = backoffMs(network, failures);
      await wait(ending.isSessionOver ? Math.max(pause, 1_000 + Math.random() * 4_000) : pause, signal);
      while (!this.queue.hasRoom && !signal.aborted) await wait(commit.first, signal);
    }
  }

  /** One connection, from its beginning to its end. */
  private async connect(shard: number): Promise<Ending> {
    const { config, signal } = this.scene;
    const session = this.sessions.of(shard);
    let current = session?.sessionId;
    const connection = new this.library.GatewayConnection({
      token: config.token,
      intents: config.intents,
      gateway: this.gateway,
      shard,
      shards: this.sessions.shards,
      session,
      committed: (sessionId) => this.sessions.sequenceOf(shard, sessionId),
      mayIdentify: (id, ended) => this.throttle.waitForIdentify(id, ended),
      onReady: () => {
        this.ready.add(shard);
        this.tellReady();
      },
      onDispatch: (dispatch) => {
        current = dispatch.session;
        if (!this.queue.add({ ...dispatch, shard }))
          connection.end('More events came than the hub keeps up with: Discord holds the rest for a while');
        this.acknowledge(dispatch);
      },
    });
    const abort = () => connection.end('the hub stops');
    signal.addEventListener('abort', abort, { once: true });
    connection.open();
    const ending = await connection.ended;
    signal.removeEventListener('abort', abort);
    if (ending.isSessionOver) this.sessions.end(shard, current);
    return ending;
  }

  /** Somebody waits for a sign of life, and the chat may be busy for longer than Discord waits: it is given at once. */
  private acknowledge({ kind, data }: Dispatch): void {
    if (kind !== 'INTERACTION_CREATE') return;
    const { acknowledgements, signal } = this.scene;
    const answer = toFirstAnswer(data);
    if (answer) void acknowledgements.make(answer, signal).catch(() => undefined);
  }

  /** Waits while Discord lets the bot begin no session: one too many costs the token. Resolves with false when aborted. */
  private async mayBegin(): Promise<boolean> {
    const { signal } = this.scene;
    while (!signal.aborted) {
      const gateway = this.isAsked ? this.gateway : await askGateway(this.scene);
      if (!gateway) return false;
      this.gateway = gateway;
      const { remaining = 1, reset_after: resetMs = 0 } = gateway.session_start_limit ?? {};
      if (remaining > 0) return true;
      this.isAsked = false;
      const minutes = Math.ceil(resetMs / 60_000);
      this.tell(
        'refused',
        `Discord lets the bot begin no more sessions for ${minutes} minutes: something connects it again and again; stop other programs that use its token`,
      );
      await wait(Math.min(Math.max(resetMs, 5_000), 10 * 60_000), signal);
    }
    return false;
  }

  /** A session counts once its beginning is committed: from then on a restart goes on with it, and misses nothing. */
  private tellReady(): void {
    const shards = Array.from({ length: this.sessions.shards }, (_, shard) => shard);
    if (shards.every((shard) => this.ready.has(shard) && this.sessions.of(shard)))
      this.tell('connected', null);
  }

  private tell(state: Parameters<ListenSession['state']>[0], detail: string | null): void {
    const told = `${state} ${detail}`;
    if (told !== this.told) this.scene.session.state(state, detail);
    this.told = told;
  }
}

/** Where the gateway is. Tries again as long as that may help. Null when aborted. */
async function askGateway({ client, session, signal }: Scene): Promise<GatewayInfo | null> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      return await client.gateway(signal);
    } catch (error) {
      if (signal.aborted) return null;
      const isUseless = error instanceof UnauthorizedError || error instanceof ConfigError;
      if (isUseless || !(error instanceof SendError)) throw error;
      session.state('retrying', error.message);
      const asked = error instanceof RateLimitedError ? error.retryAfterMs : 0;
      await wait(Math.max(asked, backoffMs(network, failures)), signal);
    }
  }
  return null;
}

function shardsOf({ shards }: GatewayInfo): number {
  return Number.isSafeInteger(shards) && shards > 0 ? shards : 1;
}

/** One event that cannot be read is told, and costs the others nothing. */
export function readBatch(
  events: readonly Dispatch[],
  account: Account | null,
): Required<Pick<Received, 'events' | 'ignored'>> {
  const all = events.map((event) => readOne(event, account));
  return { events: all.flatMap((one) => one.events), ignored: all.flatMap(({ ignored }) => ignored ?? []) };
}

function readOne({ session, kind, sequence, data, raw }: Dispatch, account: Account | null): Received {
  try {
    return readDispatch({ session, t: kind, s: sequence, d: data }, account);
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    const eventId = `unreadable-${createHash('sha256').update(raw).digest('hex').slice(0, 32)}`;
    return { events: [], ignored: [{ eventId, rawKind: kind, reason: error.message }] };
  }
}
