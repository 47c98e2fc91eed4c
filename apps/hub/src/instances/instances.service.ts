import { Injectable } from '@nestjs/common';
import { ConfigValidationError, validateConfig, type Channel } from '@omni-hub/channel-sdk';
import type { Capabilities } from '@omni-hub/contracts';
import { Activity } from '../flow/activity';
import { AgentKinds } from '../flow/agent-kinds';
import { ChannelRegistry } from '../flow/channel-registry';
import type { FieldProblem } from '../flow/content.check';
import { Problem } from '../flow/problem';
import { newId } from '../flow/ids';
import { Store } from '../storage/open-store';
import type { InstanceRow } from '../storage/repositories/instances.repository';
import { ConnectionsService } from './connections.service';
import { InstanceSecrets, mask } from './instance-secrets';
import type { CreateInstanceModel, UpdateInstanceModel } from './instance.models';
import { Instances } from './instances';
import { defaultSettings, type ContactRate, type InstanceSettings } from './live-instance';

export interface InstanceView {
  name: string;
  channel: string;
  enabled: boolean;
  config: Record<string, unknown>;
  agent: Record<string, unknown>;
  replyTtlMs: number;
  onUnknown: string;
  groups: string;
  groupKeywords: string[];
  contactRate: ContactRate | null;
  settleMs: number;
  fallback: string | null;
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
    private readonly agents: AgentKinds,
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
    const { config, agent } = this.check(channel, model.config ?? {}, model.agent ?? { kind: 'echo' });
    const now = Date.now();
    const row: InstanceRow = {
      id: newId(),
      name: model.name,
      channel: channel.id,
      enabled: model.enabled ?? true,
      config: this.secrets.seal(config, channel.configClass),
      agent: this.secrets.seal(agent, this.agentClass(agent)),
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
    const current = this.secrets.open(row.config, channel.configClass);
    const currentAgent = this.secrets.open(row.agent, this.agentClass(row.agent));
    const agentBefore =
      model.agent && model.agent.kind !== undefined && model.agent.kind !== currentAgent.kind
        ? {}
        : currentAgent;
    const { config, agent } = this.check(
      channel,
      merge(current, model.config),
      merge(agentBefore, model.agent),
    );
    const changed: InstanceRow = {
      ...row,
      enabled: model.enabled ?? row.enabled,
      config: this.secrets.seal(config, channel.configClass),
      agent: this.secrets.seal(agent, this.agentClass(agent)),
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

  private check(channel: Channel, config: Record<string, unknown>, agent: Record<string, unknown>) {
    const agentClass = this.agents.configClasses[String(agent.kind)];
    const kinds = Object.keys(this.agents.configClasses).join(', ');
    const problems = [
      ...problemsOf(channel.configClass, config, 'config.'),
      ...(agentClass
        ? problemsOf(agentClass, agent, 'agent.')
        : [{ field: 'agent.kind', problem: `must be one of ${kinds}` }]),
    ];
    if (problems.length > 0) throw Problem.fields(problems);
    return { config, agent };
  }

  private view(row: InstanceRow): InstanceView {
    const channel = this.channels.get(row.channel);
    const settings: InstanceSettings = { ...defaultSettings, ...row.settings };
    return {
      name: row.name,
      channel: row.channel,
      enabled: row.enabled,
      config: channel ? this.secrets.mask(row.config, channel.configClass) : {},
      agent: this.secrets.mask(row.agent, this.agentClass(row.agent)),
      ...settings,
      webhookUrl: this.connections.webhookUrl(row.channel, row.name),
      createdAt: new Date(row.createdAt).toISOString(),
      updatedAt: new Date(row.updatedAt).toISOString(),
    };
  }

  private agentClass(agent: Record<string, unknown>): new () => object {
    return this.agents.configClasses[String(agent.kind)];
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

function problemsOf(configClass: new () => object, plain: object, prefix: string): FieldProblem[] {
  try {
    validateConfig(configClass, plain);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigValidationError)) throw error;
    return error.problems.map(({ field, problem }) => ({ field: prefix + field, problem }));
  }
}

/** Fields that are not given stay; null takes a field away; the mask of a secret is no value. */
function merge(
  current: Record<string, unknown>,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  const given = Object.entries(changes).filter(([, value]) => value !== mask);
  const merged = { ...current, ...Object.fromEntries(given) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

function settingsOf(model: UpdateInstanceModel, before: InstanceSettings): InstanceSettings {
  const settings: InstanceSettings = {
    replyTtlMs: model.replyTtlMs ?? before.replyTtlMs,
    onUnknown: model.onUnknown ?? before.onUnknown,
    groups: model.groups ?? before.groups,
    groupKeywords: model.groupKeywords ?? before.groupKeywords,
    contactRate: model.contactRate === undefined ? before.contactRate : model.contactRate,
    settleMs: model.settleMs ?? before.settleMs,
    fallback: model.fallback === undefined ? before.fallback : model.fallback,
  };
  if (settings.groups === 'keyword' && settings.groupKeywords.length === 0) {
    throw Problem.fields([
      { field: 'groupKeywords', problem: 'must name a word at least where groups is "keyword"' },
    ]);
  }
  return settings;
}
