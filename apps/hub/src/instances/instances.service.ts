import { Injectable } from '@nestjs/common';
import type { Channel } from '@omni-hub/channel-sdk';
import type { Capabilities } from '@omni-hub/contracts';
import { Activity } from '../flow/activity';
import { ChannelRegistry } from '../flow/channel-registry';
import { Problem } from '../flow/problem';
import { newId } from '../flow/ids';
import { Store } from '../storage/open-store';
import type { InstanceRow } from '../storage/repositories/instances.repository';
import { AgentConfigs, type AgentConfig } from './agent-configs';
import { mergeConfig, problemsOf } from './config-fields';
import { ConnectionsService } from './connections.service';
import { InstanceSecrets } from './instance-secrets';
import type { CreateInstanceModel, UpdateInstanceModel } from './instance.models';
import { Instances } from './instances';
import { defaultSettings, type InstanceSettings } from './live-instance';

export interface InstanceView extends InstanceSettings {
  name: string;
  channel: string;
  enabled: boolean;
  config: Record<string, unknown>;
  agent: AgentConfig;
  shadowAgent: AgentConfig | null;
  webhookUrl: string | null;
  createdAt: string;
  updatedAt: string;
}

/** An instance with what its account can do; null while it is not loaded. */
export interface InstanceDetails extends InstanceView {
  capabilities: Capabilities | null;
}

