import { tableRows } from '../markdown';
import type { Problem, Rule } from '../rule';
import type { Workspace } from '../workspace';

const manifest = 'package.json';
const reasons = 'docs/decisions/0006-dependencies.md';
const exact = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** WS-1 */
export const oneNx: Rule = {
  id: 'WS-1',
  what: 'Nx and its plugins have one version',
  why: 'plugins reach into Nx: a mixture fails in ways that name neither',
  fix: `give all of them the version of nx in ${manifest}, then \`npm install\``,
  check: (workspace) => {
    const versions = Object.entries(everything(read(workspace, manifest)));
    const wanted = versions.find(([name]) => name === 'nx')?.[1];
    return versions
      .filter(([name, version]) => name.startsWith('@nx/') && version !== wanted)
      .map(([name, version]) => ({ file: manifest, problem: `has ${name} ${version} beside nx ${wanted}` }));
  },
};

/** WS-2 */
export const exactVersions: Rule = {
  id: 'WS-2',
  what: 'every version in a package.json is exact',
  why: 'a range is another program next month',
  fix: 'write the version that package-lock.json has',
  check: (workspace) =>
    workspace.files
      .filter((file) => file === manifest || (file.endsWith('/package.json') && !file.includes('/files/')))
      .flatMap((file) =>
        Object.entries(everything(read(workspace, file)))
          .filter(([, version]) => !exact.test(version))
          .map(([name, version]) => ({ file, problem: `has ${name} ${version}, which is no exact version` })),
      ),
};

/** WS-3 */
export const reasonedDependencies: Rule = {
  id: 'WS-3',
  what: `each dependency has its line in ${reasons}, and each line its dependency`,
  why: 'what nobody can say the reason of stays for ever',
  fix: `add a line that says why it is there, or take out what is gone`,
  check: (workspace) => {
    const names = Object.keys(everything(read(workspace, manifest)));
    const named = tableRows(workspace.read(reasons)).flatMap(([cell = '']) => packagesIn(cell));
    const fits = (pattern: string, name: string) =>
      pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
    const missing: Problem[] = names
      .filter((name) => !named.some((pattern) => fits(pattern, name)))
      .map((name) => ({ file: reasons, problem: `has no line for ${name}` }));
    const gone: Problem[] = named
      .filter((pattern) => !names.some((name) => fits(pattern, name)))
      .map((pattern) => ({
        file: reasons,
        problem: `has a line for ${pattern}, which ${manifest} does not have`,
      }));
    return [...missing, ...gone];
  },
};

/** `@nestjs/{common,core}, express` are three packages; `@types/\*` is all that begin so. */
function packagesIn(cell: string): string[] {
  return cell
    .replaceAll('\\', '')
    .split(/,\s*(?![^{]*\})/)
    .flatMap((name) => {
      const [whole, before = '', inner = '', after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(name.trim()) ?? [];
      return whole === undefined
        ? [name.trim()]
        : inner.split(',').map((part) => before + part.trim() + after);
    })
    .filter((name) => name !== '');
}

function everything({ dependencies = {}, devDependencies = {} }: Manifest): Record<string, string> {
  return { ...dependencies, ...devDependencies };
}

function read(workspace: Workspace, file: string): Manifest {
  try {
    return JSON.parse(workspace.read(file)) as Manifest;
  } catch {
    return {};
  }
}
