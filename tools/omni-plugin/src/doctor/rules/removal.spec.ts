import { join } from 'node:path';
import { channelLibraries } from '../channels';
import { diskWorkspace } from '../disk';
import { noFacts } from '../facts';
import { examine, type Finding } from '../rule';
import { constant, fieldsOf, readSource, resolveImport } from '../source';
import { below, changed, memoryWorkspace, type Workspace } from '../workspace';
import { fixturesUsed } from './fixtures';
import { shapeIndex, shapeObject } from './shape-exports';
import { shapeFiles } from './shape-files';
import { shapeInventory } from './shape-inventory';
import { shapeImports, shapeLayers } from './shape-sources';

const shape = [shapeFiles, shapeIndex, shapeObject, shapeImports, shapeLayers, shapeInventory, fixturesUsed];
const optionalFields = ['recipient'];

const whole = diskWorkspace(join(__dirname, '../../../../..'));
const channels = channelLibraries(whole);

/** A copy of one channel alone, whose inventory is up to date. */
function copyOf(root: string): Workspace {
  const copy = memoryWorkspace(
    Object.fromEntries(below(whole, root).map((file) => [file, whole.read(file)])),
  );
  const mended = examine([shapeInventory], copy, noFacts).find(({ file }) => file.endsWith('inventory.txt'));
  return mended?.mended === undefined ? copy : changed(copy, { [mended.file]: mended.mended });
}

function findings(workspace: Workspace): Finding[] {
  return examine(shape, workspace, noFacts);
}

/** What the doctor must say of a file that is gone: its name, and how to mend it. */
function names(found: readonly Finding[], file: string): boolean {
  return found.some(
    ({ file: named, problem, fix }) => (named === file || problem.includes(file)) && fix.trim() !== '',
  );
}

describe.each(channels)('the channel $id', ({ id, root }) => {
  const copy = copyOf(root);

  it('is sound as it is', () => expect(findings(copy)).toEqual([]));

  it('cannot lose a single file unseen', () => {
    const unseen = copy.files.filter((file) => !names(findings(changed(copy, { [file]: null })), file));
    expect(unseen).toEqual([]);
  });

  it('cannot lose a single export of its index unseen', () => {
    const file = `${root}/src/index.ts`;
    const lines = copy.read(file).split('\n').filter(Boolean);
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const found = findings(changed(copy, { [file]: lines.filter((other) => other !== line).join('\n') }));
      const from = /'(.*)'/.exec(line)![1];
      expect(found).toContainEqual(
        expect.objectContaining({ rule: 'SHAPE-2', file, problem: `does not export '${from}'` }),
      );
    }
  });

  it('cannot lose a single field of its object unseen', () => {
    const file = `${root}/src/${id}.channel.ts`;
    const text = copy.read(file);
    const object = constant(text, `${id}Channel`)!;
    const fields = [...fieldsOf(object)].filter(([name]) => !optionalFields.includes(name));
    expect(fields.map(([name]) => name)).toEqual(['id', 'title', 'configClass', 'capabilities', 'create']);
    for (const [name, field] of fields) {
      const without = text.slice(0, field.pos) + text.slice(field.end).replace(/^,/, '');
      expect(findings(changed(copy, { [file]: without }))).toContainEqual(
        expect.objectContaining({ rule: 'SHAPE-3', file, problem: `${id}Channel has no ${name}` }),
      );
    }
  });

  it('cannot lose an export that another of its files takes unseen', () => {
    const taken = takenExports(copy);
    expect(taken.length).toBeGreaterThan(40);
    for (const { file, name } of taken) {
      const declaration = new RegExp(
        `^export (?=(?:async |abstract )*(?:const|function|class|interface|type) ${name}\\b)`,
        'm',
      );
      const without = copy.read(file).replace(declaration, '');
      expect(findings(changed(copy, { [file]: without }))).toContainEqual(
        expect.objectContaining({ file, problem: expect.stringContaining(`export ${name}`) }),
      );
    }
  });
});

/** What a channel's files export themselves and another one imports by name. */
function takenExports(copy: Workspace): { file: string; name: string }[] {
  const taken = copy.files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      readSource(copy.read(file)).imports.flatMap(({ from, names }) => {
        const target = from.startsWith('.') ? resolveImport(copy, file, from) : null;
        return target?.endsWith('.ts') ? names.map((name) => `${target} ${name}`) : [];
      }),
    );
  return [...new Set(taken)]
    .map((entry) => entry.split(' '))
    .map(([file, name]) => ({ file, name }))
    .filter(({ file, name }) => new RegExp(`^export .*\\b${name}\\b`, 'm').test(copy.read(file)))
    .filter(({ file, name }) => !new RegExp(`^export .*\\b${name}\\b.* from `, 'm').test(copy.read(file)));
}
