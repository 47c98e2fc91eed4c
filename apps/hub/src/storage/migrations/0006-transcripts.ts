import type { Kysely } from 'kysely';

/** What is said in the recordings that people sent. */
export async function transcripts(db: Kysely<unknown>): Promise<void> {
  for (const column of ['transcriptStatus', 'transcript', 'transcriptCode', 'transcriptReason'])
    await db.schema.alterTable('media').addColumn(column, 'text').execute();
}
