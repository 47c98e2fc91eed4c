import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../features/footprint';
import { phaseExecutor } from './phase-executor';

/** `nx build features --feature=<name>`: the hub was built before, by `hub:build`, with the feature's code in it. */
export default phaseExecutor('build', ({ root, workspace, footprint }) => {
  const isThere = codeOf(workspace, footprint).length > 0;
  const isBuilt = existsSync(join(root, 'dist/apps/hub/main.js'));
  return Promise.resolve({
    problems: [
      ...(isThere ? [] : [`there is no code in ${footprint.code.join(', ')}`]),
      ...(isBuilt ? [] : ['dist/apps/hub/main.js is missing: run `npx nx build hub`']),
    ],
  });
});
