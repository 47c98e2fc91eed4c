import type { HotPath } from '../store';

/** What a worker thread is started with. `hot` holds the lock and serves the hot path, `general` serves all else. */
export interface WorkerStart {
  path: string;
  role: 'hot' | 'general';
}

export type Request = { id: number } & (
  | { op: 'hot'; method: keyof HotPath; args: unknown[] }
  | { op: 'sql'; sql: string; params: readonly unknown[] }
  /** Prepares the hot statements; the schema must be there. */
  | { op: 'prepare' }
  | { op: 'close' }
);

export type Reply = { id: number } & ({ result: unknown } | { error: WireError });

/** An error on its way between threads: classes do not travel. */
export interface WireError {
  name: string;
  message: string;
}

export interface SqlResult {
  rows: unknown[];
  changes: number;
}
