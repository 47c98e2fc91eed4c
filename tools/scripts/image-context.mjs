/** `node tools/scripts/image-context.mjs <folder>`: fills the folder with what `docker build -f docker/Dockerfile` is given. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { copyContext } from './lib/context.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('name the folder: node tools/scripts/image-context.mjs dist/image');
  process.exit(2);
}
rmSync(resolve(folder), { recursive: true, force: true });
copyContext('.', resolve(folder));
