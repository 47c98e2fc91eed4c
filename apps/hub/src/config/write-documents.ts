import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentExample, settingsTable } from './documents';

const root = join(__dirname, '../../../..');
const guide = join(root, 'docs/guides/configuration.md');
const table = /\| variable \|[\s\S]*?(?=\n\n|\n*$)/;

writeFileSync(join(root, '.env.example'), environmentExample());
writeFileSync(
  guide,
  readFileSync(guide, 'utf8').replace(table, () => settingsTable()),
);
