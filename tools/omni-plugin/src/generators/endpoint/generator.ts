import { formatFiles, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { editText } from '../../workspace/files';
import { insertLast, insertSorted } from '../../workspace/insert';
import { namesOf } from '../../workspace/names';
import { insertBefore } from '../../workspace/marks';
import { addTemplates } from '../../workspace/templates';

export interface EndpointOptions {
  name: string;
}

const api = 'apps/hub/src/api';

/** `nx generate endpoint <name>`: a controller of the hub's API, reachable at once. */
export default async function endpoint(tree: Tree, { name }: EndpointOptions): Promise<void> {
  const names = namesOf(name, 'name of an endpoint');
  const controller = `${names.pascal}Controller`;
  addTemplates(tree, join(__dirname, 'files'), api, names);
  editText(tree, `${api}/api-key.guard.ts`, (text) =>
    insertBefore(text, `  '${names.kebab}:read',\n`, `] as const;\nexport type Scope`),
  );
  editText(tree, 'apps/hub/src/app.module.ts', (text) =>
    insertLast(
      insertSorted(
        text,
        `import { ${controller} } from './api/${names.kebab}.controller';`,
        /^import \{ \w+ \} from '\.\/api\//,
      ),
      `      ${controller},`,
      /^ {6}\w+Controller,$/,
    ),
  );
  await formatFiles(tree);
}
