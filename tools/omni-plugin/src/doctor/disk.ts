import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Workspace } from './workspace';

/** What is made, not written. */
const skipped = new Set(['node_modules', 'dist', 'tmp', 'data', 'coverage', '.nx', '.git']);

/** The workspace in a folder: its list of files as it is now, their texts as they are when first read. */
export function diskWorkspace(root: string): Workspace {
  const files = filesBelow(root)
    .map((path) => relative(root, path).replaceAll('\\', '/'))
    .sort();
  const known = new Set(files);
  const texts = new Map<string, string>();
  const load = (file: string) => {
    const text = readFileSync(join(root, file), 'utf8');
    texts.set(file, text);
    return text;
  };
  return {
    files,
    has: (file) => known.has(file),
    read: (file) => (known.has(file) ? (texts.get(file) ?? load(file)) : ''),
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
