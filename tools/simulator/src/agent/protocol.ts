import type { IncomingHttpHeaders } from 'node:http';
import type { AskedTurn } from './behaviour';

export type AgentProtocolName = 'http' | 'openai' | 'automagik' | 'hive';

/** One request as it came. */
export interface AgentPost {
  /** Without the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Why a request is none of the protocol's: what the real server would answer, as far as the status goes. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly body: object,
  ) {}
}

/** How one kind of agent is spoken to. */
export interface AgentProtocol {
  readonly name: AgentProtocolName;
  /** Checks the request's shape. */
  read(post: AgentPost): AskedTurn | Refusal;
  /** True where the request asks for a stream. */
  wantsStream(turn: AskedTurn): boolean;
  /** A text as the whole body of an answer. */
  whole(text: string): object;
  /** A piece of it, and its end, as server-sent events; null where the protocol streams nothing. */
  stream: { delta(text: string): string; end(text: string): string } | null;
  /** The agent failed, told with status 200: as a body, and as a server-sent event. */
  failure(detail: string): { body: object; event: string };
}

export const sse = (data: object, event?: string) =>
  `${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

/** The object in a JSON body; null where there is none. */
export function jsonObject(body: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The fields of `given` that are not among `known`. */
export const unknownFields = (given: object, known: string[]) =>
  Object.keys(given).filter((field) => !known.includes(field));

/** What the fake agents of other protocols know of a turn: its key, its session and its words. */
export function toTurn(
  { headers }: AgentPost,
  sessionId: string | null,
  text: string,
  body: object,
): AskedTurn | Refusal {
  const turnId = headers['idempotency-key'];
  if (typeof turnId !== 'string') return new Refusal(400, { error: 'Expected an Idempotency-Key.' });
  return { turnId, sessionId: sessionId ?? `turn ${turnId}`, messages: [{ id: '', text }], body };
}
