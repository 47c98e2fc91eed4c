import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { startTestPostgres, type TestPostgres } from '.';

jest.setTimeout(60_000);

describe('startTestPostgres', () => {
  let first: TestPostgres;

  beforeAll(async () => {
    first = await startTestPostgres();
  });
  afterAll(() => first.stop());

  it('answers a database that keeps what it is given', async () => {
    await query(first.url, 'create table notes (text text)');
    await query(first.url, `insert into notes values ('kept')`);
    expect(await query(first.url, 'select text from notes')).toEqual([{ text: 'kept' }]);
  });

  it('gives each caller a database of its own, and takes it away at the end', async () => {
    const second = await startTestPostgres();
    expect(await query(second.url, `select to_regclass('notes') as notes`)).toEqual([{ notes: null }]);
    await second.stop();
    await expect(query(second.url, 'select 1')).rejects.toThrow(/does not exist/);
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('stops once, however often it is asked to', async () => {
    const second = await startTestPostgres();
    await Promise.all([second.stop(), second.stop()]);
    await second.stop();
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a process that started a server and was killed', () => {
  it('leaves no server and no files behind', async () => {
    const { OMNI_TEST_DATABASE_URL: _, ...env } = process.env;
    const child = spawn(process.execPath, ['-r', '@swc-node/register', '-e', program], {
      cwd: __dirname,
      env,
    });
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    const { url, folder } = JSON.parse(line) as { url: string; folder: string };
    expect(existsSync(folder)).toBe(true);

    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;

    await until(async () => !(await accepts(Number(new URL(url).port))) && !existsSync(folder));
  });
});

const program = `
  const { startTestPostgres } = require(${JSON.stringify(join(__dirname, 'index.ts'))});
  const { Client } = require('pg');
  startTestPostgres().then(async ({ url }) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query("select setting as folder from pg_settings where name = 'data_directory'");
    console.log(JSON.stringify({ url, folder: rows[0].folder }));
  });
`;

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** Ends by the test's own limit. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
