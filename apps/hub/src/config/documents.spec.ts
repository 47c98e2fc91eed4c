import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentExample, settingsTable } from './documents';

const root = join(__dirname, '../../../..');

describe('the documents about the configuration', () => {
  it('.env.example is what the configuration class says (npm run docs writes it)', () => {
    expect(readFileSync(join(root, '.env.example'), 'utf8')).toBe(environmentExample());
  });

  it('docs/guides/configuration.md has the table that the configuration class says (npm run docs writes it)', () => {
    expect(readFileSync(join(root, 'docs/guides/configuration.md'), 'utf8')).toContain(settingsTable());
  });
});
