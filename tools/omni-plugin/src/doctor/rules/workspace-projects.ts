import { headingsOf, linksOf, tableRows } from '../markdown';
import type { Problem, Rule } from '../rule';
import { constant, fieldsOf } from '../source';
import { below, type Workspace } from '../workspace';

const index = 'docs/decisions/README.md';

/** WS-4 */
export const taggedProjects: Rule = {
  id: 'WS-4',
  what: 'every project has one tag of its kind, and that kind is one that the boundaries know',
  why: 'the boundaries between projects are rules about these tags: a project without one may be imported by nobody',
  fix: 'give project.json one of the kinds in eslint.config.mjs: "tags": ["type:channel"]',
  check: (workspace) => {
    const kinds = constant(workspace.read('eslint.config.mjs'), 'mayImport');
    const known = kinds ? [...fieldsOf(kinds).keys()] : [];
    return projectsOf(workspace).flatMap(({ file, tags }) => {
      const types = tags.filter((tag) => tag.startsWith('type:')).map((tag) => tag.slice('type:'.length));
      if (types.length !== 1)
        return [{ file, problem: `has ${types.length || 'no'} tags of the form type:…` }];
      return known.includes(types[0])
        ? []
        : [{ file, problem: `has the tag type:${types[0]}, which no boundary knows` }];
    });
  },
};

/** WS-5 */
export const namedProjects: Rule = {
  id: 'WS-5',
  what: 'a project is called as its folder says: libs/channels/x is channel-x, everything else the name of its folder',
  why: '`nx test channel-telegram` is guessed, not looked up',
  fix: 'correct "name" in project.json, and "displayName" in jest.config.cjs',
  check: (workspace) =>
    projectsOf(workspace).flatMap(({ file, name }) => {
      const folder = file.split('/').slice(0, -1);
      const last = folder.at(-1) ?? '';
      const wanted = folder.slice(0, -1).join('/') === 'libs/channels' ? `channel-${last}` : last;
      return name === wanted
        ? []
        : [{ file, problem: `is called ${name}; in ${folder.join('/')} it is ${wanted}` }];
    }),
};

/** WS-6 */
export const indexedDecisions: Rule = {
  id: 'WS-6',
  what: `every decision has its line in ${index} and a number of its own, and its title says the number`,
  why: 'a decision that nobody finds is taken again',
  fix: `add \`| [0000](0000-name.md) | what was decided |\` to ${index}`,
  check: (workspace) => {
    const decisions = below(workspace, 'docs/decisions').filter((file) => file !== index);
    const linked = linksOf(workspace.read(index)).map(({ target }) => `docs/decisions/${target}`);
    const rows = tableRows(workspace.read(index)).map(([link = '']) => /\[(\d{4})\]\((\d{4})-/.exec(link));
    const numbers = decisions.map((file) => numberOf(file));
    return [
      ...decisions.flatMap((file) => decisionProblems(workspace, file, linked, numbers)),
      ...rows
        .filter((row) => row === null || row[1] !== row[2])
        .map((row) => ({
          file: index,
          problem: `has a row whose number is not that of its file: ${row?.[0] ?? 'no link'}`,
        })),
    ];
  },
};

function decisionProblems(
  workspace: Workspace,
  file: string,
  linked: string[],
  numbers: string[],
): Problem[] {
  const number = numberOf(file);
  if (number === '') return [{ file, problem: 'is no decision: its name must be like 0000-name.md' }];
  const [title = ''] = headingsOf(workspace.read(file));
  return [
    ...(linked.includes(file) ? [] : [{ file: index, problem: `has no line for ${file}` }]),
    ...(title.startsWith(`${number} `)
      ? []
      : [
          {
            file,
            problem: `has a title that does not begin with ${number}`,
            fix: `# ${number} What was decided`,
          },
        ]),
    ...(numbers.filter((other) => other === number).length === 1
      ? []
      : [{ file, problem: `shares its number ${number}`, fix: 'give the later one the next free number' }]),
  ];
}

function numberOf(file: string): string {
  return /^docs\/decisions\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1] ?? '';
}

interface Project {
  file: string;
  name: string;
  tags: string[];
}

function projectsOf(workspace: Workspace): Project[] {
  return workspace.files
    .filter((file) => /^(apps|libs|tools)\/.*project\.json$/.test(file) && !file.includes('/files/'))
    .map((file) => ({ file, name: '', tags: [], ...(JSON.parse(workspace.read(file)) as object) }));
}
