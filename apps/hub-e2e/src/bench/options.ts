import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of sections; empty for all that run by default. */
  only: string[];
  quick: boolean;
  soak: boolean;
  growth: boolean;
  streams: boolean;
  /** Of each kind in `streams`. */
  turns: number;
  json: string | null;
  profileDir: string | null;
  help: boolean;
}

export const usage = `npm run bench -- [options]

  --quick            shorter rounds and fewer of them: for a first look
  --only=<names>     these sections only, separated by commas
  --soak             memory over 200,000 messages instead of 20,000
  --growth           adds the comparison with a store of 1,000,000 messages (about ten minutes)
  --streams          adds the memory of turns that an agent streams, beside that of turns that it does not (about six minutes)
  --turns <number>   of each kind there; 1000 by default
  --json <file>      writes the figures as JSON too; - for the standard output
  --profile <dir>    writes a CPU profile of every hub (open it in Chrome's or VS Code's profiler); costs some speed`;

/** Throws TypeError for an option that does not exist, or a value that is wrong. */
export function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      streams: { type: 'boolean', default: false },
      turns: { type: 'string', default: '1000' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { only, quick, soak, growth, streams, json, profile, help } = values;
  const turns = Number(values.turns);
  if (!Number.isInteger(turns) || turns < 200) throw new TypeError('--turns must be a number, 200 or more');
  return {
    only: only?.split(',') ?? [],
    quick,
    soak,
    growth,
    streams,
    turns,
    json: json ?? null,
    profileDir: profile ?? null,
    help,
  };
}
