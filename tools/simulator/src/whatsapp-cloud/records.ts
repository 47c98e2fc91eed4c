import type { CloudChat, Entry, Fields } from './chat';
import type { CloudFault } from './faults';

/** One call of the Graph API, as it was answered. */
export interface CloudCall {
  at: number;
  /** `send`, `read`, `typing`, `upload`, `media`, `download`, `number`, `configure`, `subscribe`, … */
  method: string;
  /** The phone number's id where the call is about one. */
  number: string | null;
  chat: string | null;
  params: Fields;
  /** What the call came to, whatever was answered; null when a fault kept it from being carried out. */
  status: number | null;
  error: { code: number; message: string; details: string | null } | null;
  fault: CloudFault['kind'] | null;
}

export interface CloudCounters {
  /** By method. */
  calls: Record<string, number>;
  /** Calls that broke a rule of the platform, by its code. */
  refused: Record<string, number>;
  /** Sends that were accepted and failed, by the code. */
  failed: Record<string, number>;
  /** Calls that met a fault, by its kind. */
  faults: Record<string, number>;
  /** Requests that a callback answered with 2xx. */
  acknowledged: number;
  /** Attempts that it answered otherwise, or not at all. */
  unacknowledged: number;
  /** Updates that nobody wanted to hear: no callback, or no subscription. */
  untold: number;
}

export const noCounts = (): CloudCounters => ({
  calls: {},
  refused: {},
  failed: {},
  faults: {},
  acknowledged: 0,
  unacknowledged: 0,
  untold: 0,
});

export type CloudHappening =
  | { kind: 'message' | 'edited' | 'deleted' | 'reacted' | 'status'; chat: CloudChat; entry: Entry }
  | { kind: 'action'; chat: CloudChat; what: string }
  | { kind: 'call'; call: CloudCall };

export function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
