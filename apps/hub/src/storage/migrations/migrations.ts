import { Migrator, type Kysely, type Migration } from 'kysely';
import { StoreError } from '../errors';
import type { Database } from '../schema';
import type { Engine } from '../store';
import { initial } from './0001-initial';
import { deliveryTruth } from './0002-delivery-truth';
import { media } from './0003-media';
import { answers } from './0004-answers';
import { accessRules } from './0005-access-rules';
import { transcripts } from './0006-transcripts';
import { persons } from './0007-persons';
import { pacing } from './0008-pacing';
import { outgoingFiles } from './0009-outgoing-files';
import { replays } from './0010-replays';
import { cursorsOfAccounts } from './0011-cursors-of-accounts';

/** Every change of the schema, in order, written once for both engines. A released one never changes: add the next. */
const changes: Record<string, (db: Kysely<unknown>, engine: Engine) => Promise<void>> = {
  '0001-initial': initial,
  '0002-delivery-truth': deliveryTruth,
  '0003-media': media,
  '0004-answers': answers,
  '0005-access-rules': accessRules,
  '0006-transcripts': transcripts,
  '0007-persons': persons,
  '0008-pacing': pacing,
  '0009-outgoing-files': outgoingFiles,
  '0010-replays': replays,
  '0011-cursors-of-accounts': cursorsOfAccounts,
};

/**
 * Brings the schema up to date, each change in a transaction. Any number of processes may call it at once: on PostgreSQL
 * Kysely holds an advisory lock meanwhile, on SQLite the database is ours alone.
 */
export async function migrate(db: Kysely<Database>, engine: Engine): Promise<void> {
  const migrations = Object.entries(changes).map(([name, up]): [string, Migration] => [
    name,
    { up: (migrating) => up(migrating, engine) },
  ]);
  const provider = { getMigrations: () => Promise.resolve(Object.fromEntries(migrations)) };
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (!error) return;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw new StoreError(
    `The database's schema cannot be brought up to date${failed ? ` (${failed})` : ''}: ${(error as Error).message}. ` +
      'Was the database used by a newer version? Then start that version; else restore the backup and report this.',
  );
}
