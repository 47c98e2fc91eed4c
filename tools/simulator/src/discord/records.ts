import type { SimulatedChannel } from './channel';
import type { DiscordFault } from './faults';
import type { Entry, Fields } from './message';

/** One call of the API, as it was answered. */
export interface DiscordCall {
  at: number;
  /** `create-message`, `edit-message`, `react`, `follow-up`, `callback`, `gateway-bot`, …; README.md lists them. */
  method: string;
  /** The application; null where the call needs no token. */
  application: string | null;
  /** The channel's id, where the call is about one. */
  chat: string | null;
  /** The verb and the path without the version; tokens are left out. */
  path: string;
  params: Fields;
  /** Names of the files that came with it. */
  files: string[];
  /** What the call came to, whatever was answered; null when a fault kept it from being carried out. */
  status: number | null;
  error: { code: number; message: string } | null;
  fault: DiscordFault['kind'] | null;
}

/** One event on its way to the hub. */
export type DiscordDelivery =
  | {
      via: 'gateway';
      at: number;
      application: string;
      event: string;
      session: string;
      sequence: number;
      replayed: boolean;
    }
  | {
      via: 'http';
      at: number;
      application: string;
      interaction: string;
      /** Null when no answer came. */
      status: number | null;
      error: string | null;
      ms: number;
    };

export interface DiscordCounters {
  /** By method. */
  calls: Record<string, number>;
  /** Calls that broke a rule of the platform, by its code; by status where it has none. */
  refused: Record<string, number>;
  /** Calls and gateway steps that met a fault, by its kind. */
  faults: Record<string, number>;
  /** Events that were sent, by name, replays among them. */
  events: Record<string, number>;
  identifies: number;
  resumes: number;
  /** Connections that ended, by code; 1006 without one. */
  closes: Record<string, number>;
  /** Events of which no session heard. */
  untold: number;
  /** Messages that were asked for again with the nonce of an earlier one, and not made twice. */
  repeatedNonces: number;
}

export const noCounts = (): DiscordCounters => ({
  calls: {},
  refused: {},
  faults: {},
  events: {},
  identifies: 0,
  resumes: 0,
  closes: {},
  untold: 0,
  repeatedNonces: 0,
});

export type DiscordHappening =
  | { kind: 'message' | 'edited' | 'deleted' | 'reacted'; chat: SimulatedChannel; entry: Entry }
  | { kind: 'action'; chat: SimulatedChannel; what: string }
  | { kind: 'call'; call: DiscordCall }
  | { kind: 'gateway'; what: string; session: string | null };

export function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
