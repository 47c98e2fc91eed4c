import { readText } from '../../workspace/files';
import { changesOf, workspaceTree } from '../../workspace/spec-tree';
import endpoint from './generator';

beforeAll(() => {
  // Prettier is an ES module, which Jest does not load; others.generated.spec.ts looks at what is formatted.
  process.env.NX_SKIP_FORMAT = 'true';
});

describe('nx generate endpoint', () => {
  it('writes a controller, its models and its spec, and registers it with a scope of its own', async () => {
    const tree = workspaceTree();
    await endpoint(tree, { name: 'opening-hours' });
    expect(changesOf(tree)).toEqual([
      'UPDATE apps/hub/src/api/api-key.guard.ts',
      'CREATE apps/hub/src/api/opening-hours.controller.spec.ts',
      'CREATE apps/hub/src/api/opening-hours.controller.ts',
      'CREATE apps/hub/src/api/opening-hours.models.ts',
      'UPDATE apps/hub/src/app.module.ts',
    ]);
    expect(readText(tree, 'apps/hub/src/api/api-key.guard.ts')).toContain(
      "  'opening-hours:read',\n] as const;",
    );
    const module = readText(tree, 'apps/hub/src/app.module.ts');
    expect(module).toContain("import { OpeningHoursController } from './api/opening-hours.controller';");
    expect(module).toContain('      OpeningHoursController,\n    ];');
    const controller = readText(tree, 'apps/hub/src/api/opening-hours.controller.ts');
    for (const decorator of [
      "@ApiTags('opening-hours')",
      "@ApiSecurity('apiKey')",
      "@Controller('api/v1/opening-hours')",
      "@Needs('opening-hours:read')",
      '@ApiOperation(',
      '@Answers(openingHoursView)',
    ])
      expect(controller).toContain(decorator);
  });

  it('overwrites nothing', async () => {
    const tree = workspaceTree();
    await expect(endpoint(tree, { name: 'chats' })).rejects.toThrow(
      'exist already: apps/hub/src/api/chats.controller.ts',
    );
    expect(changesOf(tree)).toEqual([]);
  });

  it('refuses a name that is none', async () => {
    await expect(endpoint(workspaceTree(), { name: '../chats' })).rejects.toThrow(
      'is no name of an endpoint',
    );
  });
});
