/**
 * Runs a PostgreSQL server in a folder of its own for as long as stdin stays open. Then both are gone, however the
 * process at the other end ended. Arguments: the folder of the binaries and a free port. The server's log goes to stderr.
 */
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, dirname, join } = require('node:path');

const [packaged, port] = process.argv.slice(2);
const isRoot = process.getuid?.() === 0;
/** PostgreSQL refuses to run as root: it runs as nobody then, in a place that nobody can reach. */
const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};
const folder = fs.mkdtempSync(join(isRoot ? '/tmp' : tmpdir(), 'omni-postgres-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const native = copyBinaries();
const options = {
  ...nobody,
  cwd: folder,
  env: { ...process.env, LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: 'C' },
};
const data = makeCluster();
const server = startServer();
server.on('exit', (code) => process.exit(code ?? 1));
// Fast shutdown: connections are closed, what was committed is on disk.
process.stdin.on('close', () => server.kill('SIGINT')).resume();

/** The checkout may be in a place that others cannot read, and its links are missing when no install script ran. */
function copyBinaries() {
  const copy = join(folder, 'native');
  fs.cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(folder, 0o755);
  for (const { source, target } of readLinks(copy)) {
    const link = join(folder, target);
    if (!fs.existsSync(link)) fs.symlinkSync(basename(source), link);
  }
  return copy;
}

/** What the package could not ship as links: all are within one folder. */
function readLinks(copy) {
  const list = join(copy, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return [];
  return JSON.parse(fs.readFileSync(list, 'utf8')).filter(
    ({ source, target }) => dirname(source) === dirname(target),
  );
}

function makeCluster() {
  const cluster = join(folder, 'data');
  fs.mkdirSync(cluster, { mode: 0o700 });
  if (isRoot) fs.chownSync(cluster, nobody.uid, nobody.gid);
  const settings = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(native, 'bin/initdb'), ['-D', cluster, ...settings], {
    ...options,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return cluster;
}

function startServer() {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '32MB',
    max_connections: 100,
    fsync: 'on',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawn(join(native, 'bin/postgres'), ['-D', data, ...flags], {
    ...options,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
