import { channelLibraries, filesOf, layers, type ChannelLibrary } from '../channels';
import type { Problem, Rule } from '../rule';
import { exportedNames, readSource, resolveImport, wantedFile } from '../source';
import type { Workspace } from '../workspace';

/** SHAPE-4 */
export const shapeImports: Rule = {
  id: 'SHAPE-4',
  what: "each of a channel's files that another one imports is there, and exports the names that are taken",
  why: 'what is missing is found here by name, not as the failure of a build or of an unrelated test',
  fix: 'restore the file or the export, or take the import out',
  check: (workspace) => channelLibraries(workspace).flatMap((library) => importProblems(workspace, library)),
};

/** SHAPE-5 */
export const shapeLayers: Rule = {
  id: 'SHAPE-5',
  what: 'each source file of a channel stands in a layer, and no line switches the boundaries off',
  why: 'ESLint keeps the layers by their folders (models <- client <- handler <- channel): a file beside them is kept by nothing',
  fix: 'move the file into models/, client/ or handler/',
  check: (workspace) => channelLibraries(workspace).flatMap((library) => layerProblems(workspace, library)),
};

function importProblems(workspace: Workspace, library: ChannelLibrary): Problem[] {
  return sourcesOf(workspace, library).flatMap((file) =>
    readSource(workspace.read(file))
      .imports.filter(({ from }) => from.startsWith('.'))
      .flatMap(({ from, names }) => {
        const target = resolveImport(workspace, file, from);
        if (target === null) {
          const wanted = wantedFile(file, from);
          return [
            {
              file: wanted,
              problem: `is missing: ${file} imports it`,
              fix: `restore ${wanted}, or take its import out of ${file}`,
            },
          ];
        }
        return missingNames(workspace, target, names).map((name) => ({
          file: target,
          problem: `does not export ${name}, which ${file} imports`,
          fix: `export ${name} from ${target}, or take its import out of ${file}`,
        }));
      }),
  );
}

function missingNames(workspace: Workspace, file: string, names: string[]): string[] {
  if (names.length === 0 || !file.endsWith('.ts')) return [];
  const exported = exportedNames(workspace, file);
  return names.filter((name) => !exported.has(name));
}

function layerProblems(workspace: Workspace, library: ChannelLibrary): Problem[] {
  const { id, root, ways, hasProviders } = library;
  const folders = layers.flatMap((layer) => [
    `src/${layer}/`,
    ...(hasProviders ? ways.map(({ source }) => `${source}/${layer}/`) : []),
  ]);
  const outside = filesOf(workspace, library)
    .filter((file) => /^src\/.*\.ts$/.test(file) && !file.endsWith('.spec.ts'))
    .filter((file) => file !== 'src/index.ts' && file !== `src/${id}.channel.ts`)
    .filter((file) => !folders.some((folder) => file.startsWith(folder)))
    .map((file) => ({ file: `${root}/${file}`, problem: 'stands in no layer' }));
  const switchedOff = sourcesOf(workspace, library)
    .filter((file) =>
      /eslint-disable[^\n]*(no-restricted|enforce-module-boundaries)/.test(workspace.read(file)),
    )
    .map((file) => ({
      file,
      problem: 'switches the boundaries off',
      fix: 'take the comment out and do what the message of the boundary says',
    }));
  const config = `${root}/eslint.config.mjs`;
  const bases = readSource(workspace.read(config)).imports.map(({ from }) => from);
  const own =
    workspace.has(config) && !bases.includes('../../../eslint.config.mjs')
      ? [
          {
            file: config,
            problem: "does not begin with the workspace's configuration",
            fix: "import base from '../../../eslint.config.mjs' and export it first",
          },
        ]
      : [];
  return [...outside, ...switchedOff, ...own];
}

function sourcesOf(workspace: Workspace, library: ChannelLibrary): string[] {
  return filesOf(workspace, library)
    .filter((file) => file.startsWith('src/') && file.endsWith('.ts'))
    .map((file) => `${library.root}/${file}`);
}
