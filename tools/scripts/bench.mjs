import { buildHub, prepare } from './lib/prepare.mjs';
import { runTypeScript } from './lib/run.mjs';

await prepare();
await buildHub();
process.exit(await runTypeScript('apps/hub-e2e/src/bench/main.ts', process.argv.slice(2)));
