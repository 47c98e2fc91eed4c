/**
 * Proves docker/Dockerfile without a container engine: follows its instructions in empty folders, one for each stage, starts
 * what its last stage starts, asks what its health check asks, and stops it with its stop signal. What needs the image's
 * own user and package manager is left out and said.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyContext } from './lib/context.mjs';
import { root } from './lib/run.mjs';

const folder = mkdtempSync(join(tmpdir(), 'omni-hub-image-'));
try {
  const image = build(readInstructions());
  checkPackages(image);
  await checkStart(image);
  console.log("\nThe image's steps work.");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function readInstructions() {
  return readFileSync(join(root, 'docker/Dockerfile'), 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ keyword: line.split(' ', 1)[0], rest: line.slice(line.indexOf(' ') + 1).trim() }));
}

/** Follows the instructions and answers the last stage. */
function build(instructions) {
  const stages = new Map();
  let stage;
  for (const { keyword, rest } of instructions) {
    if (keyword === 'FROM') {
      const name = rest.split(' AS ')[1] ?? 'image';
      stage = { root: join(folder, name), workdir: '/', env: {}, healthcheck: [], command: [], signal: '' };
      stages.set(name, stage);
    } else if (keyword === 'WORKDIR') {
      stage.workdir = rest;
      mkdirSync(join(stage.root, rest), { recursive: true });
    } else if (keyword === 'ENV') {
      for (const pair of rest.split(' ')) stage.env[pair.split('=')[0]] = pair.slice(pair.indexOf('=') + 1);
    } else if (keyword === 'COPY') copy(stage, stages, rest);
    else if (keyword === 'RUN') runIn(stage, rest);
    else if (keyword === 'HEALTHCHECK') stage.healthcheck = JSON.parse(rest.slice(rest.indexOf('CMD') + 3));
    else if (keyword === 'CMD') stage.command = JSON.parse(rest);
    else if (keyword === 'STOPSIGNAL') stage.signal = rest;
    else console.log(`– ${keyword} ${rest} (left to the container engine)`);
  }
  return stage;
}

function copy(stage, stages, rest) {
  console.log(`▸ COPY ${rest}`);
  const words = rest.split(' ');
  const from = words[0].startsWith('--from=') ? stages.get(words.shift().slice('--from='.length)) : null;
  const target = join(stage.root, stage.workdir, words.pop());
  for (const source of words) {
    if (from) cpSync(join(from.root, source), target, { recursive: true });
    else copyContext(source, target);
  }
}

function runIn(stage, command) {
  if (command.includes('chown')) return console.log(`– RUN ${command} (needs the image's user)`);
  console.log(`▸ RUN ${command}`);
  execFileSync('sh', ['-c', command], {
    cwd: join(stage.root, stage.workdir),
    env: { ...process.env, ...stage.env },
    stdio: 'inherit',
  });
}

/** Nothing is in the image that the lockfile has for development only. That nothing is missing, its start shows. */
function checkPackages(image) {
  const production = new Set(
    readPackages(join(root, 'package-lock.json'))
      .filter(({ dev }) => !dev)
      .map(named),
  );
  const installed = readPackages(join(image.root, image.workdir, 'node_modules/.package-lock.json')).map(
    named,
  );
  const unwanted = installed.filter((name) => !production.has(name));
  if (unwanted.length > 0) throw new Error(`development packages in the image: ${unwanted.join(', ')}`);
  console.log(`▸ ${installed.length} packages, none for development only`);
}

/** npm's records by path, `node_modules/a/node_modules/b`, with the path. */
function readPackages(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(packages).map(([path, entry]) => ({ path, ...entry }));
}

function named({ path, version }) {
  return `${path.split('node_modules/').at(-1)}@${version}`;
}

async function checkStart(image) {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    ...image.env,
    OMNI_PORT: String(port),
    OMNI_DATA_DIR: join(folder, 'data'),
  };
  const cwd = join(image.root, image.workdir);
  console.log(`▸ CMD ${image.command.join(' ')}`);
  const hub = spawn(image.command[0], image.command.slice(1), { cwd, env, stdio: 'inherit' });
  const ended = new Promise((resolve) => hub.once('exit', (code, signal) => resolve(code ?? signal)));
  await isHealthy(image, env, cwd, ended);
  console.log(`▸ healthy; ${image.signal}`);
  hub.kill(image.signal);
  const code = await ended;
  if (code !== 0) throw new Error(`the hub ended with ${code} after ${image.signal}`);
}

async function isHealthy(image, env, cwd, ended) {
  const [command, ...args] = image.healthcheck;
  let stopped = null;
  void ended.then((code) => (stopped = code));
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(250)) {
    if (stopped !== null) throw new Error(`the hub ended with ${stopped} before it was healthy`);
    try {
      return execFileSync(command, args, { cwd, env });
    } catch {
      // Not yet.
    }
  }
  throw new Error('the hub was not healthy within 20 seconds');
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
