import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { root, runNode, runNx, runTypeScript } from './lib/run.mjs';

const results = join(root, 'dist/test-results');
const lastRun = join(root, '.nx/cache/run.json');

await prepare();
rmSync(results, { recursive: true, force: true });

const failures = [
  ...(await checkFormat()),
  ...(await askDoctor()),
  ...(await runTargets('lint typecheck test build', '--exclude=hub-e2e,features', '--parallel=2')),
  // Alone, because it measures time and starts servers of its own.
  ...(await runTargets('lint typecheck test', '--projects=hub-e2e', '--parallel=1')),
];
process.exit(report(failures));

async function checkFormat() {
  console.log('\n▸ Checking the format');
  const code = await runNode([
    'node_modules/prettier/bin/prettier.cjs',
    '--check',
    '--log-level=warn',
    '--cache',
    '.',
  ]);
  return code === 0 ? [] : ['format (run `npm run format`)'];
}

/** Looks at the whole workspace, which no project's cache could tell to be unchanged. */
async function askDoctor() {
  console.log('\n▸ Asking the doctor');
  const code = await runTypeScript('tools/omni-plugin/src/doctor/main.ts');
  return code === 0 ? [] : ['doctor (run `npm run doctor`)'];
}

/** Runs targets in Nx, cached, and answers those that failed. A failed test target is here only when it counted no failure. */
async function runTargets(targets, ...options) {
  console.log(`\n▸ ${targets.replaceAll(' ', ', ')}`);
  rmSync(lastRun, { force: true });
  const code = await runNx('run-many', '-t', ...targets.split(' '), ...options, '--output-style=static');
  if (code === 0) return [];
  const failed = readTasks().filter(({ status }) => status !== 0);
  if (failed.length === 0) return [`nx ended with code ${code}`];
  return failed
    .filter(({ target, projectName }) => target !== 'test' || !countedFailures(projectName))
    .map(({ taskId }) => taskId);
}

/** The tasks of Nx's last run, with their exit codes. */
function readTasks() {
  return existsSync(lastRun) ? JSON.parse(readFileSync(lastRun, 'utf8')).tasks : [];
}

function countedFailures(project) {
  return readResults().some((result) => result.project === project && result.failed > 0);
}

function readResults() {
  if (!existsSync(results)) return [];
  return readdirSync(results).map((file) => JSON.parse(readFileSync(join(results, file), 'utf8')));
}

/** Prints the counts; the last line is `N passed, N failed`. Answers the exit code. */
function report(failures) {
  const projects = readResults();
  const width = Math.max(0, ...projects.map(({ project }) => project.length));
  const total = (field) => projects.reduce((sum, project) => sum + project[field], 0);
  console.log('\n▸ Results');
  for (const { project, passed, failed, skipped } of projects) {
    const rest = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(`  ${project.padEnd(width)}  ${passed} passed, ${failed} failed${rest}`);
  }
  for (const failure of failures) console.log(`  FAILED ${failure}`);
  const failed = total('failed') + failures.length;
  console.log(`\n${total('passed')} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
