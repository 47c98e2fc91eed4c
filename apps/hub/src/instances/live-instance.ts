import type { Account, Channel, ChannelHandler } from '@omni-hub/channel-sdk';
import type { Agent } from '../flow/agent';
import type { Pacing } from '../flow/pace-answer';

/** Whether answers are spoken: never, or where the person spoke. */
export type VoiceAnswers = 'never' | 'whenSpoken';

export type GroupPolicy = 'always' | 'mention' | 'reply' | 'keyword' | 'observe' | 'never';

/**
 * What comes of messages that arrive while the agent works for whoever wrote them: they wait for the next turn, or the agent is hung up on
 * and asked about everything together, or about the new ones alone.
 */
export type OnOverlap = 'queue' | 'merge' | 'interrupt';

/** What an agent's session is: a chat, a contact in whatever chat, or a person over all instances. */
export type SessionPolicy = 'chat' | 'contact' | 'person';

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
  onOverlap: OnOverlap;
  session: SessionPolicy;
  pacing: Pacing;
  fallback: string | null;
  voiceAnswers: VoiceAnswers;
  /** Who speaks, as the speech service calls it; null for the hub's own. */
  voice: string | null;
}

/** What an instance does that was told nothing, and one that was stored before there was such a setting. */
export const defaultSettings: InstanceSettings = {
  replyTtlMs: 900_000,
  onUnknown: 'resend',
  groups: 'mention',
  groupKeywords: [],
  contactRate: null,
  settleMs: 0,
  onOverlap: 'queue',
  session: 'chat',
  pacing: 'off',
  fallback: null,
  voiceAnswers: 'never',
  voice: null,
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
  /** Of the agent's URL, `http://127.0.0.1:9100`: files may be fetched from there wherever it is. Null for one that is built in. */
  readonly agentOrigin: string | null;
  /** Asked about every turn that is over, and never heard; null where there is none. */
  readonly shadow: Agent | null;
  readonly settings: InstanceSettings;
  /** Set while nothing may be sent: what happened and what to do. */
  readonly paused: { code: string; reason: string } | null;
}
