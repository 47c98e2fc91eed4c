import { readText } from '../../workspace/files';
import { changesOf, workspaceTree } from '../../workspace/spec-tree';
import service from './generator';

beforeAll(() => {
  // Prettier is an ES module, which Jest does not load; others.generated.spec.ts looks at what is formatted.
  process.env.NX_SKIP_FORMAT = 'true';
});

async function generated() {
  const tree = workspaceTree();
  await service(tree, { name: 'word-counter' });
  return tree;
}

describe('nx generate service', () => {
  it('writes exactly the files of a service, its fake, and the lines by which both are found', async () => {
    expect(changesOf(await generated())).toEqual([
      'CREATE libs/services/word-counter/README.md',
      'CREATE libs/services/word-counter/eslint.config.mjs',
      'CREATE libs/services/word-counter/jest.config.cjs',
      'CREATE libs/services/word-counter/project.json',
      'CREATE libs/services/word-counter/src/client/failures.ts',
      'CREATE libs/services/word-counter/src/client/word-counter.client.ts',
      'CREATE libs/services/word-counter/src/index.ts',
      'CREATE libs/services/word-counter/src/models/config.models.ts',
      'CREATE libs/services/word-counter/src/models/errors.ts',
      'CREATE libs/services/word-counter/src/models/exchange.ts',
      'CREATE libs/services/word-counter/src/word-counter.spec.ts',
      'CREATE libs/services/word-counter/src/word-counter.ts',
      'CREATE libs/services/word-counter/tsconfig.json',
      'UPDATE tools/simulator/README.md',
      'UPDATE tools/simulator/src/index.ts',
      'CREATE tools/simulator/src/word-counter/check.ts',
      'CREATE tools/simulator/src/word-counter/word-counter-simulator.spec.ts',
      'CREATE tools/simulator/src/word-counter/word-counter-simulator.ts',
      'UPDATE tsconfig.base.json',
    ]);
  });

  it('names the project, its tag, its path and its fake', async () => {
    const tree = await generated();
    expect(JSON.parse(readText(tree, 'libs/services/word-counter/project.json'))).toMatchObject({
      name: 'word-counter',
      tags: ['type:service'],
      targets: { typecheck: {}, test: {} },
    });
    expect(JSON.parse(readText(tree, 'tsconfig.base.json')).compilerOptions.paths).toMatchObject({
      '@omni-hub/word-counter': ['./libs/services/word-counter/src/index.ts'],
    });
    expect(readText(tree, 'tools/simulator/src/index.ts')).toContain(
      "from './word-counter/word-counter-simulator';",
    );
    expect(readText(tree, 'tools/simulator/README.md')).toContain('src/word-counter/');
    expect(readText(tree, 'libs/services/word-counter/src/word-counter.ts')).toContain(
      'export class WordCounter {',
    );
  });

  it.each([
    ['a service', 'audio-transcriber', 'libs/services/audio-transcriber'],
    ['a part of the simulator', 'telegram', 'tools/simulator/src/telegram'],
  ])('overwrites nothing: %s', async (_what, name, path) => {
    const tree = workspaceTree();
    await expect(service(tree, { name })).rejects.toThrow(`exist already: ${path}`);
    expect(changesOf(tree)).toEqual([]);
  });

  it('refuses a name that is none', async () => {
    await expect(service(workspaceTree(), { name: 'Word Counter' })).rejects.toThrow(
      'is no name of a service',
    );
  });
});
