import type { Pool, QueryResultRow } from 'pg';
import { DataError } from '../errors';

/** A statement that each connection parses and plans once. */
export interface Prepared {
  name: string;
  text: string;
}

/** Deadlock and serialization failure: PostgreSQL undid the statement and asks for another try. */
const tryAgain = new Set(['40P01', '40001']);
const maxTries = 6;

/** Runs prepared statements, each a transaction of its own. */
export class Session {
  constructor(private readonly pool: Pool) {}

  /** Rejects with DataError when a row is at fault, else with the database's error. */
  async run<Row extends QueryResultRow>({ name, text }: Prepared, values: unknown[]): Promise<Row[]> {
    for (let tries = 1; ; tries++) {
      try {
        return (await this.pool.query<Row>({ name, text, values })).rows;
      } catch (error) {
        const { code = '', message } = error as Error & { code?: string };
        if (isDataError(code)) throw new DataError(`${code}: ${message}`);
        if (!tryAgain.has(code) || tries === maxTries) throw error;
        await pause(tries);
      }
    }
  }
}

/** Classes 22 (data exception), 23 (integrity) and 54 (a limit of the program): the row will never be taken. */
const isDataError = (code: string) => /^(22|23|54)/.test(code);

const pause = (tries: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * 2 ** tries));
