import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildHub, prepare } from './lib/prepare.mjs';
import { root } from './lib/run.mjs';

await prepare();
await buildHub();
console.log('\n▸ Starting the hub');

// In this process: signals, environment and exit code are the hub's own.
process.env.NODE_ENV ??= 'production';
process.setSourceMapsEnabled(true);
await import(pathToFileURL(join(root, 'dist/apps/hub/main.js')).href);
