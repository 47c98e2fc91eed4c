import { channelLibraries, filesOf, type ChannelLibrary } from '../channels';
import type { Problem, Rule } from '../rule';
import type { Workspace } from '../workspace';

/** SHAPE-6 */
export const shapeInventory: Rule = {
  id: 'SHAPE-6',
  what: "inventory.txt lists each of a channel's specs and fixtures",
  why: 'nothing imports them: without the list, a case that is lost is a case that nobody misses',
  fix: 'run `npm run doctor -- --fix`, which adds what is new and takes nothing out',
  check: (workspace) =>
    channelLibraries(workspace).flatMap((library) => inventoryProblems(workspace, library)),
};

/** What an inventory lists, of a channel's files relative to its library: one a line, sorted. */
export function inventoryOf(files: readonly string[]): string {
  return files
    .filter((file) => file.endsWith('.spec.ts') || /^fixtures\/.*\.json$/.test(file))
    .sort()
    .map((file) => `${file}\n`)
    .join('');
}

function inventoryProblems(workspace: Workspace, library: ChannelLibrary): Problem[] {
  const file = `${library.root}/inventory.txt`;
  const there = linesOf(inventoryOf(filesOf(workspace, library)));
  if (!workspace.has(file)) return [{ file, problem: 'is missing', mended: inventoryOf(there) }];
  const listed = linesOf(workspace.read(file));
  const all = inventoryOf([...new Set([...there, ...listed])]);
  const gone = difference(listed, there).map((lost) => ({
    file: `${library.root}/${lost}`,
    problem: 'is listed in inventory.txt and not there',
    fix: `restore it; where it is meant to go, take its line out of ${file}, so that whoever reviews the change sees it`,
  }));
  const added = difference(there, listed).map((more) => ({
    file,
    problem: `does not list ${more}`,
    mended: all,
  }));
  return [...gone, ...added];
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function difference(these: readonly string[], those: readonly string[]): string[] {
  const known = new Set(those);
  return these.filter((line) => !known.has(line));
}
