import type { Channel } from '@omni-hub/channel-sdk';
import { namesMeant, readPhone } from './names';

export interface AccessRule {
  id: string;
  /** Null for a rule of all instances. */
  instanceId: string | null;
  action: 'allow' | 'block';
  pattern: string;
  createdAt: number;
}

/** What the rules say about somebody. `unlisted` and `open`: no rule names them, and there are allow rules or none. */
export type AccessDecision =
  | { verdict: 'allowed' | 'blocked'; rule: AccessRule }
  | { verdict: 'unlisted'; closedBy: AccessRule }
  | { verdict: 'open' };

/** A rule as one channel reads it. */
interface Entry {
  rule: AccessRule;
  /** How much the pattern says: the characters before its `*`; infinite without one, since it then names one contact or chat. */
  length: number;
}

/** The rules that concern one instance, made ready for many questions. Immutable; asking costs the same for any number of rules. */
export class RuleSet {
  private readonly exact = new Map<string, Entry[]>();
  private readonly prefixes = new Map<string, Entry[]>();
  private longestPrefix = 0;
  private readonly closedBy: AccessRule | undefined;

  constructor(rules: readonly AccessRule[], channel: Channel) {
    for (const rule of rules) this.add(rule, channel);
    this.closedBy = rules.find(({ action }) => action === 'allow');
  }

  /**
   * `names` are all that somebody, and the chat in which they speak, are called by. Of the rules that name one of them decides the
   * longest; of equally long ones an instance's before one of all instances, and then the one that blocks.
   */
  decide(names: readonly string[]): AccessDecision {
    let decisive: Entry | null = null;
    for (const entry of this.matching(names)) {
      if (decisive === null || outranks(entry, decisive)) decisive = entry;
    }
    if (decisive) {
      return { verdict: decisive.rule.action === 'allow' ? 'allowed' : 'blocked', rule: decisive.rule };
    }
    return this.closedBy ? { verdict: 'unlisted', closedBy: this.closedBy } : { verdict: 'open' };
  }

  private *matching(names: readonly string[]): Generator<Entry> {
    for (const name of names) {
      yield* this.exact.get(name) ?? [];
      for (let length = 0; length <= Math.min(name.length, this.longestPrefix); length++) {
        yield* this.prefixes.get(name.slice(0, length)) ?? [];
      }
    }
  }

  private add(rule: AccessRule, channel: Channel): void {
    if (!rule.pattern.endsWith('*')) {
      for (const name of namesMeant(rule.pattern, channel)) {
        put(this.exact, name, { rule, length: Infinity });
      }
      return;
    }
    const text = rule.pattern.slice(0, -1);
    const phone = readPhone(text);
    const prefix = phone ?? text;
    this.longestPrefix = Math.max(this.longestPrefix, prefix.length);
    // A number counts as the id that it would be here, so that both ways to write the same are equally long.
    put(this.prefixes, prefix, { rule, length: phone ? channel.id.length + phone.length : text.length });
  }
}

function put(map: Map<string, Entry[]>, name: string, entry: Entry): void {
  const known = map.get(name);
  if (known) known.push(entry);
  else map.set(name, [entry]);
}

function outranks(one: Entry, other: Entry): boolean {
  if (one.length !== other.length) return one.length > other.length;
  if (isOwn(one) !== isOwn(other)) return isOwn(one);
  if (one.rule.action !== other.rule.action) return one.rule.action === 'block';
  return one.rule.id < other.rule.id;
}

const isOwn = ({ rule }: Entry) => rule.instanceId !== null;
