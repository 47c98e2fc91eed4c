import type { Tree } from '@nx/devkit';
import { FsTree } from 'nx/src/generators/tree';
import { join } from 'node:path';

/** The folder of this workspace. */
export const workspaceRoot = join(__dirname, '../../../..');

/** For specs: this workspace as a generator sees it. What is written stays in memory. */
export function workspaceTree(): Tree {
  return new FsTree(workspaceRoot, false);
}

/** For specs: what a generator has done, a line for each file, in alphabetical order: `CREATE docs/a.md`. */
export function changesOf(tree: Tree): string[] {
  return tree
    .listChanges()
    .map(({ type, path }) => `${type} ${path}`)
    .sort((one, other) => (one.slice(7) < other.slice(7) ? -1 : 1));
}
