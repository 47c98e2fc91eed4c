import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { diskWorkspace } from './disk';
import { loadFacts } from './facts';
import { jsonReport, textReport } from './report';
import { examine, type Finding } from './rule';
import { rules } from './rules/rules';

/** `npm run doctor [-- --fix] [-- --json]`: 1 when something is left to mend. */
async function main(root: string, options: readonly string[]): Promise<number> {
  const unknown = options.find((option) => option !== '--fix' && option !== '--json');
  if (unknown !== undefined) {
    process.stderr.write(`${unknown}: there is no such option. There are --fix and --json\n`);
    return 2;
  }
  const facts = loadFacts(root);
  const look = () => examine(rules, diskWorkspace(root), facts);
  let findings = look();
  if (options.includes('--fix')) {
    await mend(root, findings);
    findings = look();
  }
  process.stdout.write(`${(options.includes('--json') ? jsonReport : textReport)(findings)}\n`);
  return findings.length === 0 ? 0 : 1;
}

/** Writes every file that is known as it should be, formatted as `npm run format` would. */
async function mend(root: string, findings: readonly Finding[]): Promise<void> {
  const texts = new Map(
    findings.flatMap(({ file, mended }) => (mended === undefined ? [] : [[file, mended]])),
  );
  for (const [file, text] of texts) {
    const path = join(root, file);
    const { ignored, inferredParser } = await prettier.getFileInfo(path, {
      ignorePath: join(root, '.prettierignore'),
    });
    const config = await prettier.resolveConfig(path);
    const formatted =
      ignored || inferredParser === null ? text : await prettier.format(text, { ...config, filepath: path });
    writeFileSync(path, formatted);
    process.stderr.write(`wrote ${file}\n`);
  }
}

void main(process.cwd(), process.argv.slice(2)).then((code) => (process.exitCode = code));
