import { Injectable } from '@nestjs/common';
import {
  ConfigError,
  SendError,
  UnauthorizedError,
  UnsupportedError,
  validateConfig,
  type Account,
  type Channel,
  type ChannelHandler,
  type Link,
} from '@omni-hub/channel-sdk';
import type { Ability } from '@omni-hub/contracts';
import { Activity } from '../flow/activity';
import { Problem } from '../flow/problem';
import { HubConfig } from '../config/hub.config';
import { Store } from '../storage/open-store';
import { InstanceStates } from './instance-states';
import { judge, type InstanceStatus } from './instance-status';
import { Instances } from './instances';
import type { LiveInstance } from './live-instance';

/** The longest that a platform may take to tell about itself while an operator waits. */
const probeTimeoutMs = 10_000;

/** The instances' side towards their platforms: credentials proven, webhooks registered, accounts linked, the truth told. */
@Injectable()
export class ConnectionsService {
  private readonly learning = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly states: InstanceStates,
    private readonly activity: Activity,
    private readonly config: HubConfig,
  ) {}

  /** Proves the credentials, makes the platform deliver events here, and ends a pause and a restriction. */
  async connect(name: string): Promise<InstanceStatus> {
    const live = await this.establish(name);
    await this.states.lift(live.id);
    return this.status(name);
  }

  async disconnect(name: string): Promise<void> {
    const { handler } = this.live(name);
    await withTimeout(async (signal) => handler.uninstall?.(signal)).catch(throwAsProblem);
  }

  /** What a person scans or types to link the account. */
  async link(name: string): Promise<Link> {
    const live = this.able(name, 'link');
    const link = await this.attempt(live, (signal) => live.handler.link!(signal));
    if (link) return link;
    throw new Problem(409, 'ALREADY_LINKED', 'the account is linked: to link another one, log out first');
  }

  async restart(name: string): Promise<InstanceStatus> {
    const live = this.able(name, 'restart');
    await this.attempt(live, (signal) => live.handler.restart!(signal));
    return this.status(name);
  }

  async logout(name: string): Promise<void> {
    const live = this.able(name, 'logout');
    await this.attempt(live, (signal) => live.handler.logout!(signal));
  }

  /** Deletes at the platform what connecting made there. */
  async remove(name: string): Promise<void> {
    const live = this.able(name, 'remove');
    await this.attempt(live, (signal) => live.handler.remove!(signal));
  }

  async status(name: string): Promise<InstanceStatus> {
    const live = this.live(name);
    const { lastInboundAt, lastSendAt, lastError, transport } = this.activity.of(live.id);
    const stored = await this.store.instances.lastActivity(live.id);
    const platform = live.handler.probe ? await this.probe(live) : null;
    const { connection, restriction } = this.states.of(live.id);
    const facts = { platform, transport: transport?.state ?? null, connection, restriction };
    const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
    return {
      ...judge(live, facts),
      lastInboundAt: iso(lastInboundAt ?? stored.lastInboundAt),
      lastSendAt: iso(lastSendAt ?? stored.lastSendAt),
      lastError: lastError && { ...lastError, at: iso(lastError.at)! },
      transport: transport && { ...transport, at: iso(transport.at)! },
      connection: connection && { ...connection, at: iso(connection.at)! },
      restriction: restriction && {
        ...restriction,
        since: iso(restriction.since)!,
        until: iso(restriction.until)!,
      },
      platform,
    };
  }

  /** Connects where that can work, a restriction kept, and leaves it to the status to say why it did not. */
  async connectQuietly(name: string): Promise<void> {
    if (!this.config.publicUrl && this.instances.byName(name)?.handler.listenKey === undefined) return;
    await this.establish(name).catch((error: Error) => {
      if (!(error instanceof Problem)) throw error;
    });
  }

  /**
   * Who the platform says that the credentials belong to; null where it cannot be asked now. Throws a Problem when the
   * platform refuses them: that is the caller's fault, while a platform that is away is nobody's.
   */
  async identify(channel: Channel, config: object): Promise<Account | null> {
    const handler = channel.create(validateConfig(channel.configClass, config), {
      account: null,
      log: quiet,
    });
    if (!handler.probe) return null;
    try {
      return (await withTimeout((signal) => handler.probe!(signal))).account;
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) return null;
      throw Problem.fields([{ field: 'config', problem: `is refused by the platform: ${error.message}` }]);
    }
  }

  /** Finds out whose account was just linked. Never fails: where the platform does not say, the next connect asks again. */
  async learnAccount(live: LiveInstance): Promise<void> {
    if (this.learning.has(live.id)) return;
    this.learning.add(live.id);
    try {
      const probed = await withTimeout(async (signal) => live.handler.probe?.(signal));
      if (probed) await this.store.instances.setAccount(live.id, probed.account);
      await this.instances.refresh();
    } catch (error) {
      this.activity.failed(live.id, (error as SendError).code ?? 'UNREACHABLE', (error as Error).message);
    } finally {
      this.learning.delete(live.id);
    }
  }

  /**
   * Platforms repeat what the hub did not take, so an account's loss can be told after it was linked again: where the platform says that it
   * is well, it goes on. Never fails: where the platform does not say, it waits to be linked or connected.
   */
  async checkUnlinked({ id, handler }: LiveInstance): Promise<void> {
    const probed = await withTimeout(async (signal) => handler.probe?.(signal)).catch(() => null);
    if (!probed?.healthy || this.instances.byId(id)?.paused?.code !== 'UNLINKED') return;
    await this.store.instances.setAccount(id, probed.account);
    await this.states.connection(id, 'open', 'the platform says that the account is linked');
    await this.instances.resume(id);
  }

  /** Where the platform delivers; null without a public address. */
  webhookUrl(channel: string, name: string): string | null {
    return this.config.publicUrl
      ? `${this.config.publicUrl.replace(/\/$/, '')}/webhooks/${channel}/${name}`
      : null;
  }

  private async establish(name: string): Promise<LiveInstance> {
    const live = this.live(name);
    await this.attempt(live, async (signal) => {
      const probed = await live.handler.probe?.(signal).catch(unlessNotThere(live));
      if (probed) await this.store.instances.setAccount(live.id, probed.account);
      await live.handler.install?.(this.webhookUrl(live.channel.id, name), signal);
    });
    if (live.paused) await this.instances.resume(live.id);
    await this.instances.refresh();
    return live;
  }

  /** What fails is shown by the status, and refused credentials pause the instance. */
  private async attempt<Result>(
    live: LiveInstance,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await withTimeout(work);
    } catch (error) {
      const { code, message } = error as SendError;
      if (!(error instanceof UnsupportedError)) this.activity.failed(live.id, code ?? 'UNREACHABLE', message);
      if (error instanceof UnauthorizedError) await this.instances.pause(live.id, { code, reason: message });
      throwAsProblem(error);
    }
  }

  private async probe(live: LiveInstance): Promise<InstanceStatus['platform']> {
    try {
      return await withTimeout((signal) => live.handler.probe!(signal));
    } catch (error) {
      return {
        error: error instanceof SendError ? error.code : 'UNREACHABLE',
        detail: (error as Error).message,
      };
    }
  }

  private able(name: string, ability: Ability & keyof ChannelHandler): LiveInstance {
    const live = this.live(name);
    if (live.handler[ability]) return live;
    throw new Problem(
      409,
      'UNSUPPORTED',
      `${live.channel.title} cannot do this for the account: it lacks abilities.${ability}`,
    );
  }

  private live(name: string): LiveInstance {
    const live = this.instances.byName(name);
    if (!live) throw Problem.notFound('instance', name);
    return live;
  }
}

const quiet = { info: () => undefined, warn: () => undefined };

/** What is missing at the platform may be what `install` makes: then that has the word. */
const unlessNotThere =
  ({ handler }: LiveInstance) =>
  (error: unknown): null => {
    if (error instanceof ConfigError && handler.install) return null;
    throw error;
  };

async function withTimeout<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  return work(AbortSignal.timeout(probeTimeoutMs));
}

function throwAsProblem(error: unknown): never {
  if (error instanceof UnsupportedError)
    throw new Problem(409, error.code, `${error.message} (${error.capability})`);
  if (error instanceof SendError) throw new Problem(502, error.code, error.message);
  throw error;
}
