import { spawn } from 'node:child_process';

/** Runs a Node program in a folder with this terminal as its own; answers its exit code. */
export function runNode(root: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...environmentOfPrograms(), ...environment },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Nx tells its tasks which project they are of; the programs here are of another. */
function environmentOfPrograms(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NX_TASK_')));
}
