import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { telegramChannel } from './telegram.channel';

const { content, abilities, ...limits } = telegramChannel.capabilities;
const words = new Map<unknown, string>([
  [true, 'yes'],
  [false, 'no'],
]);

/** Tables without the blanks that align their columns. */
const readme = readFileSync(join(__dirname, '../README.md'), 'utf8')
  .replace(/ *\| */g, '|')
  .replace(/-{3,}/g, '---');

function table(heading: string, rows: object): string {
  const lines = Object.entries(rows).map(([name, value]) => `|${name}|${words.get(value) ?? value}|`);
  return [`|${heading}||`, '|---|---|', ...lines, ''].join('\n');
}

describe('the README', () => {
  it.each([
    ['content', content],
    ['ability', abilities],
    ['limit', limits],
  ])('tells the capabilities as they are: %s', (heading, rows) => {
    expect(readme).toContain(table(heading, rows));
  });
});
