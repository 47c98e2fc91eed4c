/**
 * What the agent is told, as far as the simulator reads it: the body of the `http` contract; of another protocol what that has of
 * it, and the whole as `body`.
 */
export interface AskedTurn {
  turnId: string;
  sessionId: string;
  messages: { id: string; text: string; [field: string]: unknown }[];
  [field: string]: unknown;
}

/** How the fake agent answers one request. Everything that a real agent does right, and wrong. */
export type AgentBehaviour =
  /** What it was told, after `prefix`; several messages as lines. Streamed, as `fixed` is too, where the request asks for that. */
  | { kind: 'echo'; prefix?: string }
  | { kind: 'fixed'; text: string }
  /** Any content: buttons, images, albums. */
  | { kind: 'messages'; messages: unknown[] }
  /** A JSON body as it is, in the contract or not. */
  | { kind: 'json'; body: unknown }
  /** In the `http` contract, as the next two; elsewhere a JSON body like any other. */
  | { kind: 'silent'; reason: string }
  | { kind: 'no-content' }
  /** 202: it will answer through the hub's API. */
  | { kind: 'deferred' }
  /**
   * Server-sent events. The deltas default to the words of the echo; with `breakAfter` the connection is cut after so many,
   * with `endAfter` it ends as if all were said, without saying so.
   */
  | { kind: 'stream'; deltas?: string[]; everyMs?: number; breakAfter?: number; endAfter?: number }
  /** Server-sent events that are none of the protocol's. */
  | { kind: 'garbage-stream' }
  /** Server-sent events of the protocol, of so many bytes in all, 200 MB by default. */
  | { kind: 'huge-stream'; bytes?: number }
  /** The protocol's own way to say, with status 200, that the agent failed; within a stream where one was asked for. */
  | { kind: 'failure'; detail: string }
  | { kind: 'status'; status: number; body?: unknown; retryAfter?: number }
  | { kind: 'html' }
  /** An answer of so many bytes, 200 MB by default, as fast as it is read. */
  | { kind: 'huge'; bytes?: number }
  | { kind: 'hang' }
  /** Waits until `release()` before it goes on as `then`, which is echo by default. */
  | { kind: 'hold'; then?: AgentBehaviour }
  | { kind: 'reset' }
  /** Waits from `minMs` to `maxMs`, by the seeded source, before it goes on as `then`, which is echo by default. */
  | { kind: 'delay'; minMs: number; maxMs: number; then?: AgentBehaviour };

/** A behaviour, or the choice of one for each request. */
export type AgentScript = AgentBehaviour | ((turn: AskedTurn) => AgentBehaviour);

export const echo = (turn: AskedTurn) => turn.messages.map(({ text }) => text).join('\n');
