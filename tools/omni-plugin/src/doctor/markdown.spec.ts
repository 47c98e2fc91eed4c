import { anchorsOf, codeBlocksOf, linksOf, tableRows } from './markdown';

describe('Markdown', () => {
  it('has links outside of code only', () => {
    const text = 'See [a](x.md) and `[b](y.md)`.\n\n```md\n[c](z.md)\n```\n\n[d](<w.md> "title")\n';
    expect(linksOf(text)).toEqual([
      { target: 'x.md', line: 1 },
      { target: 'w.md', line: 7 },
    ]);
  });

  it('has the anchors that GitHub makes', () => {
    const text =
      '# The `kit`, complete\n\n## What goes out\n\n## What goes out\n\n### SHAPE-1 files: *all*\n\n<a id="own"></a>';
    expect([...anchorsOf(text)]).toEqual([
      'the-kit-complete',
      'what-goes-out',
      'what-goes-out-1',
      'shape-1-files-all',
      'own',
    ]);
  });

  it('has blocks of code with their language', () => {
    expect(codeBlocksOf('```ts\nimport "a";\n```\n\n````md\n```ts\n```\n````\n')).toEqual([
      { language: 'ts', code: 'import "a";', line: 1 },
      { language: 'md', code: '```ts\n```', line: 5 },
    ]);
  });

  it('has tables whose rows are without heading and ruler', () => {
    expect(tableRows('| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | |\n')).toEqual([
      ['1', '2'],
      ['3', ''],
    ]);
  });
});
