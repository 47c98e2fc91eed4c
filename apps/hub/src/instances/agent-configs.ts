import { Injectable } from '@nestjs/common';
import { secretFields } from '@omni-hub/channel-sdk';
import type { Agent } from '../flow/agent';
import { AgentKinds } from '../flow/agent-kinds';
import type { FieldProblem } from '../flow/content.check';
import { mergeConfig, problemsOf } from './config-fields';
import { InstanceSecrets, mask } from './instance-secrets';

/** The configuration of an agent, `{kind, …}`. */
export type AgentConfig = Record<string, unknown>;

/** Configurations of agents: checked by the class of their kind, their secrets sealed, masked and opened. */
@Injectable()
export class AgentConfigs {
  constructor(
    private readonly kinds: AgentKinds,
    private readonly secrets: InstanceSecrets,
  ) {}

  /** What is wrong with it, by fields that begin with `field`. */
  problems(config: AgentConfig, field: string): FieldProblem[] {
    const configClass = this.classOf(config);
    if (configClass) return problemsOf(configClass, config, `${field}.`);
    const kinds = Object.keys(this.kinds.configClasses).join(', ');
    return [{ field: `${field}.kind`, problem: `must be one of ${kinds}` }];
  }

  /** As `problems`, for one that stands alone: nothing is known that a mask could stand for. */
  problemsAlone(config: AgentConfig, field: string): FieldProblem[] {
    const masked = secretFields(this.classOf(config) ?? Object).filter((name) => config[name] === mask);
    const problem = `is ${mask}, which stands for a secret that only its instance has: give the secret itself`;
    return [
      ...masked.map((name) => ({ field: `${field}.${name}`, problem })),
      ...this.problems(config, field),
    ];
  }

  seal(config: AgentConfig): AgentConfig {
    return this.secrets.seal(config, this.classOf(config) ?? Object);
  }

  open(sealed: AgentConfig): AgentConfig {
    return this.secrets.open(sealed, this.classOf(sealed) ?? Object);
  }

  mask(sealed: AgentConfig): AgentConfig {
    return this.secrets.mask(sealed, this.classOf(sealed) ?? Object);
  }

  /** Of one that was checked, its secrets opened. Does no I/O; whoever makes it closes it. */
  make(config: AgentConfig): Agent {
    return this.kinds.make(config);
  }

  /** What `changes` makes of a configuration: another kind starts anew. */
  change(current: AgentConfig, changes: AgentConfig | undefined): AgentConfig {
    const anew = changes?.kind !== undefined && changes.kind !== current.kind;
    return mergeConfig(anew ? {} : current, changes);
  }

  private classOf({ kind }: AgentConfig): (new () => object) | undefined {
    const { configClasses } = this.kinds;
    return Object.hasOwn(configClasses, String(kind)) ? configClasses[String(kind)] : undefined;
  }
}
