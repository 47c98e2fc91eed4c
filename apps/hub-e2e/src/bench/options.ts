import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of sections; empty for all that run by default. */
  only: string[];
  quick: boolean;
  soak: boolean;
  growth: boolean;
  json: string | null;
  profileDir: string | null;
  help: boolean;
}

export const usage = `npm run bench -- [options]

  --quick            shorter rounds and fewer of them: for a first look
  --only=<names>     these sections only, separated by commas
  --soak             memory over 200,000 messages instead of 20,000
  --growth           adds the comparison with a store of 1,000,000 messages (about ten minutes)
  --json <file>      writes the figures as JSON too; - for the standard output
  --profile <dir>    writes a CPU profile of every hub (open it in Chrome's or VS Code's profiler); costs some speed`;

/** Throws TypeError for an option that does not exist. */
export function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { only, quick, soak, growth, json, profile, help } = values;
  return {
    only: only?.split(',') ?? [],
    quick,
    soak,
    growth,
    json: json ?? null,
    profileDir: profile ?? null,
    help,
  };
}
