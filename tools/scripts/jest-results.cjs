const { mkdirSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');

/** Writes each project's counts to `dist/test-results/<project>.json`, so that `npm test` can add them up. */
module.exports = class ResultsReporter {
  onRunComplete(contexts, results) {
    const project =
      process.env.NX_TASK_TARGET_PROJECT ?? basename([...contexts][0]?.config.rootDir ?? 'unknown');
    const folder = join(__dirname, '../../dist/test-results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, `${project}.json`),
      JSON.stringify({
        project,
        passed: results.numPassedTests,
        failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
        skipped: results.numPendingTests + results.numTodoTests,
      }),
    );
  }
};
