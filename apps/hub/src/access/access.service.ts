import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../flow/channel-registry';
import { newId } from '../flow/ids';
import { Problem } from '../flow/problem';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { Page } from '../storage/repositories/page';
import { AccessRules } from './access-rules';
import { explain, type Explanation } from './explain';
import { namesOf, readPhone } from './names';
import type { AccessDecision, AccessRule } from './rule-set';

/** All rules of all instances are kept in memory by every process. */
const maxRules = 10_000;

export interface NewAccessRule {
  /** The instance's name; null for all instances. */
  instance: string | null;
  action: 'allow' | 'block';
  pattern: string;
}

export interface AccessCheck extends Explanation {
  /** The rule that decides; null where none names the contact or chat. */
  rule: AccessRule | null;
  /** All that the contact or chat is known by, which the patterns were held against. */
  names: string[];
}

/** What operators do with access rules. */
@Injectable()
export class AccessService {
  constructor(
    private readonly store: Store,
    private readonly rules: AccessRules,
    private readonly instances: Instances,
    private readonly channels: ChannelRegistry,
  ) {}

  list(instance: string | null, limit: number, cursor: string | null): Promise<Page<AccessRule>> {
    const instanceId = instance === null ? null : this.instance(instance).id;
    return this.store.accessRules.list({ instanceId, limit, cursor });
  }

  async create({ instance: name, action, pattern: given }: NewAccessRule): Promise<AccessRule> {
    const instance = name === null ? null : this.instance(name);
    const pattern = given.trim();
    const problem = this.problemOf(pattern, instance);
    if (problem) throw Problem.fields([{ field: 'pattern', problem }]);
    await this.rules.refresh();
    const instanceId = instance?.id ?? null;
    const same = this.rules
      .all()
      .find((rule) => rule.instanceId === instanceId && rule.action === action && rule.pattern === pattern);
    if (same) throw new Problem(409, 'ACCESS_RULE_EXISTS', `there is this rule already: ${same.id}`);
    if (this.rules.all().length >= maxRules) {
      throw new Problem(
        409,
        'TOO_MANY_ACCESS_RULES',
        `there are ${maxRules} rules, the most that the hub keeps: let patterns with * stand for many`,
      );
    }
    const rule: AccessRule = { id: newId(), instanceId, action, pattern, createdAt: Date.now() };
    await this.store.accessRules.insert(rule);
    await this.rules.refresh();
    return rule;
  }

  async remove(id: string): Promise<void> {
    if (!(await this.store.accessRules.delete(id))) throw Problem.notFound('access rule', id);
    await this.rules.refresh();
  }

  /** What would become of a message of this contact, or in this chat, as far as the access rules go. */
  async check(instanceName: string, id: string): Promise<AccessCheck> {
    const instance = this.instance(instanceName);
    await this.rules.refresh();
    const names = await this.namesOf(instance, id.trim());
    const decision: AccessDecision = this.rules.of(instance)?.decide(names) ?? { verdict: 'open' };
    return {
      ...explain(decision, names[0], instance.name),
      rule: 'rule' in decision ? decision.rule : null,
      names,
    };
  }

  private async namesOf(instance: LiveInstance, text: string): Promise<string[]> {
    const { channel } = instance;
    const phone = readPhone(text);
    const isId = text.startsWith(`${channel.id}:`);
    const target = await this.store.chats.findTarget(instance.id, text);
    const meant = channel.recipient?.(text)?.id ?? null;
    if (!target && !meant && !isId && phone === null) {
      const problem = `is no chat, contact, phone number or username that ${instance.name} knows; an id starts with "${channel.id}:"`;
      throw Problem.fields([{ field: 'id', problem }]);
    }
    const ids = [target?.externalId, meant, isId ? text : null].filter((one) => typeof one === 'string');
    const known = await this.store.aliases.known(instance.id, [...new Set(ids)]);
    const names = known.flatMap((one) => namesOf(one, channel));
    return [...new Set(phone === null ? names : [...names, phone])];
  }

  /** Why a pattern cannot be one; null where it can. */
  private problemOf(pattern: string, instance: LiveInstance | null): string | null {
    const open = pattern.endsWith('*');
    const text = open ? pattern.slice(0, -1) : pattern;
    if (text.includes('*')) return 'may have one *, at its end';
    if ((open && text === '') || readPhone(text) !== null) return null;
    const channels = this.channels.all();
    const channel = channels.find(({ id }) => text.startsWith(`${id}:`));
    if (channel && instance && channel.id !== instance.channel.id)
      return `names somebody of ${channel.id}, and the instance is of ${instance.channel.id}`;
    if (channel) return null;
    const readers = instance ? [instance.channel] : channels;
    if (!open && readers.some(({ recipient }) => recipient?.(text))) return null;
    const beginnings = readers.map(({ id }) => `"${id}:"`).join(', ');
    return `must be a phone number, an id that starts with ${beginnings}, or *; a * at the end stands for any rest`;
  }

  private instance(name: string): LiveInstance {
    const instance = this.instances.byName(name);
    if (!instance) throw Problem.notFound('instance', name);
    return instance;
  }
}
