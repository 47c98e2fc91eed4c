import type { Account, Channel, ChannelHandler } from '@omni-hub/channel-sdk';
import type { Agent } from '../flow/agent';

export type GroupPolicy = 'always' | 'mention' | 'reply' | 'keyword' | 'observe' | 'never';

/** How many messages of one contact are let through to the agent. */
export interface ContactRate {
  messages: number;
  perSeconds: number;
}

/** How an instance treats what it receives and what it sends. */
export interface InstanceSettings {
  replyTtlMs: number;
  onUnknown: 'resend' | 'hold';
  groups: GroupPolicy;
  /** With the policy `keyword`: the words that address the account. */
  groupKeywords: string[];
  /** Null for no limit. */
  contactRate: ContactRate | null;
  settleMs: number;
  fallback: string | null;
}

/** What an instance does that was told nothing, and one that was stored before there was such a setting. */
export const defaultSettings: InstanceSettings = {
  replyTtlMs: 900_000,
  onUnknown: 'resend',
  groups: 'mention',
  groupKeywords: [],
  contactRate: null,
  settleMs: 0,
  fallback: null,
};

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
