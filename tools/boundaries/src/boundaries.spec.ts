import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Case } from './cases';
import { channelCases } from './channel-cases';
import { hubCases } from './hub-cases';
import { libraryCases } from './library-cases';
import { serviceCases } from './service-cases';

const areas = [libraryCases, channelCases, serviceCases, hubCases];
const refused = areas.flatMap((area) => area.refused);
const accepted = areas.flatMap((area) => area.accepted);

describe('boundaries', () => {
  let messages: Map<Case, string[]>;

  beforeAll(() => {
    const cases = [...refused, ...accepted];
    const script = join(__dirname, '../lint-snippets.mjs');
    const output = execFileSync(process.execPath, [script], {
      input: JSON.stringify(cases.map(({ file, code }) => ({ file, code }))),
      env: { ...process.env, NX_DAEMON: 'false' },
      encoding: 'utf8',
      timeout: 60_000,
    });
    const answers = JSON.parse(output.trim().split('\n').at(-1)!) as string[][];
    messages = new Map(cases.map((item, index) => [item, answers[index]]));
  }, 60_000);

  describe('refused, saying what to do instead', () => {
    it.each(refused)('$name', (item) => {
      expect(messages.get(item)).toContainEqual(expect.stringMatching(item.says));
    });
  });

  describe('accepted', () => {
    it.each(accepted)('$name', (item) => {
      expect(messages.get(item)).toEqual([]);
    });
  });
});
