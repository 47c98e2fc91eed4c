import { addFiles, editText, refuseToOverwrite } from './files';
import { insertExport, insertLast, insertSorted } from './insert';
import { namesOf } from './names';
import { changesOf, workspaceTree } from './spec-tree';

describe('names', () => {
  it('have the forms of files, classes, functions and readers', () =>
    expect(namesOf('line-works2')).toEqual({
      kebab: 'line-works2',
      pascal: 'LineWorks2',
      camel: 'lineWorks2',
      title: 'Line Works2',
    }));

  it.each(['', 'Line', 'line_works', 'line--works', '-line', 'line-', '2line', 'a/b', '../a', 'line works'])(
    'are kebab-case: not %p',
    (name) => expect(() => namesOf(name, 'channel id')).toThrow(/is no channel id: use lower-case letters/),
  );
});

describe('files', () => {
  it('are added to the tree', () => {
    const tree = workspaceTree();
    addFiles(tree, { 'docs/new/b.md': 'b', 'docs/new/a.md': 'a' });
    expect(changesOf(tree)).toEqual(['CREATE docs/new/a.md', 'CREATE docs/new/b.md']);
  });

  it('are never overwritten: one that exists keeps all from being written', () => {
    const tree = workspaceTree();
    expect(() => addFiles(tree, { 'docs/new.md': 'a', 'README.md': 'b', 'nx.json': 'c' })).toThrow(
      'Nothing was written, for these exist already: README.md, nx.json',
    );
    expect(() => refuseToOverwrite(tree, ['libs'])).toThrow(/exist already: libs/);
    expect(changesOf(tree)).toEqual([]);
  });

  it('are edited where they exist', () => {
    const tree = workspaceTree();
    editText(tree, 'README.md', (text) => `${text}\nMore`);
    expect(changesOf(tree)).toEqual(['UPDATE README.md']);
    expect(() => editText(tree, 'docs/none.md', (text) => text)).toThrow(/docs\/none\.md is missing/);
  });
});

describe('a line', () => {
  const text = 'head\n- b\n- d\ntail\n- x';

  it.each([
    ['- a', 'head\n- a\n- b\n- d\ntail\n- x'],
    ['- c', 'head\n- b\n- c\n- d\ntail\n- x'],
    ['- e', 'head\n- b\n- d\n- e\ntail\n- x'],
  ])('is put in order: %s', (line, expected) => expect(insertSorted(text, line, /^- /)).toBe(expected));

  it('is put last', () => expect(insertLast(text, '- c', /^- /)).toBe(`${text}\n- c`));

  it('is not put twice, nor where nothing is like it', () => {
    expect(() => insertSorted(text, '- b', /^- /)).toThrow('There is already a line "- b"');
    expect(() => insertSorted(text, '+ b', /^\+ /)).toThrow('Nothing like "+ b"');
    expect(() => insertLast(text, '- b', /^- /)).toThrow('There is already a line "- b"');
    expect(() => insertLast(text, '+ b', /^\+ /)).toThrow('Nothing like "+ b"');
  });
});

describe('an export', () => {
  const index = "export type { A } from './a';\nexport {\n  B,\n  type C,\n} from './c/c';\n";

  it.each([
    [
      './b',
      "export type { A } from './a';\nexport { X, type Y } from './b';\nexport {\n  B,\n  type C,\n} from './c/c';\n",
    ],
    ['./d', `${index}export { X, type Y } from './d';\n`],
  ])('is put in the order of the sources: %s', (source, expected) =>
    expect(insertExport(index, ['X', 'type Y'], source)).toBe(expected),
  );

  it('is not put twice', () =>
    expect(() => insertExport(index, ['X'], './a')).toThrow('"./a" is exported already'));
});
