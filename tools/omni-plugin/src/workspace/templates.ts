import { generateFiles, type Tree } from '@nx/devkit';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { refuseToOverwrite } from './files';

/**
 * Writes what a folder of templates makes, all or none: `__kebab__` in a path and `<%= kebab %>` in a text become the value of
 * that name, and `.template` at a name's end is dropped. Throws where one of the files exists and names every such file.
 */
export function addTemplates(tree: Tree, folder: string, target: string, values: object): void {
  refuseToOverwrite(
    tree,
    namesBelow(folder).map((name) => `${target}/${targetName(name, values)}`),
  );
  generateFiles(tree, folder, target, { ...values });
}

function namesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

function targetName(name: string, values: object): string {
  return Object.entries(values)
    .reduce((path, [key, value]) => path.replaceAll(`__${key}__`, String(value)), name)
    .replace(/\.template$/, '');
}
