import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from './spec-tree';

/** How a command ended. */
export interface Ran {
  code: number | null;
  stdout: string;
  /** What it wrote, both streams together. */
  output: string;
}

/** For specs: this workspace in a temporary folder of its own, to be changed and built there. Whoever makes it removes it. */
export class WorkspaceCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'omni-workspace-'));

  constructor() {
    const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
      cwd: workspaceRoot,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const files = listed.stdout.split('\0').filter((file) => file && existsSync(join(workspaceRoot, file)));
    if (files.length === 0) throw new Error(`git lists no files in ${workspaceRoot}: ${listed.stderr}`);
    for (const file of files) cpSync(join(workspaceRoot, file), join(this.root, file));
    symlinkSync(join(workspaceRoot, 'node_modules'), join(this.root, 'node_modules'));
  }

  /** Runs a program of node_modules/.bin in the copy, without Nx's daemon. Resolves when it has ended, however it did. */
  run(program: string, ...args: string[]): Promise<Ran> {
    return this.start(join(this.root, 'node_modules/.bin', program), args);
  }

  /** Runs a TypeScript file of the copy, as `run` does. */
  runTypeScript(file: string, ...args: string[]): Promise<Ran> {
    return this.start(process.execPath, ['-r', '@swc-node/register', file, ...args], {
      TS_NODE_PROJECT: 'tsconfig.base.json',
    });
  }

  /** Runs commands of a shell, as they stand in a guide, until one fails. */
  runShell(commands: string): Promise<Ran> {
    return this.start('sh', ['-e', '-c', commands]);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private start(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const child = spawn(command, args, {
      cwd: this.root,
      env: { ...outerEnvironment(), NX_DAEMON: 'false', FORCE_COLOR: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, stdout] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => (output += chunk));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, output }));
    });
  }
}

/** Without what Nx and Jest tell the programs that they start: it is about this workspace, not the copy. */
function outerEnvironment(): NodeJS.ProcessEnv {
  const isTheirs = (name: string) =>
    name.startsWith('NX_') || name.startsWith('JEST_') || name === 'NODE_ENV';
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isTheirs(name)));
}
