import type { Agent } from './agent';

/** What instances may ask of the agents stage: which kinds there are, and one made from its checked configuration. */
export abstract class AgentKinds {
  /** The class-validator class of each kind's configuration. */
  abstract readonly configClasses: Record<string, new () => object>;
  /** Does no I/O. */
  abstract make(config: object): Agent;
}
