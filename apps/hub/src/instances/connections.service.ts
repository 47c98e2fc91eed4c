import { Injectable } from '@nestjs/common';
import {
  SendError,
  UnauthorizedError,
  validateConfig,
  type Account,
  type Channel,
  type ProbeResult,
} from '@omni-hub/channel-sdk';
import { Activity } from '../flow/activity';
import { Problem } from '../flow/problem';
import { HubConfig } from '../config/hub.config';
import { Store } from '../storage/open-store';
import { Instances } from './instances';
import type { LiveInstance } from './live-instance';

/** The longest that a platform may take to tell about itself while an operator waits. */
const probeTimeoutMs = 10_000;

export interface InstanceStatus {
  state: 'ok' | 'degraded' | 'paused' | 'disabled';
  /** Why it is not ok, and what to do. */
  problem: string | null;
  lastInboundAt: string | null;
  lastSendAt: string | null;
  lastError: { at: string; code: string; detail: string } | null;
  transport: { state: string; detail: string | null; at: string } | null;
  platform: ProbeResult | { error: string; detail: string } | null;
}

/** The instances' side towards their platforms: credentials proven, webhooks registered, the truth told. */
@Injectable()
export class ConnectionsService {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly activity: Activity,
    private readonly config: HubConfig,
  ) {}

  /** Proves the credentials, makes the platform deliver events here, and ends a pause. */
  async connect(name: string): Promise<InstanceStatus> {
    const live = this.live(name);
    try {
      await this.withTimeout(async (signal) => {
        const probed = await live.handler.probe?.(signal);
        if (probed) await this.store.instances.setAccount(live.id, probed.account);
        await live.handler.install?.(this.webhookUrl(live.channel.id, name), signal);
      });
    } catch (error) {
      const { code, message } = error as SendError;
      this.activity.failed(live.id, code ?? 'UNREACHABLE', message);
      if (error instanceof UnauthorizedError) await this.instances.pause(live.id, { code, reason: message });
      if (error instanceof SendError) throw new Problem(502, code, message);
      throw error;
    }
    if (live.paused) await this.store.instances.setPaused(live.id, null, null);
    await this.instances.refresh();
    return this.status(name);
  }

  async disconnect(name: string): Promise<void> {
    const live = this.live(name);
    await this.withTimeout(async (signal) => live.handler.uninstall?.(signal)).catch((error: SendError) => {
      throw error instanceof SendError ? new Problem(502, error.code, error.message) : error;
    });
  }

  async status(name: string): Promise<InstanceStatus> {
    const live = this.live(name);
    const { lastInboundAt, lastSendAt, lastError, transport } = this.activity.of(live.id);
    const stored = await this.store.instances.lastActivity(live.id);
    const platform = live.handler.probe ? await this.probe(live) : null;
    const { state, problem } = judge(live, platform, transport?.state ?? null);
    const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
    return {
      state,
      problem,
      lastInboundAt: iso(lastInboundAt ?? stored.lastInboundAt),
      lastSendAt: iso(lastSendAt ?? stored.lastSendAt),
      lastError: lastError && { ...lastError, at: iso(lastError.at)! },
      transport: transport && { ...transport, at: iso(transport.at)! },
      platform,
    };
  }

  private async probe(live: LiveInstance): Promise<InstanceStatus['platform']> {
    try {
      return await this.withTimeout((signal) => live.handler.probe!(signal));
    } catch (error) {
      return {
        error: error instanceof SendError ? error.code : 'UNREACHABLE',
        detail: (error as Error).message,
      };
    }
  }

  /** Connects where that can work, and leaves it to the status to say why it did not. */
  async connectQuietly(name: string): Promise<void> {
    if (!this.config.publicUrl && this.instances.byName(name)?.handler.listenKey === undefined) return;
    await this.connect(name).catch((error: Error) => {
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
      return (await this.withTimeout((signal) => handler.probe!(signal))).account;
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) return null;
      throw Problem.fields([{ field: 'config', problem: `is refused by the platform: ${error.message}` }]);
    }
  }

  /** Where the platform delivers; null without a public address. */
  webhookUrl(channel: string, name: string): string | null {
    return this.config.publicUrl
      ? `${this.config.publicUrl.replace(/\/$/, '')}/webhooks/${channel}/${name}`
      : null;
  }

  private live(name: string): LiveInstance {
    const live = this.instances.byName(name);
    if (!live) throw Problem.notFound('instance', name);
    return live;
  }

  private withTimeout<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return work(AbortSignal.timeout(probeTimeoutMs));
  }
}

const quiet = { info: () => undefined, warn: () => undefined };

function judge(
  live: LiveInstance,
  platform: InstanceStatus['platform'],
  transport: string | null,
): Pick<InstanceStatus, 'state' | 'problem'> {
  if (!live.enabled) return { state: 'disabled', problem: 'set "enabled": true on the instance' };
  if (live.paused)
    return {
      state: 'paused',
      problem: `${live.paused.reason}. Correct the configuration by PATCH, or connect again`,
    };
  if (platform && 'error' in platform) return { state: 'degraded', problem: platform.detail };
  if (platform && !platform.healthy) return { state: 'degraded', problem: platform.problem };
  if (transport === 'retrying' || transport === 'refused')
    return { state: 'degraded', problem: 'the connection to the platform is down' };
  return { state: 'ok', problem: null };
}
