/**
 * Given to a hub by `--require`: at every SIGUSR2 it writes the names of the packages that its main thread has loaded to LOADED_PACKAGES,
 * as JSON. The file is complete once it is there.
 */
const { renameSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const packageOf = (file) => /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1];

if (isMainThread) {
  process.on('SIGUSR2', () => {
    const names = new Set(Object.keys(require.cache).map(packageOf).filter(Boolean));
    const file = process.env.LOADED_PACKAGES;
    writeFileSync(`${file}.part`, JSON.stringify([...names]));
    renameSync(`${file}.part`, file);
  });
}
