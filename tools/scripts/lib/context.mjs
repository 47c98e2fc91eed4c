import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';

/**
 * Copies the build context of the image, or the part below `source`, into a folder. It is what git would commit: less than what
 * .dockerignore lets through.
 */
export function copyContext(source, target) {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', source];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const file of files.filter((name) => existsSync(join(root, name)))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file));
  }
}
