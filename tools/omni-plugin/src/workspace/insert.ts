/**
 * Puts a line into a run of lines that look alike (imports, rows of a table, exports), in alphabetical order; where the run is
 * not in order, before the first line that is greater. `alike` tells which lines the run has: the first such run counts.
 * Throws where there is none, or where the line is there already.
 */
export function insertSorted(text: string, line: string, alike: RegExp): string {
  const lines = text.split('\n');
  if (lines.includes(line)) throw new Error(`There is already a line "${line.trim()}"`);
  const first = lines.findIndex((candidate) => alike.test(candidate));
  if (first < 0) throw new Error(`Nothing like "${line.trim()}" was found to put it beside`);
  let at = first;
  while (at < lines.length && alike.test(lines[at]) && lines[at] < line) at += 1;
  return [...lines.slice(0, at), line, ...lines.slice(at)].join('\n');
}

/** Puts a line behind the last line that looks alike. Throws where there is none, or where the line is there already. */
export function insertLast(text: string, line: string, alike: RegExp): string {
  const lines = text.split('\n');
  if (lines.includes(line)) throw new Error(`There is already a line "${line.trim()}"`);
  const last = lines.findLastIndex((candidate) => alike.test(candidate));
  if (last < 0) throw new Error(`Nothing like "${line.trim()}" was found to put it beside`);
  return [...lines.slice(0, last + 1), line, ...lines.slice(last + 1)].join('\n');
}

/**
 * Puts `export { … } from '<source>';` into an index of such exports, in the alphabetical order of their sources. Throws where the
 * source is exported already.
 */
export function insertExport(text: string, names: readonly string[], source: string): string {
  const exports = [...text.matchAll(/^export [^;]*? from '([^']+)';\n/gm)];
  if (exports.some((found) => found[1] === source)) throw new Error(`"${source}" is exported already`);
  const next = exports.find((found) => found[1] > source);
  const at = next ? next.index : text.length;
  return `${text.slice(0, at)}export { ${names.join(', ')} } from '${source}';\n${text.slice(at)}`;
}
