import { execFileSync } from 'node:child_process';

/** One commit, newest first in a history. */
export interface Commit {
  id: string;
  at: Date;
  subject: string;
}

/** What git knows of a workspace. Without git, or without a commit, every history is empty. */
export interface History {
  /** The last tag that can be reached from here; null where there is none. */
  lastTag(): string | null;
  /** The commits that touched one of the paths, newest first. */
  commits(paths: readonly string[]): Commit[];
  /** The commit before one; null where it is the first of all. */
  before(commit: string): string | null;
  /** The newest commit; null where there is none. */
  head(): string | null;
  /** A file as it was; null where it was not there. */
  show(commit: string, file: string): string | null;
  /** The files below one of the paths as they were. */
  filesAt(commit: string, paths: readonly string[]): string[];
}

/** Reads only. Never throws. */
export function historyOf(root: string): History {
  const git = (...args: string[]): string | null => {
    try {
      return execFileSync('git', args, {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 64 * 1024 * 1024,
      });
    } catch {
      return null;
    }
  };
  const line = (...args: string[]) => git(...args)?.trim() || null;
  return {
    lastTag: () => line('describe', '--tags', '--abbrev=0'),
    commits: (paths) => readLog(git('log', '--format=%H%x09%aI%x09%s', '--', ...paths) ?? ''),
    before: (commit) => line('rev-parse', '--verify', '--quiet', `${commit}^`),
    head: () => line('rev-parse', '--verify', '--quiet', 'HEAD'),
    show: (commit, file) => git('show', `${commit}:${file}`),
    filesAt: (commit, paths) =>
      (git('ls-tree', '-r', '-z', '--name-only', commit, '--', ...paths) ?? '').split('\0').filter(Boolean),
  };
}

/** `id<tab>date<tab>subject`, a line for each commit. */
export function readLog(log: string): Commit[] {
  return log
    .split('\n')
    .filter(Boolean)
    .map((entry) => {
      const [id, at, ...subject] = entry.split('\t');
      return { id, at: new Date(at), subject: subject.join('\t') };
    });
}
