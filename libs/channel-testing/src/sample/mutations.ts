import type { ConformanceOptions } from '../options';
import type { RuleId } from '../rules/rule';
import type { SampleVariant } from './sample.channel';
import { capabilityMutations } from './mutations-capabilities';
import { inboundMutations } from './mutations-inbound';
import { eventMutations } from './mutations-events';
import { listenerMutations } from './mutations-listener';
import { outboundMutations } from './mutations-outbound';
import { signatureMutations } from './mutations-signature';

/** One fault in the sample channel, or in what its author tells of it, and the one rule that it breaks. */
export interface Mutation {
  rule: RuleId;
  /** Completes "a channel that …". */
  what: string;
  /** It is seen by its speed: nothing else may run beside it. */
  alone?: true;
  variant?: SampleVariant;
  options?: Partial<ConformanceOptions>;
  /** Files laid over the sample's fixtures: text, or a value to be written as JSON. */
  files?: Record<string, unknown>;
}

export const mutations: readonly Mutation[] = [
  ...inboundMutations,
  ...signatureMutations,
  ...eventMutations,
  ...outboundMutations,
  ...capabilityMutations,
  ...listenerMutations,
];
