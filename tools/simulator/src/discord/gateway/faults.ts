/** What goes wrong at a step of a gateway connection, in place of the step. */
export type GatewayFault =
  /** The socket is cut, without a close frame. What was to be sent is kept for a resume. */
  | { kind: 'drop' }
  /** The step is done, then the socket is cut. */
  | { kind: 'drop-after' }
  | { kind: 'close'; code: number; reason?: string }
  /** Opcode 7. */
  | { kind: 'reconnect' }
  /** Opcode 9. Not resumable: the session is gone. */
  | { kind: 'invalid-session'; resumable?: boolean }
  /** Nothing comes: no hello, no READY, no acknowledgement. An event is kept for a resume. */
  | { kind: 'silence' }
  /** The first half of the frame's text, as a whole frame. */
  | { kind: 'torn' }
  /** A frame that is no JSON. */
  | { kind: 'garbage' }
  /** A frame of so many bytes: JSON, with an event that nobody knows. */
  | { kind: 'oversized'; bytes: number }
  /** Bytes that are no WebSocket frame. */
  | { kind: 'broken-frame' }
  /** Twice, with the same number. */
  | { kind: 'duplicate' }
  /** For `connect`: the upgrade is answered with this status. */
  | { kind: 'refuse'; status: number };

/** `connect` (the upgrade and the hello), `identify`, `resume`, `heartbeat`, and `dispatch` for each event. */
export type GatewayStep = 'connect' | 'identify' | 'resume' | 'heartbeat' | 'dispatch';
