import { diskWorkspace } from '../doctor/disk';
import { memoryWorkspace } from '../doctor/workspace';
import { workspaceRoot } from '../workspace/spec-tree';
import { footprintOf } from './footprint';
import { patternShare } from './share';

const footprint = footprintOf({ feature: 'line-works', type: 'service' });
const template = 'tools/omni-plugin/src/generators/service/files/__kebab__.ts.template';
const shareOf = (own: string, others: Record<string, string>) =>
  patternShare(
    memoryWorkspace({ 'libs/services/line-works/src/line-works.ts': own, ...others }),
    'line-works',
    footprint,
  );

describe('the share of pattern', () => {
  it('counts the lines that the template has, whatever the name', () => {
    const own = 'export class LineWorks {\n  readonly kind = "line-works";\n  of = "its own";\n}\n';
    const text = 'export class <%= pascal %> {\n  readonly kind = "<%= kebab %>";\n}\n';
    expect(shareOf(own, { [template]: text })).toEqual({ pattern: 2, all: 3 });
  });

  it('counts the lines that another implementation has', () => {
    const others = { 'libs/services/word-counter/src/word-counter.ts': '    export class WordCounter {' };
    expect(shareOf('export class LineWorks {', others)).toEqual({ pattern: 1, all: 1 });
  });

  it('counts neither imports nor comments, nor lines without a word', () => {
    const own = "import { a } from 'b';\n/** Says. */\n// Says.\n * Says.\n});\n\n";
    expect(shareOf(own, {})).toEqual({ pattern: 0, all: 0 });
  });

  it('does not count lines of another kind of thing', () => {
    const others = { 'libs/channels/telegram/src/index.ts': 'export const one = 1;' };
    expect(shareOf('export const one = 1;', others)).toEqual({ pattern: 0, all: 1 });
  });

  it('is a part of what there is, for what ships', () => {
    const shipped = { feature: 'speech-synthesizer', type: 'service' } as const;
    const { pattern, all } = patternShare(
      diskWorkspace(workspaceRoot),
      shipped.feature,
      footprintOf(shipped),
    );
    expect(pattern).toBeGreaterThan(0);
    expect(pattern).toBeLessThan(all);
  });
});
