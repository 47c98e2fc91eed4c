import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, run, runNode, step } from './run.mjs';

/** Installs what package-lock.json names and node_modules lacks. Does nothing, in a few milliseconds, when all is there. */
export async function install() {
  if (!isInstalled()) {
    await step('Installing packages, about a minute the first time', () =>
      npm('ci', '--no-audit', '--no-fund'),
    );
  }
  if (!nativeModuleLoads()) {
    await step(`Building better-sqlite3 for Node ${process.version}`, () => npm('rebuild', 'better-sqlite3'));
  }
}

/** Compares npm's own record of the last complete install with the lockfile. */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const { packages: present } = readJson(record);
  const { packages: wanted } = readJson(join(root, 'package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

/** A native module is built for one Node version and may have to be built again after a change of Node. */
function nativeModuleLoads() {
  try {
    const Database = createRequire(join(root, 'package.json'))('better-sqlite3');
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}

function npm(...args) {
  const environment = { SCARF_ANALYTICS: 'false' };
  const cli = process.env.npm_execpath;
  return cli ? runNode([cli, ...args], environment) : run('npm', args, environment);
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
