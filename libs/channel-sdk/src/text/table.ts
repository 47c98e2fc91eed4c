import { displayWidth } from './width';

export type ColumnAlign = 'left' | 'right' | 'center' | null;

/** Rows as lines of one width for a monospaced font; the first row is the head. */
export function formatTable(rows: string[][], aligns: readonly ColumnAlign[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const lines = rows.map((row) =>
    widths
      .map((width, column) => pad(row[column] ?? '', width, aligns[column]))
      .join(' | ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function pad(cell: string, width: number, align: ColumnAlign | undefined): string {
  const missing = width - displayWidth(cell);
  const before = align === 'right' ? missing : align === 'center' ? Math.floor(missing / 2) : 0;
  return ' '.repeat(before) + cell + ' '.repeat(missing - before);
}
