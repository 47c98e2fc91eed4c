import { readText } from '../../workspace/files';
import { changesOf, workspaceTree } from '../../workspace/spec-tree';
import pattern from './generator';

beforeAll(() => {
  process.env.NX_SKIP_FORMAT = 'true';
});

describe('nx generate pattern', () => {
  it('writes the document and lists it in README.md', async () => {
    const tree = workspaceTree();
    await pattern(tree, { name: 'rate-limits' });
    expect(changesOf(tree)).toEqual(['UPDATE README.md', 'CREATE docs/patterns/rate-limits.md']);
    expect(readText(tree, 'docs/patterns/rate-limits.md')).toMatch(/^# Rate limits\n/);
    expect(readText(tree, 'README.md')).toContain(
      ',\n  [rate limits](docs/patterns/rate-limits.md)\n- [Decisions]',
    );
  });

  it('overwrites nothing', async () => {
    const tree = workspaceTree();
    await expect(pattern(tree, { name: 'errors' })).rejects.toThrow('exist already: docs/patterns/errors.md');
    expect(changesOf(tree)).toEqual([]);
  });
});
