import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, StoreError } from '../open-store';
import { event } from '../testing/samples';
import { describeStore } from '../testing/store.suite';

const folder = mkdtempSync(join(tmpdir(), 'omni-sqlite-'));
let databases = 0;
const freshUrl = () => `sqlite:${join(folder, `${++databases}.db`)}`;

afterAll(() => rmSync(folder, { recursive: true }));

describe('the store on SQLite', () => {
  describeStore(() => Promise.resolve(freshUrl()));

  it('makes the folder of its file', async () => {
    const store = await openStore(`sqlite:${join(folder, 'made', 'deep', 'hub.db')}`);
    await store.ping();
    await store.close();
  });

  it('refuses a second store on the same file, and says what to do', async () => {
    const url = freshUrl();
    const store = await openStore(url);
    await expect(openStore(url)).rejects.toThrow(/in use by another omni-hub.*OMNI_DATABASE_URL/);
    await store.close();
    await (await openStore(url)).close();
  });

  it('refuses a file that another process holds, until that process is gone, however it went', async () => {
    const url = freshUrl();
    const holder = spawn(process.execPath, ['-e', holdLock, `${url.slice('sqlite:'.length)}.lock`], {
      cwd: __dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await expect(openStore(url)).rejects.toBeInstanceOf(StoreError);
    const gone = once(holder, 'exit');
    holder.kill('SIGKILL');
    await gone;
    await (await openStore(url)).close();
  });

  it('says what is wrong with a file that is no database', async () => {
    const url = freshUrl();
    writeFileSync(url.slice('sqlite:'.length), 'this is a text, and a long one at that '.repeat(99));
    await expect(openStore(url)).rejects.toThrow(/cannot be opened: .*OMNI_DATABASE_URL/s);
  });

  it('refuses calls after it was closed', async () => {
    const store = await openStore(freshUrl());
    await store.close();
    await expect(store.hot.ingest(event('a'))).rejects.toBeInstanceOf(StoreError);
  });
});

describe('a database URL of no known kind', () => {
  it('is refused', async () => {
    await expect(openStore('mysql://x')).rejects.toThrow('must start with sqlite: or postgres://');
  });
});

const holdLock = `
  const db = new (require('better-sqlite3'))(process.argv[1]);
  db.exec('begin exclusive');
  console.log('held');
  setInterval(() => {}, 1000);
`;
