import { buildHub, prepare } from './lib/prepare.mjs';
import { runTypeScript } from './lib/run.mjs';

await prepare();
await buildHub();
process.exit(await runTypeScript('tools/simulator/src/demo.ts', process.argv.slice(2)));
