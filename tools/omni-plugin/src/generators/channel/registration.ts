import { updateJson, type Tree } from '@nx/devkit';
import { editText, readText } from '../../workspace/files';
import { insertExport, insertLast, insertSorted } from '../../workspace/insert';
import type { ChannelPlan } from './options';

const tsconfig = 'tsconfig.base.json';
const registry = 'apps/hub/src/channels/registry.ts';
const simulators = 'tools/simulator/src/index.ts';

interface BaseTsconfig {
  compilerOptions: { paths: Record<string, string[]> };
}

/** Everything else in the workspace finds a channel by these three. Throws where one of them has the channel already. */
export function registerChannel(tree: Tree, { id, pascal, camel }: ChannelPlan): void {
  const library = `@omni-hub/channel-${id}`;
  if (readText(tree, registry).includes(`'${library}'`)) {
    throw new Error(`Nothing was written, for ${registry} has a channel ${id} already`);
  }
  updateJson<BaseTsconfig>(tree, tsconfig, (config) => {
    const { paths } = config.compilerOptions;
    if (paths[library])
      throw new Error(`Nothing was written, for ${tsconfig} has a path for ${library} already`);
    config.compilerOptions.paths = withPath(paths, library, `./libs/channels/${id}/src/index.ts`);
    return config;
  });
  editText(tree, registry, (text) =>
    insertLast(
      insertSorted(
        text,
        `import { ${camel}Channel } from '${library}';`,
        /^import \{ \w+ \} from '@omni-hub\/channel-/,
      ),
      `  ${camel}Channel as Channel,`,
      /^ {2}\w+Channel as Channel,$/,
    ),
  );
  editText(tree, simulators, (text) => {
    const names = [`type ${pascal}Simulator`, `type ${pascal}SimulatorOptions`, `start${pascal}Simulator`];
    return insertExport(text, names, `./${id}/simulator`);
  });
}

/** The path stands behind those of the other channels. */
function withPath(paths: Record<string, string[]>, library: string, file: string): Record<string, string[]> {
  const entries = Object.entries(paths);
  const last = entries.findLastIndex(([name]) => name.startsWith('@omni-hub/channel-'));
  return Object.fromEntries([...entries.slice(0, last + 1), [library, [file]], ...entries.slice(last + 1)]);
}
