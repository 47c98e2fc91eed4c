import type { Tree } from '@nx/devkit';

/** File paths, from the workspace's root, to their text. */
export type Files = Readonly<Record<string, string>>;

/** Writes new files, all or none. Throws where one of them exists and names every such file. */
export function addFiles(tree: Tree, files: Files): void {
  refuseToOverwrite(tree, Object.keys(files));
  for (const [path, text] of Object.entries(files)) tree.write(path, text);
}

/** Throws where a file or a folder with something in it is at one of the paths. */
export function refuseToOverwrite(tree: Tree, paths: readonly string[]): void {
  const taken = paths.filter((path) => tree.exists(path));
  if (taken.length > 0) {
    throw new Error(`Nothing was written, for these exist already: ${taken.join(', ')}`);
  }
}

/** The text of a file. Throws where it is not there. */
export function readText(tree: Tree, path: string): string {
  const text = tree.read(path, 'utf8');
  if (text === null) throw new Error(`${path} is missing: run this in a whole workspace of the hub`);
  return text;
}

/** Rewrites a file that exists. Throws where it does not. */
export function editText(tree: Tree, path: string, edit: (text: string) => string): void {
  tree.write(path, edit(readText(tree, path)));
}
