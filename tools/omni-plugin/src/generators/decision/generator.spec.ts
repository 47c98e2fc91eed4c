import { addFiles, readText } from '../../workspace/files';
import { changesOf, workspaceTree } from '../../workspace/spec-tree';
import decision from './generator';

beforeAll(() => {
  process.env.NX_SKIP_FORMAT = 'true';
});

describe('nx generate decision', () => {
  it('takes the number behind the highest, and indexes the document', async () => {
    const tree = workspaceTree();
    addFiles(tree, { 'docs/decisions/7041-made-up.md': '# 7041 Made up\n' });
    await decision(tree, { title: 'Files aren’t kept for longer than a year' });
    const file = 'docs/decisions/7042-files-arent-kept-for-longer-than.md';
    expect(changesOf(tree)).toContain(`CREATE ${file}`);
    expect(readText(tree, file)).toMatch(/^# 7042 Files aren’t kept for longer than a year\n/);
    expect(readText(tree, 'docs/decisions/README.md')).toContain(
      '\n| [7042](7042-files-arent-kept-for-longer-than.md) | Files aren’t kept for longer than a year |\n',
    );
  });

  it('never takes a number twice', async () => {
    const tree = workspaceTree();
    await decision(tree, { title: 'The same' });
    await decision(tree, { title: 'The same' });
    const created = changesOf(tree).filter((change) => change.startsWith('CREATE'));
    const [one, other] = created.map((change) => Number(/\/(\d{4})-the-same\.md$/.exec(change)?.[1]));
    expect(other - one).toBe(1);
  });

  it.each(['', 'no capital', 'A | table', 'Two\nlines'])('refuses the title %p', async (title) => {
    const tree = workspaceTree();
    await expect(decision(tree, { title })).rejects.toThrow('is no title of a decision');
    expect(changesOf(tree)).toEqual([]);
  });
});
