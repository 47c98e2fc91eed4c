import { sql } from 'kysely';
import type { Db } from '../schema';

/** The names of one contact or chat beside the id under which it is filed. */
export interface KnownNames {
  id: string;
  aliases: string[];
  phone: string | null;
}

/** Which of a person's or chat's ids everything of theirs is filed under. */
export class AliasesRepository {
  constructor(private readonly db: Db) {}

  /** The id under which one id is filed; itself where nothing else is known. */
  async resolve(instanceId: string, id: string): Promise<string> {
    const row = await this.db
      .selectFrom('aliases')
      .select('externalId')
      .where('instanceId', '=', instanceId)
      .where('alias', '=', id)
      .executeTakeFirst();
    return row?.externalId ?? id;
  }

  /** What else each of these ids is known by: every id that means the same, and the phone number. In their order. */
  async known(instanceId: string, ids: readonly string[]): Promise<KnownNames[]> {
    if (ids.length === 0) return [];
    const aliases = await this.db
      .selectFrom('aliases')
      .innerJoin('aliases as other', (join) =>
        join
          .onRef('other.instanceId', '=', 'aliases.instanceId')
          .onRef('other.externalId', '=', 'aliases.externalId'),
      )
      .select(['aliases.alias as id', 'other.alias'])
      .where('aliases.instanceId', '=', instanceId)
      .where('aliases.alias', 'in', [...ids])
      .execute();
    const contacts = await this.db
      .selectFrom('contacts')
      .select(['externalId', 'phone'])
      .where('instanceId', '=', instanceId)
      .where('externalId', 'in', [...ids])
      .execute();
    return ids.map((id) => ({
      id,
      aliases: aliases.filter((row) => row.id === id).map(({ alias }) => alias),
      phone: contacts.find(({ externalId }) => externalId === id)?.phone ?? null,
    }));
  }

  /**
   * Notes that all of these ids name the same, the preferred one first, and answers the one that it is filed under: the one
   * known longest by a chat or contact, else the preferred. What was filed apart before it was known to be one goes
   * together from now on; what is stored stays where it is.
   */
  async file(instanceId: string, ids: readonly string[]): Promise<string> {
    if (ids.length === 1) return this.resolve(instanceId, ids[0]);
    return this.db.transaction().execute(async (transaction) => {
      const rows = await transaction
        .selectFrom('aliases')
        .select(['alias', 'externalId'])
        .where('instanceId', '=', instanceId)
        .where('alias', 'in', [...ids])
        .execute();
      if (rows.length === ids.length && new Set(rows.map(({ externalId }) => externalId)).size === 1) {
        return rows[0].externalId;
      }
      const names = [...new Set([...ids, ...rows.map(({ externalId }) => externalId)])];
      const filed =
        rows.length > 0 ? names.filter((id) => rows.some(({ externalId }) => externalId === id)) : names;
      const externalId = (await this.oldest(transaction, instanceId, filed)) ?? filed[0];
      await transaction
        .insertInto('aliases')
        .values(names.map((alias) => ({ instanceId, alias, externalId })))
        .onConflict((conflict) =>
          conflict
            .columns(['instanceId', 'alias'])
            .doUpdateSet({ externalId })
            .where('aliases.externalId', '!=', externalId),
        )
        .execute();
      await transaction
        .updateTable('aliases')
        .set({ externalId })
        .where('instanceId', '=', instanceId)
        .where('externalId', 'in', names)
        .where('externalId', '!=', externalId)
        .execute();
      return externalId;
    });
  }

  /** Of these ids the one whose chat, else whose contact, is the oldest; undefined where there is none. Ids are UUIDv7. */
  private async oldest(db: Db, instanceId: string, ids: string[]): Promise<string | undefined> {
    for (const table of ['chats', 'contacts'] as const) {
      const row = await db
        .selectFrom(table)
        .select('externalId')
        .where('instanceId', '=', instanceId)
        .where('externalId', 'in', ids)
        .orderBy(sql`id`)
        .limit(1)
        .executeTakeFirst();
      if (row) return row.externalId;
    }
    return undefined;
  }
}
