import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changesOf, workspaceTree } from './spec-tree';
import { addTemplates } from './templates';

describe('a folder of templates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omni-templates-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/__kebab__.ts.template'), 'export const name = "<%= kebab %>";\n');
  writeFileSync(join(folder, 'README.md.template'), '# <%= title %>\n');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('becomes files with the names filled in', () => {
    const tree = workspaceTree();
    addTemplates(tree, folder, 'docs/made-up', { kebab: 'line', title: 'Line' });
    expect(changesOf(tree)).toEqual(['CREATE docs/made-up/README.md', 'CREATE docs/made-up/src/line.ts']);
    expect(tree.read('docs/made-up/src/line.ts', 'utf8')).toBe('export const name = "line";\n');
  });

  it('is not written where one of its files exists', () => {
    const tree = workspaceTree();
    expect(() => addTemplates(tree, folder, 'tools/simulator', { kebab: 'main', title: 'Main' })).toThrow(
      'exist already: tools/simulator/',
    );
    expect(changesOf(tree)).toEqual([]);
  });
});
