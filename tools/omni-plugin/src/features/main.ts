import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskWorkspace } from '../doctor/disk';
import { apiChanges, type ApiDocument } from './changes';
import { historyOf } from './git';
import { featuresIn, loadFeature, reportOf } from './look';
import { featuresTable } from './table';

const releasedApi = 'docs/api/openapi.json';

/** `npm run features [-- --release]`: the table; or, as part of a release, the API as it is becomes the one that is released. */
function main(root: string, options: readonly string[]): number {
  const unknown = options.find((option) => option !== '--release');
  if (unknown !== undefined) {
    console.error(`${unknown}: there is no such option. There is --release`);
    return 2;
  }
  const api = apiOf(root);
  if (options.length > 0) {
    if (api === null) return 1;
    const file = join(root, releasedApi);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(api, null, 2)}\n`);
    console.log(`wrote ${releasedApi}`);
    return 0;
  }
  const workspace = diskWorkspace(root);
  const reports = featuresIn(workspace).map((name) => reportOf(loadFeature(root, name, workspace)));
  const released = releasedApiOf(root);
  console.log(featuresTable(reports, released === null || api === null ? [] : apiChanges(released, api)));
  return 0;
}

/** The API of the code as it is; null where that does not run, which is said. */
function apiOf(root: string): ApiDocument | null {
  try {
    const program = ['-r', '@swc-node/register', 'apps/hub/src/print-openapi.ts'];
    const printed = execFileSync(process.execPath, program, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.base.json' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(printed) as ApiDocument;
  } catch {
    console.error('The API is not compared, for the code of the hub does not run: npx nx typecheck hub');
    return null;
  }
}

/** As of the last tag; where that has none, as it was last kept; null where it never was. */
function releasedApiOf(root: string): ApiDocument | null {
  const history = historyOf(root);
  const tag = history.lastTag();
  const file = join(root, releasedApi);
  const kept =
    (tag === null ? null : history.show(tag, releasedApi)) ??
    (existsSync(file) ? readFileSync(file, 'utf8') : null);
  return kept === null ? null : (JSON.parse(kept) as ApiDocument);
}

process.exitCode = main(process.cwd(), process.argv.slice(2));
