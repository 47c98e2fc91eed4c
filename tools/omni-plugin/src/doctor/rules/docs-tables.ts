import type { Facts } from '../facts';
import { withoutAlignment } from '../markdown';
import type { Problem, Rule } from '../rule';
import type { Workspace } from '../workspace';

const guide = 'docs/guides/configuration.md';
const environment = '.env.example';

/** DOC-3 */
export const capabilityTables: Rule = {
  id: 'DOC-3',
  what: "the capability tables of each channel's README are those of its code",
  why: 'who chooses a channel reads the table, not the code',
  fix: 'run `npm run doctor -- --fix`, which writes the tables',
  check: (workspace, facts) => [
    ...broken(facts),
    ...Object.entries(facts.capabilityTables ?? {}).flatMap(([id, tables]) =>
      readmeProblems(workspace, id, tables),
    ),
  ],
};

/** DOC-4 */
export const configurationTables: Rule = {
  id: 'DOC-4',
  what: `the settings in ${guide} and ${environment} are those of the code`,
  why: 'an operator believes the table',
  fix: 'run `npm run docs`, which writes both',
  check: (workspace, { settingsTable, environmentExample }) => [
    ...(settingsTable === null ||
    withoutAlignment(workspace.read(guide)).includes(withoutAlignment(settingsTable))
      ? []
      : [{ file: guide, problem: 'has another table of settings than the code' }]),
    ...(environmentExample === null || workspace.read(environment) === environmentExample
      ? []
      : [{ file: environment, problem: 'has other settings than the code', mended: environmentExample }]),
  ],
};

function broken({ problem }: Facts): Problem[] {
  if (problem === null) return [];
  return [
    {
      file: 'apps/hub/src/channels/registry.ts',
      problem: `cannot be loaded with all its channels: ${problem}`,
      fix: 'mend what the other findings and `npx nx run-many -t typecheck` name first',
    },
  ];
}

function readmeProblems(
  workspace: Workspace,
  id: string,
  tables: Readonly<Record<string, string>>,
): Problem[] {
  const file = `libs/channels/${id}/README.md`;
  if (!workspace.has(file)) return [];
  const text = workspace.read(file);
  const wrong = Object.entries(tables).filter(([, table]) => !withoutAlignment(text).includes(table));
  const mended = wrong.reduce((rest, [heading, table]) => withTable(rest, heading, table), text);
  return wrong.map(([heading]) => ({
    file,
    problem: `its table "${heading}" is not that of the code`,
    ...(mended === text
      ? { fix: `add a table whose first heading is "${heading}"; \`--fix\` then fills it` }
      : { mended }),
  }));
}

/** The text with its table of this first heading replaced; itself where it has none. */
function withTable(text: string, heading: string, table: string): string {
  const old = new RegExp(`^\\| *${heading} *\\|[^\\n]*\\n(\\|[^\\n]*(\\n|$))+`, 'm');
  return text.replace(old, () => table);
}
