import { startTestPostgres, type TestPostgres } from '@omni-hub/test-postgres';
import { Client } from 'pg';
import { describeStore } from '../testing/store.suite';

jest.setTimeout(60_000);

let database: TestPostgres;

beforeAll(async () => {
  database = await startTestPostgres();
});
afterAll(() => database.stop());

/** Empties the one database: much faster than making another. */
async function emptied(): Promise<string> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('drop schema public cascade; create schema public');
  await client.end();
  return database.url;
}

describe('the store on PostgreSQL', () => {
  describeStore(emptied);
});
