import { startBaseline } from './baseline';
import { Bench, type Section } from './bench';
import { type BenchOptions, readOptions, usage } from './options';
import { machine, printTable, type Row, shown, writeJson } from './report';
import { acknowledged } from './sections/acknowledged';
import { addedTime } from './sections/added-time';
import { delivered, deliveredOnPostgres } from './sections/delivered';
import { growth } from './sections/growth';
import { memory } from './sections/memory';
import { replicas } from './sections/replicas';
import { start } from './sections/start';
import { streams } from './sections/streams';

const sections: Section[] = [
  start,
  memory,
  streams,
  addedTime,
  acknowledged,
  delivered,
  deliveredOnPostgres,
  replicas,
  growth,
];

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error instanceof TypeError ? `${error.message}\n\n${usage}` : error.stack);
    process.exit(2);
  },
);

/** Answers 0 when every target is reached, 1 when one is not, 2 when a section failed. */
async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    console.log(`${usage}\n\nSections: ${sections.map(({ name }) => name).join(', ')}`);
    return 0;
  }
  const chosen = choose(options);
  const { node, cpu, cores, platform, fsyncMs } = machine();
  console.log(`\nNode ${node}, ${cores} × ${cpu}, ${platform}, fsync ${shown(fsyncMs)} ms`);

  const baseline = await startBaseline();
  const rows: Row[] = [];
  let failed = false;
  try {
    const bench = new Bench(options, baseline);
    for (const section of chosen) {
      console.log(`\n▸ ${section.name}`);
      try {
        rows.push(...(await section.run(bench)));
      } catch (error) {
        failed = true;
        console.error(`  failed: ${(error as Error).stack}`);
      }
    }
  } finally {
    await baseline.stop();
  }
  printTable(rows);
  if (options.json) writeJson(options.json, rows);
  if (failed) return 2;
  return rows.every(({ reached }) => reached !== false) ? 0 : 1;
}

function choose(options: BenchOptions): Section[] {
  const { only } = options;
  const unknown = only.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    throw new TypeError(
      `No such section: ${unknown.join(', ')}. There are ${sections.map(({ name }) => name).join(', ')}.`,
    );
  }
  if (only.length > 0) return sections.filter(({ name }) => only.includes(name));
  return sections.filter(({ onDemand }) => !onDemand || options[onDemand]);
}
