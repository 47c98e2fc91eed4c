import { install } from './install.mjs';
import { checkNode } from './node-version.mjs';
import { stopWithNpm } from './npm-parent.mjs';
import { runNx, step } from './run.mjs';

/** What every command needs: a Node that is new enough and all packages. Ends the process with a sentence otherwise. */
export async function prepare() {
  checkNode();
  stopWithNpm();
  await install();
}

/** Builds `dist/apps/hub`; takes about a second when nothing has changed. */
export const buildHub = () => step('Building the hub', () => runNx('build', 'hub'));
