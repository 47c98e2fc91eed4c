import { prepare } from './lib/prepare.mjs';
import { runTypeScript } from './lib/run.mjs';

await prepare();
process.exit(await runTypeScript('tools/omni-plugin/src/doctor/main.ts', process.argv.slice(2)));
