import { withoutNul } from '../clean';
import type { Db, Row } from '../schema';
import type { ClaimQuery } from '../store';

export type MediaRow = Row<'media'>;

/** Which file: the stored message and the place among its attachments. */
export interface MediaKey {
  messageId: string;
  position: number;
}

/** A file that a message names, and that is to be fetched. */
export interface NewMedia extends MediaKey {
  instanceId: string;
  /** JSON of the MediaAttachment. */
  attachment: string;
}

/** Proof of holding a job. A write with an epoch that is not the row's changes nothing and answers false. */
export interface MediaLease extends MediaKey {
  epoch: number;
}

/** Where a file is, and what it is. */
export interface StoredFile {
  /** SHA-256 in hexadecimal: its name in the media store. */
  hash: string;
  size: number;
  mimeType: string | null;
}

export interface MediaFailure {
  code: string;
  reason: string;
  /** When it is tried again; null where it is not. */
  retryAt: number | null;
}

/** What a job is at: the file is fetched first, then transcribed where that is wanted. */
export type MediaStep = 'file' | 'transcript';

const chunk = 500;

/**
 * The files of inbound messages and the jobs that fetch them and have them transcribed. `readyAt` says what a job is, as in
 * the lanes: null done, past runnable, future claimed or waiting for another attempt.
 */
export class MediaRepository {
  constructor(private readonly db: Db) {}

  /** A file that is known already stays as it is. */
  async add(files: NewMedia[]): Promise<void> {
    const now = Date.now();
    // In one order everywhere: two processes that store the same files at once must not wait for each other in a circle.
    const rows = files
      .toSorted(byKey)
      .map((file): MediaRow => ({ ...file, ...untried, readyAt: now, createdAt: now }));
    for (let from = 0; from < rows.length; from += chunk) {
      await this.db
        .insertInto('media')
        .values(rows.slice(from, from + chunk))
        .onConflict((conflict) => conflict.columns(['messageId', 'position']).doNothing())
        .execute();
    }
  }

  async get(key: MediaKey): Promise<MediaRow | null> {
    return (await this.select(key).executeTakeFirst()) ?? null;
  }

  /** In the order of their messages and within those of the attachments. */
  async ofMessages(messageIds: string[]): Promise<MediaRow[]> {
    return this.db
      .selectFrom('media')
      .selectAll()
      .where('messageId', 'in', messageIds)
      .orderBy('messageId')
      .orderBy('position')
      .execute();
  }

  /**
   * Takes the jobs at this step that have waited longest, for `leaseMs`, and counts an attempt for each. No other process gets
   * them meanwhile.
   */
  async claim(step: MediaStep, { now, leaseMs, limit, excludeInstances }: ClaimQuery): Promise<MediaRow[]> {
    let due = this.db
      .selectFrom('media')
      .select(['messageId', 'position'])
      .where('readyAt', '<=', now)
      .where('status', ...at(step))
      .orderBy('readyAt')
      .limit(limit);
    if (excludeInstances.length > 0) due = due.where('instanceId', 'not in', excludeInstances);
    const claimed: MediaRow[] = [];
    for (const key of await due.execute()) {
      const row = await this.change(key)
        .set(({ eb }) => ({
          readyAt: now + leaseMs,
          leased: 1,
          epoch: eb('epoch', '+', 1),
          attempts: eb('attempts', '+', 1),
        }))
        .where('readyAt', '<=', now)
        .where('status', ...at(step))
        .returningAll()
        .executeTakeFirst();
      if (row) claimed.push(row);
    }
    return claimed;
  }

  /** Moves the claims' ends to `until`; answers which were still held. */
  async extend(leases: MediaLease[], until: number): Promise<boolean[]> {
    return Promise.all(leases.map((lease) => this.write(lease, { readyAt: until })));
  }

  /** The file is here: ends the job, or begins its second step. */
  async complete(lease: MediaLease, file: StoredFile, next: AfterFile): Promise<boolean> {
    return this.write(lease, arrived(file, next));
  }

  async fail(lease: MediaLease, { code, reason, retryAt }: MediaFailure): Promise<boolean> {
    return this.write(lease, { status: 'failed', code, reason, readyAt: retryAt, leased: 0 });
  }

