import { Injectable } from '@nestjs/common';
import {
  ConfigError,
  SendError,
  UnauthorizedError,
  type ListenSession,
  type Received,
} from '@omni-hub/channel-sdk';
import { createHash } from 'node:crypto';
import { Activity } from '../flow/activity';
import { backoffMs } from '../flow/clock';
import { newId } from '../flow/ids';
import { Intake } from '../flow/intake';
import { Log } from '../flow/log';
import { Wakeups } from '../flow/wakeups';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';

const leaseMs = 10_000;
const lookEveryMs = 2_000;

interface Listening {
  instance: LiveInstance;
  stop: AbortController;
  /** Resolves when the handler has ended and nothing is being kept any more. */
  done: Promise<void>;
}

/**
 * Holds the connections of channels that have no webhooks. Over all processes on one database exactly one holds the
 * lease of an account and listens; when it ends, another takes over within the lease's time.
 */
@Injectable()
export class ListenersService {
  private readonly owner = newId();
  private readonly listening = new Map<string, Listening>();
  private timer: NodeJS.Timeout | null = null;
  private unsubscribe: (() => void) | null = null;
  private looking: Promise<void> | null = null;
  private again = false;

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly intake: Intake,
    private readonly activity: Activity,
    private readonly wakeups: Wakeups,
    private readonly log: Log,
  ) {}

  start(): void {
    const look = () => {
      this.again = true;
      this.looking ??= this.lookWhileAsked();
    };
    this.unsubscribe = this.wakeups.on('instances', look);
    this.timer = setInterval(look, lookEveryMs);
    look();
  }

  async stop(): Promise<void> {
    this.unsubscribe?.();
    if (this.timer) clearInterval(this.timer);
    await this.looking;
    await Promise.all([...this.listening.keys()].map((id) => this.end(id)));
  }

  /** What changes during a look is seen by the next. Never rejects. */
  private async lookWhileAsked(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.look().catch((error: Error) =>
        this.log.warn({ error: error.message }, 'listeners could not be looked after'),
      );
    }
    this.looking = null;
  }

  /** Ends what should not run, renews what runs, and starts what nobody runs. */
  private async look(): Promise<void> {
    for (const [id, { instance }] of this.listening) {
      const current = this.instances.byId(id);
      const wanted = current === instance && wants(instance);
      if (!wanted || !(await this.store.leases.renew(leaseName(instance), this.owner, leaseMs)))
        await this.end(id);
    }
    for (const instance of this.instances.all()) {
      if (this.listening.has(instance.id) || !wants(instance)) continue;
      if (await this.store.leases.acquire(leaseName(instance), this.owner, leaseMs)) this.begin(instance);
    }
  }

  private begin(instance: LiveInstance): void {
    const stop = new AbortController();
    this.listening.set(instance.id, { instance, stop, done: this.listen(instance, stop.signal) });
  }

  /** From what is kept by now. A handler may end while a batch is being kept: whoever goes on begins behind that batch. */
  private async hold(instance: LiveInstance, signal: AbortSignal): Promise<void> {
    const cursor = await this.store.cursors.get(instance.id, accountKey(instance));
    if (signal.aborted) return;
    let keeping: Promise<void> = Promise.resolve();
    const session: ListenSession = {
      cursor,
      accept: (received, raw, next) => {
        const kept = this.keep(instance, received, raw, next);
        keeping = Promise.allSettled([keeping, kept]).then(() => undefined);
        return kept;
      },
      state: (state, detail) => this.activity.transport(instance.id, state, detail),
    };
    try {
      await instance.handler.listen!(session, signal);
    } finally {
      await keeping;
    }
  }

  private async keep(
    instance: LiveInstance,
    received: Received,
    raw: Buffer,
    cursor: string | null,
  ): Promise<void> {
    await this.intake.accept(instance, received, raw);
    if (cursor !== null) await this.store.cursors.set(instance.id, accountKey(instance), cursor);
  }

  private async listen(instance: LiveInstance, signal: AbortSignal): Promise<void> {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        return await this.hold(instance, signal);
      } catch (error) {
        const { code, message } = error as SendError;
        this.activity.transport(instance.id, 'refused', message);
        this.activity.failed(instance.id, code ?? 'LISTENER', message);
        this.log.error({ instance: instance.name, code, error: message }, 'the listener ended');
        if (error instanceof UnauthorizedError)
          return this.instances.pause(instance.id, { code, reason: message });
        await wait(backoffMs(failures, 1_000, error instanceof ConfigError ? 300_000 : 60_000), signal);
      }
    }
  }

  private async end(id: string): Promise<void> {
    const listening = this.listening.get(id);
    if (!listening) return;
    this.listening.delete(id);
    listening.stop.abort();
    await listening.done;
    this.activity.transportEnded(id);
    await this.store.leases.release(leaseName(listening.instance), this.owner);
  }
}

const wants = (instance: LiveInstance) =>
  instance.enabled && !instance.paused && instance.handler.listenKey !== undefined;

/** Two instances with one account share the name, so that they never listen at once. */
const leaseName = (instance: LiveInstance) => `listen:${instance.channel.id}:${accountKey(instance)}`;

/** Which account an instance listens to. The handler's key may be secret: it is hashed. */
const accountKey = ({ handler }: LiveInstance) =>
  createHash('sha256').update(handler.listenKey!).digest('hex').slice(0, 32);

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
