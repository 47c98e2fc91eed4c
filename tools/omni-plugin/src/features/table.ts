import type { FeatureReport } from './look';

/** What is measured of a feature, as words. Pure. */
export function figuresOf(report: FeatureReport): Record<string, string> {
  const { tookMs, share, coverage, document, openDecisions, exempt } = report;
  const { firstRun } = document.facts;
  return {
    'first to last commit': tookMs === null ? '-' : duration(tookMs),
    pattern: share.all === 0 ? '-' : `${Math.floor((share.pattern / share.all) * 100)} %`,
    coverage: coverage === null ? '-' : `${coverage} %`,
    'first run': firstRun ? `${firstRun.failed} of ${firstRun.passed + firstRun.failed} failed` : '-',
    'exempt rules': exempt.length > 0 ? exempt.join(', ') : 'none',
    'open decisions': String(openDecisions.length),
  };
}

/** A row for each feature, the most urgent first, and below what each needs. Pure. */
export function featuresTable(reports: readonly FeatureReport[], apiChanges: readonly string[]): string {
  if (reports.length === 0)
    return 'There is no feature yet. Begin one: npx nx generate feature <name> --type=<type>';
  const sorted = [...reports].sort((one, other) => urgency(one) - urgency(other));
  const rows = sorted.map((report) => {
    const { feature, type, priority, target } = report.document.facts;
    return {
      feature,
      type,
      priority,
      target: target ?? '-',
      phase: report.standing.phase,
      ...figuresOf(report),
    };
  });
  return [
    aligned([Object.keys(rows[0]), ...rows.map((row) => Object.values(row))]),
    ...sorted.flatMap((report) => [needsOf(report)].filter(Boolean)),
    ...(apiChanges.length > 0 ? [list('The API since it was released', apiChanges)] : []),
  ].join('\n\n');
}

const priorities = ['high', 'medium', 'low'];

function urgency({ document, standing }: FeatureReport): number {
  const order = priorities.indexOf(document.facts.priority);
  return (standing.phase === 'released' ? 10 : 0) + (order < 0 ? priorities.length : order);
}

function needsOf({ document, standing, openDecisions, needsHuman }: FeatureReport): string {
  return [
    ...(standing.next ? [`${document.facts.feature}, next: ${standing.next}`] : []),
    ...(openDecisions.length > 0 ? [list('to be decided', openDecisions)] : []),
    ...(needsHuman.length > 0 ? [list('to be looked at by a human', needsHuman)] : []),
  ].join('\n');
}

function list(heading: string, items: readonly string[]): string {
  return [`  ${heading}:`, ...items.map((item) => `    - ${item}`)].join('\n');
}

function aligned(rows: readonly string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** In the unit that reads best: minutes, hours, days. */
export function duration(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours * 10) / 10} h` : `${Math.round(hours / 2.4) / 10} days`;
}
