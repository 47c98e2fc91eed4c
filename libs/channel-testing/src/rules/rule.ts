import type { Context } from '../context';
import { show } from '../fixtures/compare';

/** Every rule that a channel can break. `docs/patterns/channel.md` explains each. */
export const ruleIds = [
  'IN-1',
  'IN-2',
  'IN-3',
  'IN-4',
  'IN-5',
  'IN-6',
  'IN-7',
  'IN-8',
  'IN-9',
  'OUT-1',
  'OUT-2',
  'OUT-3',
  'OUT-4',
  'OUT-5',
  'OUT-6',
  'CAP-1',
  'CAP-2',
  'CFG-1',
  'LIVE-1',
  'META-1',
  'META-2',
] as const;

export type RuleId = (typeof ruleIds)[number];

/** `required`: without it a channel is not registered. `complete`: every rule. */
export type Tier = 'required' | 'complete';

export interface Rule {
  id: RuleId;
  tier: Tier;
  /** What holds when the rule is kept. */
  title: string;
  /** Resolves where the rule is kept or does not apply to the channel; rejects with a RuleViolation where it is broken. */
  check(context: Context): Promise<void>;
}

const shownProblems = 12;

/** A rule is broken. The message starts with the rule's id and tells each place. */
export class RuleViolation extends Error {
  constructor(
    readonly ruleId: RuleId,
    readonly problems: readonly string[],
  ) {
    super(`${ruleId}: ${summary(problems)}`);
    this.name = 'RuleViolation';
  }
}

/** Collects what is wrong, so that one run tells everything. */
export class Findings {
  private readonly problems: string[] = [];

  constructor(private readonly ruleId: RuleId) {}

  add(subject: string, ...problems: string[]): void {
    for (const problem of problems) this.problems.push(`${subject}: ${problem}`);
  }

  /** Adds the problems that `run` returns, or the error that it throws. */
  async attempt(subject: string, run: () => string[] | Promise<string[]>): Promise<void> {
    try {
      this.add(subject, ...(await run()));
    } catch (error) {
      this.add(subject, `threw ${show(error)}`);
    }
  }

  /** Adds a problem after which going on is useless. */
  fail(subject: string, problem: string): never {
    this.add(subject, problem);
    throw new RuleViolation(this.ruleId, this.problems);
  }

  /** Throws a RuleViolation when anything was added. */
  conclude(): void {
    if (this.problems.length > 0) throw new RuleViolation(this.ruleId, this.problems);
  }
}

function summary(problems: readonly string[]): string {
  if (problems.length === 1) return problems[0];
  const shown = problems.slice(0, shownProblems).map((problem) => `\n  - ${problem}`);
  const rest = problems.length - shown.length;
  return `${problems.length} problems${shown.join('')}${rest > 0 ? `\n  … and ${rest} more` : ''}`;
}
