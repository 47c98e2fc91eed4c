import { readText } from '../../workspace/files';
import { changesOf, workspaceTree } from '../../workspace/spec-tree';
import agent from './generator';

beforeAll(() => {
  // Prettier is an ES module, which Jest does not load; others.generated.spec.ts looks at what is formatted.
  process.env.NX_SKIP_FORMAT = 'true';
});

describe('nx generate agent', () => {
  it('writes an adapter and its fake, and registers them wherever kinds of agents are listed', async () => {
    const tree = workspaceTree();
    await agent(tree, { kind: 'dialog-flow' });
    expect(changesOf(tree)).toEqual([
      'UPDATE apps/hub/src/agents/agent.models.ts',
      'UPDATE apps/hub/src/agents/agents.spec.ts',
      'UPDATE apps/hub/src/agents/agents.ts',
      'CREATE apps/hub/src/agents/dialog-flow.agent.spec.ts',
      'CREATE apps/hub/src/agents/dialog-flow.agent.ts',
      'UPDATE docs/guides/agents.md',
      'UPDATE tools/simulator/src/agent/agent-simulator.ts',
      'CREATE tools/simulator/src/agent/dialog-flow-protocol.spec.ts',
      'CREATE tools/simulator/src/agent/dialog-flow-protocol.ts',
      'UPDATE tools/simulator/src/agent/protocol.ts',
    ]);
    const registered: [string, string][] = [
      [
        'apps/hub/src/agents/agent.models.ts',
        'export class DialogFlowAgentConfig extends KeyedAgentConfig {',
      ],
      ['apps/hub/src/agents/agent.models.ts', '| DialogFlowAgentConfig'],
      ['apps/hub/src/agents/agents.ts', "'dialog-flow': DialogFlowAgentConfig,"],
      ['apps/hub/src/agents/agents.ts', 'return new DialogFlowAgent({ ...agent, timeoutMs });'],
      ['apps/hub/src/agents/agents.spec.ts', "kind: 'dialog-flow', url: base, apiKey: secret"],
      ['docs/guides/agents.md', '| [`dialog-flow`](#dialog-flow) |'],
      ['docs/guides/agents.md', '\n## dialog-flow\n'],
      ['tools/simulator/src/agent/agent-simulator.ts', "if (path === '/dialog-flow/ask')"],
      ['tools/simulator/src/agent/protocol.ts', "'dialog-flow' |"],
    ];
    for (const [file, text] of registered) expect(readText(tree, file)).toContain(text);
  });

  it('overwrites nothing', async () => {
    const tree = workspaceTree();
    await expect(agent(tree, { kind: 'hive' })).rejects.toThrow(
      'exist already: apps/hub/src/agents/hive.agent.ts',
    );
    expect(changesOf(tree)).toEqual([]);
  });

  it('refuses a kind that is none', async () => {
    await expect(agent(workspaceTree(), { kind: 'Dialog' })).rejects.toThrow('is no kind of an agent');
  });
});
