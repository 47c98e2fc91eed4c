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
  outcome: 'reply' | 'silent' | 'deferred' | 'failed';
  code: string | null;
  detail: string | null;
}

/** What is stored with a turn. */
export interface TurnTrace {
  decisions: Decision[];
  agent: AgentAttempt[];
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
