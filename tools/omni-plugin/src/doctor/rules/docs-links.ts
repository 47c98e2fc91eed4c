import { dirname, posix } from 'node:path';
import { builtinModules } from 'node:module';
import { anchorsOf, codeBlocksOf, headingsOf, linksOf } from '../markdown';
import type { Problem, Rule } from '../rule';
import { exportedNames, readSource, type Import } from '../source';
import type { Workspace } from '../workspace';
import { kitRules } from './fixtures';
import ts from 'typescript';

const doctorDocument = 'docs/patterns/doctor.md';
const kitDocument = 'docs/patterns/conformance.md';

/** DOC-1 */
export const linksResolve: Rule = {
  id: 'DOC-1',
  what: 'every link from one document to another leads to a file, and to a heading where it names one',
  why: 'a reader who meets a dead link stops trusting the rest',
  fix: 'correct the link, or write what it promises',
  check: (workspace) => documents(workspace).flatMap((file) => linkProblems(workspace, file)),
};

/** DOC-2, for the rules of the kit and for those of the doctor. */
export function rulesDescribed(doctorRules: () => string[]): Rule {
  return {
    id: 'DOC-2',
    what: `every rule has its section: the kit's in ${kitDocument}, the doctor's in ${doctorDocument}`,
    why: 'a finding names a rule by its id, and who meets it for the first time looks it up',
    fix: 'write a heading that begins with the id, and below it what the rule is for and how to mend what breaks it',
    check: (workspace) => [
      ...sectionProblems(workspace, kitDocument, kitRules(workspace)),
      ...sectionProblems(workspace, doctorDocument, doctorRules()),
    ],
  };
}

/** DOC-5 */
export const importsExist: Rule = {
  id: 'DOC-5',
  what: "what a document's code imports is there",
  why: 'code in a document is copied: it must compile where it lands',
  fix: 'correct the import, or the document around it',
  check: (workspace) => documents(workspace).flatMap((file) => importProblems(workspace, file)),
};

function documents(workspace: Workspace): string[] {
  return workspace.files.filter((file) => file.endsWith('.md') && !file.includes('/files/'));
}

function linkProblems(workspace: Workspace, file: string): Problem[] {
  return linksOf(workspace.read(file)).flatMap(({ target, line }) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const [path, anchor = ''] = target.split('#');
    const named = path === '' ? file : posix.join(dirname(file), decodeURIComponent(path));
    const linked = named.replace(/\/$/, '');
    const isFolder = workspace.files.some((other) => other.startsWith(`${linked}/`));
    if (!workspace.has(linked) && !isFolder)
      return [{ file, problem: `line ${line} links to ${target}, which is not there` }];
    const isText = linked.endsWith('.md') && workspace.has(linked);
    return anchor === '' || !isText || anchorsOf(workspace.read(linked)).has(anchor)
      ? []
      : [{ file, problem: `line ${line} links to ${target}: ${linked} has no such heading` }];
  });
}

function sectionProblems(workspace: Workspace, file: string, ids: string[]): Problem[] {
  const headings = headingsOf(workspace.read(file)).map((heading) => heading.replace(/[`*]/g, ''));
  const missing = ids
    .filter((id) => !headings.some((heading) => heading === id || heading.startsWith(`${id} `)))
    .map((id) => ({ file, problem: `has no section for ${id}` }));
  const gone = headings
    .map((heading) => /^[A-Z]+-\d+/.exec(heading)?.[0])
    .filter((id): id is string => id !== undefined && !ids.includes(id))
    .map((id) => ({
      file,
      problem: `has a section for ${id}, which is no rule`,
      fix: 'take the section out',
    }));
  return [...missing, ...gone];
}

function importProblems(workspace: Workspace, file: string): Problem[] {
  const packages = packagesOf(workspace);
  const paths = workspacePaths(workspace);
  return codeBlocksOf(workspace.read(file))
    .filter(({ language }) => /^(ts|typescript|js|javascript|mjs)$/.test(language))
    .flatMap(({ code, line }) =>
      readSource(code).imports.flatMap((imported) =>
        missing(workspace, imported, paths, packages).map((problem) => ({
          file,
          problem: `the code after line ${line} imports ${problem}`,
        })),
      ),
    );
}

/** Relative imports are of files that the reader is told to write. Examples call a channel that there is not `acme`. */
function missing(
  workspace: Workspace,
  { from, names }: Import,
  paths: Map<string, string>,
  packages: Set<string>,
): string[] {
  if (from.startsWith('.') || from.startsWith('node:') || builtinModules.includes(from)) return [];
  if (from.startsWith('@omni-hub/')) {
    const target = paths.get(from);
    if (!target) return /acme/.test(from) ? [] : [`${from}, which is no project`];
    const exported = exportedNames(workspace, target);
    return names
      .filter((name) => !exported.has(name))
      .map((name) => `${name}, which ${from} does not export`);
  }
  const name = from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
  return packages.has(name) ? [] : [`${name}, which is no dependency`];
}

function workspacePaths(workspace: Workspace): Map<string, string> {
  const { config } = ts.parseConfigFileTextToJson('tsconfig.base.json', workspace.read('tsconfig.base.json'));
  const paths = (config?.compilerOptions?.paths ?? {}) as Record<string, string[]>;
  return new Map(Object.entries(paths).map(([name, [target = '']]) => [name, target.replace(/^\.\//, '')]));
}

function packagesOf(workspace: Workspace): Set<string> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(workspace.read('package.json') || '{}');
  return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
}
