import type { NewDeadLetter } from '../store';
import { wasDone } from './outbox-writes';
import type { Columns } from './rows';

/** A dead letter with the id of the turn or delivery whose end it is written with. */
export interface HeldLetter {
  letter: NewDeadLetter;
  holder: string;
}

export const letterColumns: Columns<HeldLetter> = {
  id: ['text', ({ letter }) => letter.id],
  kind: ['text', ({ letter }) => letter.kind],
  instance_id: ['text', ({ letter }) => letter.instanceId],
  chat_id: ['text', ({ letter }) => letter.chatId],
  ref_id: ['text', ({ letter }) => letter.refId],
  code: ['text', ({ letter }) => letter.code],
  detail: ['text', ({ letter }) => letter.detail],
  raw: ['bytea', ({ letter }) => letter.raw],
  created_at: ['bigint', ({ letter }) => letter.createdAt],
  holder: ['text', ({ holder }) => holder],
};

export const lettersOf = <Item extends { deadLetter: NewDeadLetter | null }>(
  items: readonly Item[],
  holderOf: (item: Item) => string,
): HeldLetter[] =>
  items.flatMap((item) => (item.deadLetter ? [{ letter: item.deadLetter, holder: holderOf(item) }] : []));

/** SQL: stores the dead letters whose holder is in `done (holder)`. */
export const storeLetters = (lettersSql: string) => `
  letters as (
    insert into dead_letters (id, kind, instance_id, chat_id, ref_id, code, detail, raw, created_at)
    select d.id, d.kind, d.instance_id, d.chat_id, d.ref_id, d.code, d.detail, d.raw, d.created_at
    from ${lettersSql} where ${wasDone('d.holder')}
  )`;
