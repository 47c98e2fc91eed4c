import type { Database, Statement } from 'better-sqlite3';
import type { NewDeadLetter } from '../store';

/** Where what could not be answered or delivered is written, in the transaction that gives it up. */
export class DeadLetterLog {
  private readonly insert: Statement;

  constructor(db: Database) {
    this.insert = db.prepare(`
      insert into dead_letters (id, kind, instance_id, chat_id, ref_id, code, detail, raw, created_at)
      values (@id, @kind, @instanceId, @chatId, @refId, @code, @detail, @raw, @createdAt)
    `);
  }

  add(letter: NewDeadLetter): void {
    this.insert.run(letter);
  }
}