  /** Ends a job: this is what is said in the file. */
  async completeTranscript(lease: MediaLease, text: string): Promise<boolean> {
    const transcript = withoutNul(text);
    return this.write(lease, { ...ended, ...noTranscript, transcriptStatus: 'ready', transcript });
  }

  async failTranscript(lease: MediaLease, { code, reason, retryAt }: MediaFailure): Promise<boolean> {
    return this.write(lease, {
      transcriptStatus: 'failed',
      transcriptCode: code,
      transcriptReason: reason,
      readyAt: retryAt,
      leased: 0,
    });
  }

  /** Ends every job whose file is here: nothing is transcribed any more. */
  async dropTranscripts(): Promise<void> {
    await this.db
      .updateTable('media')
      .set(({ eb }) => ({ ...ended, ...noTranscript, epoch: eb('epoch', '+', 1) }))
      .where('readyAt', 'is not', null)
      .where('status', ...at('transcript'))
      .execute();
  }

  /** Hands a claim back as if it had not been made. */
  async release(lease: MediaLease, now: number): Promise<boolean> {
    const { numUpdatedRows } = await this.held(lease)
      .set(({ eb }) => ({ readyAt: now, leased: 0, attempts: eb('attempts', '-', 1) }))
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** The file is here without its job, which ends whoever fetches it. One that was here before goes on as it is. */
  async arrive(key: MediaKey, file: StoredFile, next: AfterFile): Promise<void> {
    const { numUpdatedRows } = await this.change(key)
      .set(({ eb }) => ({ ...arrived(file, next), epoch: eb('epoch', '+', 1) }))
      .where('status', ...at('file'))
      .executeTakeFirst();
    if (numUpdatedRows === 0n) await this.change(key).set(file).execute();
  }

  /** When the first job at this step that is not due by `now` will be, or null. */
  async nextReadyAt(step: MediaStep, now: number): Promise<number | null> {
    const row = await this.db
      .selectFrom('media')
      .select('readyAt')
      .where('readyAt', '>', now)
      .where('status', ...at(step))
      .orderBy('readyAt')
      .limit(1)
      .executeTakeFirst();
    return row?.readyAt ?? null;
  }

  /** Those of the hashes that a message's file has. */
  async named(hashes: string[]): Promise<Set<string>> {
    const rows = await this.db
      .selectFrom('media')
      .select('hash')
      .distinct()
      .where('hash', 'in', hashes)
      .execute();
    return new Set(rows.map(({ hash }) => hash!));
  }

  private select({ messageId, position }: MediaKey) {
    return this.db
      .selectFrom('media')
      .selectAll()
      .where('messageId', '=', messageId)
      .where('position', '=', position);
  }

  private change({ messageId, position }: MediaKey) {
    return this.db.updateTable('media').where('messageId', '=', messageId).where('position', '=', position);
  }

  private held(lease: MediaLease) {
    return this.change(lease).where('leased', '=', 1).where('epoch', '=', lease.epoch);
  }

  private async write(lease: MediaLease, changes: Partial<MediaRow>): Promise<boolean> {
    const { numUpdatedRows } = await this.held(lease).set(changes).executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}

/** What follows once a file is here. */
export interface AfterFile {
  transcribe: boolean;
}

const at = (step: MediaStep) => [step === 'file' ? '!=' : '=', 'ready'] as const;

const ended = { readyAt: null, leased: 0 } as const;
const noTranscript = {
  transcriptStatus: null,
  transcript: null,
  transcriptCode: null,
  transcriptReason: null,
} as const;

const untried = {
  status: 'pending',
  code: null,
  reason: null,
  attempts: 0,
  leased: 0,
  epoch: 0,
  hash: null,
  size: null,
  mimeType: null,
  ...noTranscript,
} as const;

const arrived = (file: StoredFile, { transcribe }: AfterFile) => {
  const here = { ...file, ...ended, status: 'ready', code: null, reason: null } as const;
  if (!transcribe) return here;
  return { ...here, transcriptStatus: 'pending', readyAt: Date.now(), attempts: 0 } as const;
};

const byKey = (a: MediaKey, b: MediaKey) =>
  a.messageId === b.messageId ? a.position - b.position : a.messageId < b.messageId ? -1 : 1;
