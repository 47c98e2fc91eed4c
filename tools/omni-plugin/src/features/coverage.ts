/** Jest's `coverage-summary.json`, as far as it is read. */
export type CoverageSummary = Record<string, { lines: { total: number; covered: number } }>;

/** Per cent of all lines, rounded down to a tenth; 0 where there are none. Pure. */
export function lineCoverage({ total }: CoverageSummary): number {
  const { total: all, covered } = total?.lines ?? { total: 0, covered: 0 };
  return all === 0 ? 0 : Math.floor((covered / all) * 1_000) / 10;
}
