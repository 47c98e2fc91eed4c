import { startTestPostgres } from '@omni-hub/test-postgres';

export type Engine = 'sqlite' | 'postgres';

export interface TestDatabase {
  /** For OMNI_DATABASE_URL; undefined leaves the hub to its embedded database. */
  url: string | undefined;
  stop(): Promise<void>;
}

/** An empty database of this engine. */
export async function startDatabase(engine: Engine): Promise<TestDatabase> {
  if (engine === 'postgres') return startTestPostgres();
  return { url: undefined, stop: () => Promise.resolve() };
}
