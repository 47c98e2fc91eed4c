import type { Content } from './content';

/** One attachment as an agent sees it. `url` is short-lived and needs no key; null when there is nothing to fetch. */
export interface AgentAttachment {
  kind: string;
  mimeType: string | null;
  size: number | null;
  filename: string | null;
  /** Names the file in what is answered, as the `mediaId` of content; null where it is no file. */
  mediaId: string | null;
  url: string | null;
  /** `pending`: not here yet, `url` serves it when it is. `failed`: there is nothing to fetch for now, `reason` says why. */
  status: 'ready' | 'pending' | 'failed';
  reason: string | null;
  /**
   * What is said in it; only on `audio` and `voice`. Null where nothing is transcribed, where the file is not here, and where
   * `transcriptReason` says why. An empty text: nothing is said.
   */
  transcript?: string | null;
  /** Only on `audio` and `voice`: why a file that is here has no transcript, in a sentence. Null where nothing is transcribed. */
  transcriptReason?: string | null;
  /** Kind-specific facts: a location's coordinates, a poll's options. */
  data?: Record<string, unknown>;
}

export interface AgentMessage {
  id: string;
  /** ISO 8601, the platform's clock. */
  sentAt: string;
  type: 'text' | 'media' | 'action';
  /** Who wrote or pressed it: in a group several people may be answered in one turn. */
  sender: { id: string; name: string | null };
  text: string;
  mentionsMe: boolean;
  attachments: AgentAttachment[];
  replyTo: { id: string; text: string | null; fromMe: boolean } | null;
  /** Only on `action`: the id of the button that was pressed. */
  actionId?: string;
}

/** The body of `POST {agent.url}`; see docs/guides/agents.md. */
export interface AgentRequest {
  /** The same at every attempt; also sent as `Idempotency-Key`. */
  turnId: string;
  /** `<instance>/<chat id>`. */
  sessionId: string;
  instance: string;
  channel: string;
  chat: { id: string; kind: 'direct' | 'group' | 'thread'; title: string | null };
  sender: {
    id: string;
    name: string | null;
    username: string | null;
    phone: string | null;
    personId: string | null;
    locale: string | null;
  };
  messages: AgentMessage[];
  /** What was said in the chat before these messages, oldest first; empty where the agent's configuration asks for none. */
  history: AgentHistoryEntry[];
  capabilities: { maxTextLength: number; buttons: boolean; reactions: boolean; streaming: boolean };
  /**
   * Only on what was answered before and is asked again, of this agent or as its shadow: nobody is told the answer. `turnId` and
   * `sessionId` are the replay's own. Do nothing that lasts.
   */
  replay?: true;
}

export interface AgentHistoryEntry {
  /** `agent`: the account said it, through the hub or by itself. */
  role: 'person' | 'agent';
  /** Who wrote it, as far as known; null for what the account said. */
  name: string | null;
  /** ISO 8601. */
  at: string;
  /** What was written or is heard in it; files as `[image]`. */
  text: string;
}

/** What an agent decided. `deferred` means that it will answer later through the API with the turn's id. */
export type AgentAnswer =
  | { kind: 'reply'; content: Content[] }
  | { kind: 'silent'; reason: string }
  | { kind: 'deferred' };