/** What operators do with instances. */
@Injectable()
export class InstancesService {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly channels: ChannelRegistry,
    private readonly agents: AgentConfigs,
    private readonly secrets: InstanceSecrets,
    private readonly activity: Activity,
    private readonly connections: ConnectionsService,
  ) {}

  async list(
    limit: number,
    cursor: string | null,
  ): Promise<{ items: InstanceView[]; nextCursor: string | null }> {
    const rows = (await this.store.instances.list()).sort((a, b) => (a.name < b.name ? -1 : 1));
    const after = cursor === null ? rows : rows.filter(({ name }) => name > cursor);
    const page = after.slice(0, limit);
    return {
      items: page.map((row) => this.view(row)),
      nextCursor: after.length > limit ? page[page.length - 1].name : null,
    };
  }

  async get(name: string): Promise<InstanceDetails> {
    const view = this.view(await this.row(name));
    return { ...view, capabilities: this.instances.byName(name)?.handler.capabilities ?? null };
  }

  /** The instance works at once; one whose platform cannot be reached is made all the same, and its status says why. */
  async create(model: CreateInstanceModel): Promise<InstanceDetails> {
    const channel = this.channels.get(model.channel);
    if (!channel) {
      const known = this.channels
        .all()
        .map(({ id }) => id)
        .join(', ');
      throw Problem.fields([{ field: 'channel', problem: `must be one of ${known}` }]);
    }
    if (await this.store.instances.getByName(model.name)) {
      throw new Problem(
        409,
        'INSTANCE_EXISTS',
        `there is an instance named ${model.name}: choose another name, or PATCH it`,
      );
    }
    const config = model.config ?? {};
    const agent = model.agent ?? { kind: 'echo' };
    const shadow = model.shadowAgent ?? null;
    this.check(channel, config, agent, shadow);
    const now = Date.now();
    const row: InstanceRow = {
      id: newId(),
      name: model.name,
      channel: channel.id,
      enabled: model.enabled ?? true,
      config: this.secrets.seal(config, channel.configClass),
      agent: this.agents.seal(agent),
      shadowAgent: shadow && this.agents.seal(shadow),
      settings: { ...settingsOf(model, defaultSettings) },
      account: null,
      pausedCode: null,
      pausedReason: null,
      createdAt: now,
      updatedAt: now,
    };
    row.account = await this.connections.identify(channel, config);
    await this.store.instances.insert(row);
    await this.instances.refresh();
    if (row.enabled) await this.connections.connectQuietly(row.name);
    return this.get(row.name);
  }

  async update(name: string, model: UpdateInstanceModel): Promise<InstanceDetails> {
    const row = await this.row(name);
    const channel = this.channel(row);
    const config = mergeConfig(this.secrets.open(row.config, channel.configClass), model.config);
    const agent = this.agents.change(this.agents.open(row.agent), model.agent);
    const shadow = this.shadowAfter(row, model.shadowAgent);
    this.check(channel, config, agent, shadow);
    const changed: InstanceRow = {
      ...row,
      enabled: model.enabled ?? row.enabled,
      config: this.secrets.seal(config, channel.configClass),
      agent: this.agents.seal(agent),
      shadowAgent: shadow && this.agents.seal(shadow),
      settings: { ...settingsOf(model, { ...defaultSettings, ...row.settings }) },
      pausedCode: null,
      pausedReason: null,
    };
    if (model.config) changed.account = (await this.connections.identify(channel, config)) ?? row.account;
    await this.store.instances.update(changed);
    await this.instances.refresh();
    if (changed.enabled && (model.config || !row.enabled)) await this.connections.connectQuietly(name);
    return this.get(name);
  }

  /**
   * `atPlatform` deletes what was made there too, and where that fails nothing is deleted. Otherwise the platform is only
   * told to deliver no more, and the instance is forgotten here whatever it says.
   */
  async remove(name: string, atPlatform: boolean): Promise<void> {
    const row = await this.row(name);
    if (atPlatform) await this.connections.remove(name);
    else await this.connections.disconnect(name).catch(() => undefined);
    await this.store.instances.delete(row.id);
    this.activity.forget(row.id);
    await this.instances.refresh();
  }

  /** Throws a Problem that names every field that is wrong. */
  private check(channel: Channel, config: object, agent: AgentConfig, shadow: AgentConfig | null): void {
    const problems = [
      ...problemsOf(channel.configClass, config, 'config.'),
      ...this.agents.problems(agent, 'agent'),
      ...(shadow ? this.agents.problems(shadow, 'shadowAgent') : []),
    ];
    if (problems.length > 0) throw Problem.fields(problems);
  }

  private shadowAfter(
    { shadowAgent }: InstanceRow,
    changes: AgentConfig | null | undefined,
  ): AgentConfig | null {
    if (changes === null || (changes === undefined && shadowAgent === null)) return null;
    return this.agents.change(shadowAgent ? this.agents.open(shadowAgent) : {}, changes);
  }

  private view(row: InstanceRow): InstanceView {
    const channel = this.channels.get(row.channel);
    const settings: InstanceSettings = { ...defaultSettings, ...row.settings };
    return {
      name: row.name,
      channel: row.channel,
      enabled: row.enabled,
      config: channel ? this.secrets.mask(row.config, channel.configClass) : {},
      agent: this.agents.mask(row.agent),
      shadowAgent: row.shadowAgent && this.agents.mask(row.shadowAgent),
      ...settings,
      webhookUrl: this.connections.webhookUrl(row.channel, row.name),
      createdAt: new Date(row.createdAt).toISOString(),
      updatedAt: new Date(row.updatedAt).toISOString(),
    };
  }

  private async row(name: string): Promise<InstanceRow> {
    const row = await this.store.instances.getByName(name);
    if (!row) throw Problem.notFound('instance', name);
    return row;
  }

  private channel(row: InstanceRow): Channel {
    const channel = this.channels.get(row.channel);
    if (!channel)
      throw new Problem(
        409,
        'CHANNEL_NOT_LOADED',
        `the channel ${row.channel} is not loaded: see OMNI_CHANNELS`,
      );
    return channel;
  }
}

function settingsOf(model: UpdateInstanceModel, before: InstanceSettings): InstanceSettings {
  const settings: InstanceSettings = {
    replyTtlMs: model.replyTtlMs ?? before.replyTtlMs,
    onUnknown: model.onUnknown ?? before.onUnknown,
    groups: model.groups ?? before.groups,
    groupKeywords: model.groupKeywords ?? before.groupKeywords,
    contactRate: model.contactRate === undefined ? before.contactRate : model.contactRate,
    settleMs: model.settleMs ?? before.settleMs,
    onOverlap: model.onOverlap ?? before.onOverlap,
    session: model.session ?? before.session,
    pacing: model.pacing ?? before.pacing,
    fallback: model.fallback === undefined ? before.fallback : model.fallback,
    voiceAnswers: model.voiceAnswers ?? before.voiceAnswers,
    voice: model.voice === undefined ? before.voice : model.voice,
  };
  if (settings.groups === 'keyword' && settings.groupKeywords.length === 0) {
    throw Problem.fields([
      { field: 'groupKeywords', problem: 'must name a word at least where groups is "keyword"' },
    ]);
  }
  return settings;
}
