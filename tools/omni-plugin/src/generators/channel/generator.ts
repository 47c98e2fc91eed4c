import { formatFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { inventoryOf } from '../../doctor/rules/shape-inventory';
import { addFiles, refuseToOverwrite } from '../../workspace/files';
import { addTemplates } from '../../workspace/templates';
import { abilitiesOf, content } from './capabilities';
import { readOpenapi } from './openapi/read-openapi';
import { nextSteps } from './next-steps';
import { planOf, type ChannelOptions, type ChannelPlan } from './options';
import { registerChannel } from './registration';

const files = join(__dirname, 'files');

/**
 * Writes a channel, its fake platform, and the three lines by which the workspace knows them. Writes nothing where an option is wrong or
 * something of that name is there already. The returned function tells the next steps.
 */
export async function channelGenerator(tree: Tree, options: ChannelOptions): Promise<() => void> {
  const plan = planOf(options);
  const library = `libs/channels/${plan.id}`;
  const simulator = `tools/simulator/src/${plan.id}`;
  refuseToOverwrite(tree, [library, simulator]);
  const draft =
    options.fromOpenapi === undefined ? null : readOpenapi(tree.root, options.fromOpenapi, plan.pascal);
  const values = {
    ...plan,
    content,
    abilities: abilitiesOf(tree, plan),
    operations: draft?.operations ?? null,
    types: draft?.types ?? null,
  };

  registerChannel(tree, plan);
  for (const folder of foldersOf(plan)) addTemplates(tree, join(files, folder), library, values);
  if (draft) addTemplates(tree, join(files, 'operations'), library, values);
  for (const folder of simulatorFoldersOf(plan)) addTemplates(tree, join(files, folder), simulator, values);
  addFiles(tree, { [`${library}/inventory.txt`]: inventoryOf(writtenBelow(tree, library)) });
  await formatFiles(tree);
  return () => console.log(nextSteps(plan, draft));
}

function foldersOf({ transport, listens }: ChannelPlan): string[] {
  return ['channel', ...(listens ? [transport] : [])];
}

function simulatorFoldersOf({ transport, listens, receives }: ChannelPlan): string[] {
  return [
    'simulator',
    ...(receives ? ['simulator-webhook'] : []),
    ...(listens ? [`simulator-${transport}`] : []),
  ];
}

/** Paths relative to the folder. */
function writtenBelow(tree: Tree, folder: string): string[] {
  return tree
    .listChanges()
    .flatMap(({ path }) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []));
}

export default channelGenerator;
