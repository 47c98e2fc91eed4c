import { writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { fsyncMs } from './disk';

/** One figure, with what it is compared with. */
export interface Row {
  section: string;
  figure: string;
  value: number;
  unit: string;
  target: string | null;
  /** Null where there is no target. */
  reached: boolean | null;
  ratio: { value: number; to: string } | null;
  detail: string;
}

export const machine = () => ({
  node: process.version,
  platform: `${platform()} ${arch()}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 1e9),
  fsyncMs: fsyncMs(),
});

export function printTable(rows: Row[]): void {
  const header = ['figure', 'measured', 'target', '', 'ratio', 'detail'];
  const lines = [header, ...rows.map(cells)];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const print = (line: string[]) =>
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  console.log();
  print(header);
  print(widths.map((width) => '-'.repeat(width)));
  for (const row of rows) print(cells(row));
}

function cells({ figure, value, unit, target, reached, ratio, detail }: Row): string[] {
  return [
    figure,
    `${shown(value)} ${unit}`,
    target ?? '',
    reached === null ? '' : reached ? 'reached' : 'NOT REACHED',
    ratio ? `${shown(ratio.value)} × ${ratio.to}` : '',
    detail,
  ];
}

/** Three digits that mean something. */
export function shown(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value
    .toPrecision(3)
    .replace(/(\.\d*?)0+$|\.$/, '$1')
    .replace(/\.$/, '');
}

/** To a file, or after the table to the standard output for `-`. */
export function writeJson(to: string, rows: Row[]): void {
  const json = JSON.stringify(
    { date: new Date().toISOString(), machine: machine(), command: process.argv.slice(2), rows },
    null,
    2,
  );
  if (to === '-') console.log(json);
  else writeFileSync(to, `${json}\n`);
}
