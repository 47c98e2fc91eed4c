import { formatFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { editText, refuseToOverwrite } from '../../workspace/files';
import { insertExport, insertLast } from '../../workspace/insert';
import { namesOf, type Names } from '../../workspace/names';
import { addTemplates } from '../../workspace/templates';

export interface ServiceOptions {
  name: string;
}

/** `nx generate service <name>`: a client of another service, with its fake in the simulator. */
export default async function service(tree: Tree, { name }: ServiceOptions): Promise<void> {
  const names = namesOf(name, 'name of a service');
  const library = `libs/services/${names.kebab}`;
  const simulator = `tools/simulator/src/${names.kebab}`;
  refuseToOverwrite(tree, [library, simulator]);
  addTemplates(tree, join(__dirname, 'files/library'), library, names);
  addTemplates(tree, join(__dirname, 'files/simulator'), simulator, names);
  editText(tree, 'tsconfig.base.json', (text) =>
    insertLast(
      text,
      `      "@omni-hub/${names.kebab}": ["./${library}/src/index.ts"],`,
      /"\.\/libs\/services\//,
    ),
  );
  editText(tree, 'tools/simulator/src/index.ts', (text) =>
    insertExport(text, exported(names), `./${names.kebab}/${names.kebab}-simulator`),
  );
  editText(tree, 'tools/simulator/README.md', (text) =>
    insertLast(
      text,
      `${`src/${names.kebab}/`.padEnd(20)} the service ${names.kebab}: \`/v1/${names.kebab}\``,
      /^src\/[a-z-]+\/ /,
    ),
  );
  await formatFiles(tree);
}

function exported({ pascal }: Names): string[] {
  return [
    `start${pascal}Simulator`,
    ...['Call', 'Simulator', 'SimulatorOptions'].map((end) => `type ${pascal}${end}`),
  ];
}
