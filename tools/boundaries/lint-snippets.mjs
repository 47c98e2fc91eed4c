/**
 * Lints snippets as if they stood in the files that they name, each with its own project's configuration. Reads
 * `[{file, code}]` as JSON from stdin; the last line of stdout is JSON: for each snippet the list of messages.
 */
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '../..');
const snippets = JSON.parse(await text(process.stdin));

// The rule about projects reads Nx's project graph from its cache: inside an Nx task it is there, elsewhere it may not be.
if (!process.env.NX_TASK_TARGET_PROJECT) await createProjectGraphAsync();

const linters = new Map();
const messages = [];
for (const { file, code } of snippets) {
  const folder = projectFolder(file);
  if (!linters.has(folder)) linters.set(folder, new ESLint({ cwd: folder }));
  const [result] = await linters.get(folder).lintText(code, { filePath: join(root, file) });
  messages.push(result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}
console.log(`\n${JSON.stringify(messages)}`);
process.exit(0);

function projectFolder(file) {
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
    if (existsSync(join(root, folder, 'project.json'))) return join(root, folder);
  }
  throw new Error(`${file} is in no project`);
}
