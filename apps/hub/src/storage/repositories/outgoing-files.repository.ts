import { withoutNul } from '../clean';
import type { Db, Row } from '../schema';

export type UploadRow = Row<'uploads'>;
export type OutgoingFileRow = Row<'outgoingFiles'>;

/** Files that were uploaded, and the files of messages on their way out: what the media store keeps for them. */
export class OutgoingFilesRepository {
  constructor(private readonly db: Db) {}

  async addUpload(upload: Omit<UploadRow, 'createdAt' | 'usedAt'>): Promise<void> {
    const now = Date.now();
    await this.db
      .insertInto('uploads')
      .values({ ...cleaned(upload), createdAt: now, usedAt: now })
      .execute();
  }

  async upload(id: string): Promise<UploadRow | null> {
    const select = this.db.selectFrom('uploads').selectAll().where('id', '=', id);
    return (await select.executeTakeFirst()) ?? null;
  }

  /** An upload lives on from its last use. */
  async useUploads(ids: string[]): Promise<void> {
    await this.db.updateTable('uploads').set({ usedAt: Date.now() }).where('id', 'in', ids).execute();
  }

  /** Notes what a message's files are; what was known of the same source of the same message is forgotten. */
  async put(files: Omit<OutgoingFileRow, 'createdAt'>[]): Promise<void> {
    const createdAt = Date.now();
    await this.db
      .insertInto('outgoingFiles')
      .values(files.map((file) => ({ ...cleaned(file), createdAt })))
      .onConflict((conflict) =>
        conflict.columns(['messageId', 'source']).doUpdateSet(({ ref }) => ({
          hash: ref('excluded.hash'),
          size: ref('excluded.size'),
          mimeType: ref('excluded.mimeType'),
          filename: ref('excluded.filename'),
        })),
      )
      .execute();
  }

  async ofMessage(messageId: string): Promise<OutgoingFileRow[]> {
    return this.db.selectFrom('outgoingFiles').selectAll().where('messageId', '=', messageId).execute();
  }

  /** Those of the hashes that an upload or a message's file has. */
  async named(hashes: string[]): Promise<Set<string>> {
    const uploads = this.db.selectFrom('uploads').select('hash').where('hash', 'in', hashes);
    const files = this.db.selectFrom('outgoingFiles').select('hash').where('hash', 'in', hashes);
    const rows = await uploads.union(files).execute();
    return new Set(rows.map(({ hash }) => hash));
  }
}

function cleaned<File extends { mimeType: string | null; filename: string | null }>(file: File): File {
  const { mimeType, filename } = file;
  return {
    ...file,
    mimeType: mimeType === null ? null : withoutNul(mimeType),
    filename: filename === null ? null : withoutNul(filename),
  };
}
