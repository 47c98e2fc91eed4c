import type { Facts } from './facts';
import type { Workspace } from './workspace';

/** Something that is wrong at one place. */
export interface Problem {
  /** The file that is wrong, or that is missing. */
  file: string;
  /** What is wrong with it, for a person. */
  problem: string;
  /** How to mend this very place; the rule's own advice where it is absent. */
  fix?: string;
  /** The file's whole text as it should be, where that is known: what `--fix` writes. */
  mended?: string;
}

/** What must hold in the workspace. Each has a section in docs/patterns/doctor.md. */
export interface Rule {
  id: string;
  /** What holds when the rule is kept. */
  what: string;
  /** Why it matters. */
  why: string;
  /** How a broken one is mended. */
  fix: string;
  /** Pure: the same workspace has the same problems. */
  check(workspace: Workspace, facts: Facts): Problem[];
}

/** A problem with all that is to be said about it. */
export interface Finding extends Problem {
  rule: string;
  why: string;
  fix: string;
}

/** What is wrong in a workspace, in the order of the rules. */
export function examine(rules: readonly Rule[], workspace: Workspace, facts: Facts): Finding[] {
  return rules.flatMap(({ id, why, fix, check }) =>
    check(workspace, facts).map((problem) => ({ rule: id, why, ...problem, fix: problem.fix ?? fix })),
  );
}
