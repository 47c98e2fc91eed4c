import type { Content } from './content';

/** One attachment as an agent sees it. `url` is short-lived and needs no key; null when there is nothing to fetch. */
export interface AgentAttachment {
  kind: string;
  mimeType: string | null;
  size: number | null;
  filename: string | null;
  url: string | null;
  /** `pending`: not here yet, `url` serves it when it is. `failed`: there is nothing to fetch for now, `reason` says why. */
  status: 'ready' | 'pending' | 'failed';
  reason: string | null;
  /** Kind-specific facts: a location's coordinates, a poll's options. */
  data?: Record<string, unknown>;
}

export interface AgentMessage {
  id: string;
  /** ISO 8601, the platform's clock. */
  sentAt: string;
  type: 'text' | 'media' | 'action';
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
  history: AgentHistoryEntry[];
  capabilities: { maxTextLength: number; buttons: boolean; reactions: boolean; streaming: boolean };
}

export interface AgentHistoryEntry {
  role: 'person' | 'agent';
  at: string;
  text: string;
}

/** What an agent decided. `deferred` means that it will answer later through the API with the turn's id. */
export type AgentAnswer =
  | { kind: 'reply'; content: Content[] }
  | { kind: 'silent'; reason: string }
  | { kind: 'deferred' };
