import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineCoverage, type CoverageSummary } from '../features/coverage';
import { withFirstRun } from '../features/document';
import type { Feature } from '../features/look';
import { resultsOf } from '../features/records';
import { phaseExecutor } from './phase-executor';
import { runNode } from './run';

/** Per cent of the lines that count. */
const leastCoverage = 80;

/** `nx test features --feature=<name>`: its specs pass and cover enough. What the very first run counted stays in the document. */
export default phaseExecutor('test', async (feature) => {
  const results = join(resultsOf(feature.root, feature.document.facts.feature), 'tests');
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const { passed, failed } = await runSpecs(feature, results);
  noteFirstRun(feature, passed, failed);
  const coverage = lineCoverage(
    JSON.parse(readFileSync(join(results, 'coverage/coverage-summary.json'), 'utf8')) as CoverageSummary,
  );
  return {
    tests: { passed, failed, coverage },
    problems: [
      ...(failed > 0 ? [`${failed} of its tests fail`] : []),
      ...(passed > 0 ? [] : ['it has no test that passes']),
      ...(coverage >= leastCoverage
        ? []
        : [`${coverage} % of its lines are covered, and ${leastCoverage} % must be`]),
    ],
  };
});

interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
}

/** A whole project's counts go where `npm test` looks for them; those of a part of one do not. */
async function runSpecs({ root, footprint }: Feature, results: string) {
  let [passed, failed] = [0, 0];
  for (const [index, { config, specs }] of footprint.runs.entries()) {
    const output = join(results, `jest-${index}.json`);
    const reporters = specs.length > 0 ? ['--reporters=default'] : [];
    const covered = index === 0 ? coverageOptions(footprint.covered, results) : [];
    await runNode(
      root,
      [
        'node_modules/jest/bin/jest.js',
        `--config=${config}`,
        '--json',
        `--outputFile=${output}`,
        ...reporters,
        ...covered,
        '--testPathPatterns',
        ...(specs.length > 0 ? specs : ['.']),
      ],
      { NX_TASK_TARGET_PROJECT: footprint.project },
    );
    const counted = JSON.parse(readFileSync(output, 'utf8')) as JestResults;
    passed += counted.numPassedTests;
    failed += counted.numFailedTests + counted.numRuntimeErrorTestSuites;
  }
  return { passed, failed };
}

function coverageOptions(covered: readonly string[], results: string): string[] {
  return [
    '--coverage',
    '--coverageReporters=json-summary',
    `--coverageDirectory=${join(results, 'coverage')}`,
    ...covered.map((glob) => `--collectCoverageFrom=${glob}`),
  ];
}

function noteFirstRun({ root, document }: Feature, passed: number, failed: number): void {
  const file = join(root, document.file);
  const text = readFileSync(file, 'utf8');
  const noted = withFirstRun(document.file, text, { passed, failed });
  if (noted !== text) writeFileSync(file, noted);
}
