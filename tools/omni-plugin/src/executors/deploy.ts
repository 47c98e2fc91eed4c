import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyOf } from '../features/git';
import { commitsOf, reportOf } from '../features/look';
import { releaseNotes } from '../features/notes';
import { resultsOf } from '../features/records';
import { phaseExecutor } from './phase-executor';
import { runNode } from './run';

/** `nx deploy features --feature=<name>`: dist/image is what the image is built from, and the release notes are beside the results. */
export default phaseExecutor('deploy', async (feature) => {
  const { root, workspace, document } = feature;
  const code = await runNode(root, ['tools/scripts/image-context.mjs', 'dist/image']);
  if (code !== 0) return { problems: ['the build context of the image was not made'] };
  const history = historyOf(root);
  const notes = releaseNotes(
    reportOf(feature, history),
    workspace.read('CHANGELOG.md'),
    commitsOf(history, feature),
  );
  const folder = resultsOf(root, document.facts.feature);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'release-notes.md'), notes);
  console.log(`dist/image, dist/features/${document.facts.feature}/release-notes.md`);
  return { problems: [] };
});
