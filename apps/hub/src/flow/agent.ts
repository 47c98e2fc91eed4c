import type { AgentAnswer, AgentRequest } from '@omni-hub/contracts';

/** How much of a chat's past an agent is told: at most so many messages, and so many characters of them. */
export interface HistoryBounds {
  messages: number;
  characters: number;
}

/** One way of speaking to agents. An adapter holds connections, never anything about a turn. */
export interface Agent {
  readonly kind: string;
  /** The longest that one attempt may take, milliseconds. */
  readonly timeoutMs: number;
  /** Absent where the agent remembers by itself, or wants to be told nothing. */
  readonly history?: HistoryBounds;
  /**
   * Asks once. `onText` is called with the whole text so far while the agent writes. Throws AgentError only. Must end
   * within a second of the signal's abort.
   */
  ask(request: AgentRequest, signal: AbortSignal, onText: (text: string) => void): Promise<AgentAnswer>;
  close(): Promise<void>;
}

export type AgentErrorCode =
  | 'AGENT_TIMEOUT'
  | 'AGENT_UNREACHABLE'
  | 'AGENT_STATUS'
  | 'AGENT_FAILED'
  | 'AGENT_UNREADABLE'
  | 'AGENT_TOO_LARGE'
  | 'AGENT_STOPPED';

/** An agent failed. Its own words are never shown to a person; `message` is for the operator and holds no secret. */
export class AgentError extends Error {
  constructor(
    readonly code: AgentErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'AgentError';
  }
}
