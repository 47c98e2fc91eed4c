import { Injectable } from '@nestjs/common';
import { validateConfig, type Channel } from '@omni-hub/channel-sdk';
import { ChannelRegistry } from '../flow/channel-registry';
import { Log } from '../flow/log';
import { Wakeups } from '../flow/wakeups';
import { Store } from '../storage/open-store';
import type { InstanceRow } from '../storage/repositories/instances.repository';
import { AgentConfigs } from './agent-configs';
import { InstanceSecrets } from './instance-secrets';
import { defaultSettings, type LiveInstance } from './live-instance';

/** Changes that another process made are seen at the latest after this. */
const refreshMs = 2_000;

/**
 * The configured instances, ready to use, in memory: the hot path reads no configuration from the database. An instance
 * that cannot be made (its channel is not loaded, its secrets cannot be opened) is left out and logged.
 */
@Injectable()
export class Instances {
  private live = new Map<string, LiveInstance>();
  private byNames = new Map<string, LiveInstance>();
  private paused: string[] = [];
  private muted: string[] = [];
  private version = '';
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  /** A refresh that has not begun. */
  private next: Promise<void> | null = null;

  constructor(
    private readonly store: Store,
    private readonly channels: ChannelRegistry,
    private readonly agents: AgentConfigs,
    private readonly secrets: InstanceSecrets,
    private readonly wakeups: Wakeups,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => {
      this.refresh().catch((error: Error) =>
        this.log.warn({ error: error.message }, 'instances could not be refreshed'),
      );
    }, refreshMs);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await Promise.all(
      this.all()
        .flatMap(agentsOf)
        .map((agent) => agent.close()),
    );
  }

  all(): LiveInstance[] {
    return [...this.live.values()];
  }

  byId(id: string): LiveInstance | undefined {
    return this.live.get(id);
  }

  byName(name: string): LiveInstance | undefined {
    return this.byNames.get(name);
  }

  /** Also one that another process made a moment ago. */
  async find(id: string): Promise<LiveInstance | undefined> {
    if (!this.live.has(id)) await this.refresh();
    return this.byId(id);
  }

  /** Also one that another process made a moment ago. */
  async findByName(name: string): Promise<LiveInstance | undefined> {
    if (!this.byNames.has(name)) await this.refresh();
    return this.byName(name);
  }

  /** Instances whose turns wait: nothing may be sent for them. */
  pausedIds(): readonly string[] {
    return this.paused;
  }

  /** Instances whose deliveries wait: those, and the disabled ones. */
  mutedIds(): readonly string[] {
    return this.muted;
  }

  /** Stops all sending of an instance until an operator changes or connects it. */
  async pause(id: string, paused: { code: string; reason: string }): Promise<void> {
    if (this.live.get(id)?.paused) return;
    this.log.error({ instance: this.live.get(id)?.name, ...paused }, 'the instance is paused');
    await this.store.instances.setPaused(id, paused.code, paused.reason);
    await this.refresh();
  }

  /** Ends a pause: what waits is sent. */
  async resume(id: string): Promise<void> {
    await this.store.instances.setPaused(id, null, null);
    await this.refresh();
  }

  /**
   * Loads what has changed, all that was committed before the call. Called at once for this process's own changes. One at a time: what was
   * read earlier never takes the place of what was read later. Those who ask while one runs share the next.
   */
  refresh(): Promise<void> {
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.running = this.next!;
        this.next = null;
        return this.load();
      });
    return this.next;
  }

  private async load(): Promise<void> {
    const version = await this.store.instances.version();
    if (version === this.version) return;
    const rows = await this.store.instances.list();
    const live = new Map<string, LiveInstance>();
    for (const row of rows) {
      const unchanged = this.live.get(row.id);
      const instance =
        unchanged && this.revisions.get(unchanged) === row.updatedAt ? unchanged : this.open(row);
      if (instance) live.set(row.id, instance);
    }
    const gone = this.all().filter((instance) => live.get(instance.id) !== instance);
    this.live = live;
    this.byNames = new Map([...live.values()].map((instance) => [instance.name, instance]));
    this.paused = this.all().flatMap(({ id, paused }) => (paused ? [id] : []));
    this.muted = this.all().flatMap(({ id, paused, enabled }) => (paused || !enabled ? [id] : []));
    this.version = version;
    for (const agent of gone.flatMap(agentsOf)) void agent.close();
    this.wakeups.wake('instances');
    this.wakeups.wake('turns');
    this.wakeups.wake('deliveries');
  }

  private readonly revisions = new WeakMap<LiveInstance, number>();

  private open(row: InstanceRow): LiveInstance | null {
    try {
      const channel = this.channels.get(row.channel);
      if (!channel) throw new Error(`the channel ${row.channel} is not loaded: see OMNI_CHANNELS`);
      const instance = this.make(row, channel);
      this.revisions.set(instance, row.updatedAt);
      return instance;
    } catch (error) {
      this.log.error({ instance: row.name, error: (error as Error).message }, 'the instance cannot be used');
      return null;
    }
  }

  private make(row: InstanceRow, channel: Channel): LiveInstance {
    const config = this.secrets.open(row.config, channel.configClass);
    const agent = this.agents.open(row.agent);
    const log = {
      info: (message: string, fields: object = {}) =>
        this.log.info({ instance: row.name, ...fields }, message),
      warn: (message: string, fields: object = {}) =>
        this.log.warn({ instance: row.name, ...fields }, message),
    };
    const handler = channel.create(validateConfig(channel.configClass, config), {
      account: row.account,
      log,
    });
    return {
      id: row.id,
      name: row.name,
      enabled: row.enabled,
      channel,
      handler,
      account: row.account,
      agent: this.agents.make(agent),
      agentOrigin: originOf(agent.url),
      shadow: row.shadowAgent && this.agents.make(this.agents.open(row.shadowAgent)),
      settings: { ...defaultSettings, ...row.settings },
      paused: row.pausedCode ? { code: row.pausedCode, reason: row.pausedReason ?? '' } : null,
    };
  }
}

const originOf = (url: unknown) =>
  typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : null;

const agentsOf = ({ agent, shadow }: LiveInstance) => (shadow ? [agent, shadow] : [agent]);
