/** One gate's verdict about one message: what decided, and what would change it. */
export interface Decision {
  messageId: string;
  gate: string;
  verdict: 'pass' | 'stop';
  /** A stable code: `group_not_mentioned`. */
  reason: string;
  /** A sentence for the operator. */
  detail: string;
  /** The setting or fact that decided, and how to change it; null where nothing would. */
  change: string | null;
}

/** One attempt to get an answer. */
export interface AgentAttempt {
  at: number;
  ms: number;
  /** `hung_up`: the hub ended it, since more came; the code is `merged` or `interrupted`. */
  outcome: 'reply' | 'silent' | 'deferred' | 'failed' | 'hung_up';
  code: string | null;
  detail: string | null;
}

/** What became of an answer that was to be spoken. */
export interface SpeechNote {
  at: number;
  ms: number;
  /** `spoken`, or a stable code of what kept it written. */
  reason: string;
  /** A sentence for the operator. */
  detail: string;
  /** How it would have been spoken; null where nothing would. */
  change: string | null;
}

/** What is stored with a turn. */
export interface TurnTrace {
  decisions: Decision[];
  agent: AgentAttempt[];
  /** Only where the answer was to be spoken. */
  speech?: SpeechNote;
}

/** What a platform told about a part after it took it, stored with its delivery. */
export interface KnownStatus {
  status: 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';
  /** By the platform's clock, epoch milliseconds; 0 where it does not say. */
  at: number;
  code: string | null;
  detail: string | null;
}

/** One attempt at the platform, stored with its delivery. */
export interface DeliveryAttempt {
  at: number;
  ms: number;
  outcome: 'sent' | 'failed' | 'unknown' | 'lost';
  code: string | null;
  detail: string | null;
}
