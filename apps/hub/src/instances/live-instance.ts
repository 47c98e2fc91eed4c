import type { Account, Channel, ChannelHandler } from '@omni-hub/channel-sdk';
import type { Agent } from '../flow/agent';

export type GroupPolicy = 'always' | 'mention' | 'reply' | 'never';

/** How an instance treats what it receives and what it sends. */
export interface InstanceSettings {
  replyTtlMs: number;
  onUnknown: 'resend' | 'hold';
  groups: GroupPolicy;
  settleMs: number;
  fallback: string | null;
}

/**
 * An instance as the stages use it: configuration resolved, secrets opened, handler and agent made. Immutable: a change
 * makes a new one, so that a turn sees one state from beginning to end.
 */
export interface LiveInstance {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly channel: Channel;
  readonly handler: ChannelHandler;
  readonly account: Account | null;
  readonly agent: Agent;
  readonly settings: InstanceSettings;
  /** Set while nothing may be sent: what happened and what to do. */
  readonly paused: { code: string; reason: string } | null;
}
