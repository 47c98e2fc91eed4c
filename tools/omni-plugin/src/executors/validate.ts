import { codeOf, conformanceOf } from '../features/footprint';
import type { Feature } from '../features/look';
import { phaseExecutor } from './phase-executor';
import { runNode } from './run';

/** `nx validate features --feature=<name>`: lint, types, the complete rules of the kit for a channel, and the doctor. */
export default phaseExecutor('validate', async (feature) => ({
  problems: [
    ...(await lint(feature)),
    ...(await checkTypes(feature)),
    ...conformance(feature),
    ...(await askDoctor(feature)),
  ],
}));

async function lint({ root, workspace, footprint }: Feature): Promise<string[]> {
  const files = codeOf(workspace, footprint).filter((file) => /\.[cm]?[jt]s$/.test(file));
  const code = await runNode(root, ['node_modules/eslint/bin/eslint.js', ...files]);
  return code === 0 ? [] : ['ESLint refuses its code'];
}

async function checkTypes({ root, footprint }: Feature): Promise<string[]> {
  const problems: string[] = [];
  for (const project of footprint.typescript) {
    const code = await runNode(root, ['node_modules/typescript/bin/tsc', '--noEmit', '-p', project]);
    if (code !== 0) problems.push(`the types of ${project} are wrong`);
  }
  return problems;
}

/** That the rules hold, its tests have shown. */
function conformance({ workspace, document }: Feature): string[] {
  return conformanceOf(workspace, document.facts)?.tier === 'required'
    ? ['its conformance spec must ask for the complete rules: leave `tier` out']
    : [];
}

async function askDoctor({ root }: Feature): Promise<string[]> {
  const code = await runNode(root, ['tools/scripts/doctor.mjs']);
  return code === 0 ? [] : ['the doctor finds something'];
}
