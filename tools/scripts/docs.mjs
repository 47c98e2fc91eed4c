import { prepare } from './lib/prepare.mjs';
import { runTypeScript } from './lib/run.mjs';

await prepare();
process.exit(await runTypeScript('apps/hub/src/config/write-documents.ts'));
