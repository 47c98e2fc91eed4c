import type { Entry, Presence, SimulatedChat } from './chat';
import type { SimulatedInstance } from './instance';
import type { EvolutionFault } from './options';
import type { Fields } from './values';

/** One call of the API, as it was answered. */
export interface EvolutionCall {
  at: number;
  instance: string | null;
  method: string;
  /** What stands before the @ of whom it is for. */
  chat: string | null;
  body: Fields;
  /** What the call came to, whatever was answered; null when a fault kept it from being carried out. */
  status: number | null;
  description: string | null;
  fault: EvolutionFault['kind'] | null;
}

export interface EvolutionCounters {
  /** By method. */
  calls: Record<string, number>;
  /** Calls that broke a rule of the API, by status. */
  refused: Record<string, number>;
  /** Calls that met a fault, by its kind. */
  faults: Record<string, number>;
  /** Events that were told, by name. */
  events: Record<string, number>;
  /** Events that the webhook answered with 2xx. */
  acknowledged: number;
  /** Attempts that it answered otherwise, or not at all. */
  unacknowledged: number;
}

export const noCounts = (): EvolutionCounters => ({
  calls: {},
  refused: {},
  faults: {},
  events: {},
  acknowledged: 0,
  unacknowledged: 0,
});

export const countIn = (counts: Record<string, number>, key: string) => {
  counts[key] = (counts[key] ?? 0) + 1;
};

export type EvolutionHappening =
  | { kind: 'message' | 'edited' | 'deleted' | 'reacted' | 'voted'; chat: SimulatedChat; entry: Entry }
  | { kind: 'presence'; chat: SimulatedChat; what: Presence }
  | { kind: 'connection'; instance: SimulatedInstance; state: string }
  | { kind: 'call'; call: EvolutionCall };
