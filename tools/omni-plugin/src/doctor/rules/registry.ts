import { channelLibraries, objectName } from '../channels';
import type { Problem, Rule } from '../rule';
import { constant, readSource } from '../source';
import { foldersIn, type Workspace } from '../workspace';
import ts from 'typescript';

const registry = 'apps/hub/src/channels/registry.ts';
const tsconfig = 'tsconfig.base.json';
const channelPackage = (id: string) => `@omni-hub/channel-${id}`;
/** Packages whose names begin as those of channels do. */
const noChannels = new Set(['@omni-hub/channel-sdk', '@omni-hub/channel-testing']);

/** REG-1 */
export const registered: Rule = {
  id: 'REG-1',
  what: 'the hub registers every channel of libs/channels, and no other',
  why: 'a channel that is not registered cannot be used, and nothing else says so',
  fix: `add its import and its line in ${registry}`,
  check: (workspace) => {
    const text = workspace.read(registry);
    const { imports } = readSource(text);
    const listed = listedIn(text);
    const ids = channelLibraries(workspace).map(({ id }) => id);
    const missing = ids.flatMap((id) => {
      const name = objectName(id);
      const imported = imports.some(({ from, names }) => from === channelPackage(id) && names.includes(name));
      const fix = `import { ${name} } from '${channelPackage(id)}' and list \`${name} as Channel\` in channelRegistry`;
      if (!imported) return [problem(`does not import ${name} of libs/channels/${id}`, fix)];
      return listed.includes(name) ? [] : [problem(`does not list ${name}`, fix)];
    });
    const strangers = imports
      .filter(({ from }) => from.startsWith('@omni-hub/channel-') && !noChannels.has(from))
      .filter(({ from }) => !ids.some((id) => from === channelPackage(id)))
      .map(({ from }) =>
        problem(`imports ${from}, which is no folder of libs/channels`, `take ${from} out of ${registry}`),
      );
    return [...missing, ...strangers];
  },
};

/** REG-2 */
export const mapped: Rule = {
  id: 'REG-2',
  what: `${tsconfig} maps a path to every channel, and every path that it maps is there`,
  why: 'projects find each other by these paths alone: the compiler, Jest, webpack and ESLint read them',
  fix: `correct the paths in ${tsconfig}`,
  check: (workspace) => {
    const paths = pathsOf(workspace);
    const missing = channelLibraries(workspace).flatMap(({ id, root }) => {
      const target = `./${root}/src/index.ts`;
      return paths.get(channelPackage(id)) === target
        ? []
        : [
            {
              file: tsconfig,
              problem: `does not map ${channelPackage(id)} to ${target}`,
              fix: `add "${channelPackage(id)}": ["${target}"] to compilerOptions.paths`,
            },
          ];
    });
    const gone = [...paths]
      .filter(([, target]) => !workspace.has(target.replace(/^\.\//, '')))
      .map(([name, target]) => ({
        file: tsconfig,
        problem: `maps ${name} to ${target}, which is not there`,
        fix: `take ${name} out of compilerOptions.paths, or write the file`,
      }));
    return [...missing, ...gone];
  },
};

/** REG-3 */
export const simulated: Rule = {
  id: 'REG-3',
  what: 'every way to a platform has a simulator, and every simulator a channel',
  why: 'without one nothing can be tried without an account, and no black-box test can send a message through the channel',
  fix: 'write it in tools/simulator/src, as tools/simulator/src/telegram shows',
  check: (workspace) => {
    const folders = foldersIn(workspace, 'tools/simulator/src');
    const ways = channelLibraries(workspace).flatMap(({ id, ways: all }) =>
      all.map(({ name }) => ({ id, names: [...new Set([name, `${id}-${name}`])] })),
    );
    const missing = ways
      .filter(({ names }) => !names.some((name) => folders.includes(name)))
      .map(({ id, names }) => ({
        file: `tools/simulator/src/${names[0]}`,
        problem: `is missing: the channel ${id} has no simulator for it`,
      }));
    const strangers = folders
      .filter((folder) => workspace.has(`tools/simulator/src/${folder}/simulator.ts`))
      .filter((folder) => !ways.some(({ names }) => names.includes(folder)))
      .map((folder) => ({
        file: `tools/simulator/src/${folder}`,
        problem: 'simulates a platform that no channel is for',
        fix: `write libs/channels/${folder}, or remove the simulator`,
      }));
    return [...missing, ...strangers];
  },
};

function problem(what: string, fix: string): Problem {
  return { file: registry, problem: what, fix };
}

function listedIn(text: string): string[] {
  const list = constant(text, 'channelRegistry');
  if (!list || !ts.isArrayLiteralExpression(list)) return [];
  return list.elements
    .map((element) => (ts.isAsExpression(element) ? element.expression : element))
    .filter(ts.isIdentifier)
    .map(({ text: name }) => name);
}

function pathsOf(workspace: Workspace): Map<string, string> {
  const { config } = ts.parseConfigFileTextToJson(tsconfig, workspace.read(tsconfig));
  const paths = (config?.compilerOptions?.paths ?? {}) as Record<string, string[]>;
  return new Map(Object.entries(paths).map(([name, [target = '']]) => [name, target]));
}
