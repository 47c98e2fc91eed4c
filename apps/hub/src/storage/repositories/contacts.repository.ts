import { newId } from '../../flow/ids';
import type { Db, Row } from '../schema';
import { toPage, type Page } from './page';

export type ContactRow = Row<'contacts'>;

export interface ContactsQuery {
  instanceId: string | null;
  /** The platform's id of the contact. */
  externalId: string | null;
  personId: string | null;
  limit: number;
  cursor: string | null;
}

/** Senders as each instance sees them, and which of them are one person. */
export class ContactsRepository {
  constructor(private readonly db: Db) {}

  /** Newest first. */
  async list(query: ContactsQuery): Promise<Page<ContactRow>> {
    let select = this.db
      .selectFrom('contacts')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    if (query.instanceId) select = select.where('instanceId', '=', query.instanceId);
    if (query.externalId) select = select.where('externalId', '=', query.externalId);
    if (query.personId) select = select.where('personId', '=', query.personId);
    if (query.cursor) select = select.where('id', '<', query.cursor);
    return toPage(await select.execute(), query.limit);
  }

  async get(id: string): Promise<ContactRow | null> {
    const select = this.db.selectFrom('contacts').selectAll().where('id', '=', id);
    return (await select.executeTakeFirst()) ?? null;
  }

  /** Makes a contact one of a person's; false where nobody is that person. */
  async link(id: string, personId: string): Promise<boolean> {
    const known = await this.db
      .selectFrom('contacts')
      .select('id')
      .where('personId', '=', personId)
      .executeTakeFirst();
    if (!known) return false;
    await this.setPerson(id, personId);
    return true;
  }

  /** Makes a contact a person of its own: the one that it was at first, where no other has become that one. */
  async unlink(id: string): Promise<void> {
    const other = await this.db
      .selectFrom('contacts')
      .select('id')
      .where('personId', '=', id)
      .where('id', '!=', id)
      .executeTakeFirst();
    await this.setPerson(id, other ? newId() : id);
  }

  private async setPerson(id: string, personId: string): Promise<void> {
    await this.db.updateTable('contacts').set({ personId }).where('id', '=', id).execute();
  }
}
