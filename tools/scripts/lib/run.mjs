import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The workspace's folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

const nxEnvironment = {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NX_NO_CLOUD: 'true',
  // Plugins in one process: the graph is ready in half a second instead of two.
  NX_ISOLATE_PLUGINS: 'false',
};

/** Runs a program in the workspace with this terminal as its own; answers its exit code. Passes on what stops this process. */
export function run(command, args, environment = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    // A terminal sends its interrupt to the child too: passing it on would make two of one.
    const pass = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

export const runNode = (args, environment) => run(process.execPath, args, environment);

export const runNx = (...args) => runNode(['node_modules/nx/dist/bin/nx.js', ...args], nxEnvironment);

/** Runs a TypeScript file without a build. */
export const runTypeScript = (file, args = []) =>
  runNode(['--enable-source-maps', '-r', '@swc-node/register', file, ...args], {
    TS_NODE_PROJECT: 'tsconfig.base.json',
  });

/** Says what happens now, runs it, and ends this process with its exit code where it fails. */
export async function step(title, work) {
  console.log(`\n▸ ${title}`);
  const started = Date.now();
  const ticker = setInterval(() => console.log(`  … ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  const code = await work().finally(() => clearInterval(ticker));
  if (code !== 0) process.exit(code);
}
