import { prepare } from './lib/prepare.mjs';
import { runTypeScript } from './lib/run.mjs';

await prepare();
process.exit(await runTypeScript('libs/channel-testing/src/import/main.ts', process.argv.slice(2)));
