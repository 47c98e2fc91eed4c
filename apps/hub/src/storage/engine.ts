import type { Db } from './schema';
import type { Engine, HotPath } from './store';

/** What a hint may be about: the words of the stages' wake-ups. */
export type HintedWork = 'turns' | 'deliveries';

/** A database, open, locked where that is needed, and with its schema up to date. */
export interface OpenedEngine {
  engine: Engine;
  hotPath: HotPath;
  db: Db;
  /** How many flushes of one kind may be under way at once, each for chats of its own. */
  concurrency: number;
  /** The largest batch that the engine's statements are made for. */
  maxRows: number;
  /** Joins the processes that work on the database. Where there is no other, `recover` runs first, while nobody can join. */
  join(recover: () => Promise<void>): Promise<void>;
  /** Other processes on the same database say that there may be work. A hint only: some are lost. */
  onHint(listener: (work: HintedWork) => void): () => void;
  /** Tells the other processes, soon and together with what else is told until then. Never fails. */
  hint(work: HintedWork): void;
  /** Closes every connection. What was asked before is answered first. */
  close(): Promise<void>;
}
