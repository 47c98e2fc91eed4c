import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flushChanges, FsTree } from 'nx/src/generators/tree';
import { WorkspaceCopy, type Ran } from '../../workspace/workspace-copy';
import { channelGenerator } from './generator';
import { auths, planOf, transports, type ChannelPlan } from './options';

const plans = auths.flatMap((auth) =>
  transports.map((transport) => planOf({ id: `made-${auth}-${transport}`, auth, transport })),
);
const ids = plans.map(({ id }) => id);
/** The one that the command makes. */
const typed = 'made-by-the-command';

/** What a channel is looked at by takes a minute; on a machine that is busy, several. */
const limitMs = 600_000;

describe('a channel of every kind, generated into a copy of the workspace', () => {
  let copy: WorkspaceCopy;

  beforeAll(async () => {
    process.env.NX_SKIP_FORMAT = 'true';
    copy = new WorkspaceCopy();
    for (const { id, auth, transport } of plans) {
      const tree = new FsTree(copy.root, false);
      await channelGenerator(tree, { id, auth, transport, apiUrl: addressOf(transport) });
      flushChanges(copy.root, tree.listChanges());
    }
    succeeds(await copy.run('prettier', '--write', '--log-level=warn', ...changedBy(ids)));
  }, limitMs);

  afterAll(() => copy.remove());

  it(
    'is made by the command as it is typed, and formatted',
    async () => {
      const options = [
        '--from-openapi=tools/omni-plugin/fixtures/parcels.openapi.yaml',
        '--title=The Command',
      ];
      const { output } = succeeds(await copy.run('nx', 'generate', 'channel', typed, ...options));
      expect(output).toContain(`CREATE libs/channels/${typed}/src/handler/${typed}.handler.ts`);
      expect(output).toContain('What is next');
      succeeds(await copy.run('prettier', '--check', ...changedBy([...ids, typed])));
    },
    limitMs,
  );

  it(
    'gives the doctor nothing to mend',
    async () => {
      const { stdout } = await copy.runTypeScript('tools/omni-plugin/src/doctor/main.ts', '--json');
      const findings = JSON.parse(stdout) as Record<string, string>[];
      expect(findings.filter((finding) => JSON.stringify(finding).includes('made-'))).toEqual([]);
    },
    limitMs,
  );

  it(
    'is built into the hub',
    async () => void succeeds(await copy.run('nx', 'build', 'hub', '--skip-nx-cache')),
    limitMs,
  );

  it(
    'keeps the rules of ESLint, boundaries included',
    async () => {
      const written = changedBy([...ids, typed]).filter((path) => !path.endsWith('.json'));
      const { output } = succeeds(await copy.run('eslint', ...written));
      expect(output).not.toContain('rule will be skipped');
    },
    limitMs,
  );

  it(
    'keeps the rules of the kit, and is answered for by the built hub',
    async () => {
      prepareAnswers();
      const config = {
        rootDir: copy.root,
        testTimeout: 60_000,
        reporters: ['default'],
        testMatch: [
          '<rootDir>/libs/channels/made-*/src/**/*.spec.ts',
          '<rootDir>/tools/simulator/src/made-*/*.spec.ts',
          '<rootDir>/apps/hub-e2e/src/generated-channels.spec.ts',
        ],
      };
      writeFileSync(
        join(copy.root, 'jest.made.cjs'),
        `module.exports = { ...require('./jest.preset.js'), ...${JSON.stringify(config)} };\n`,
      );
      const { output } = succeeds(await copy.run('jest', '--config', 'jest.made.cjs', '--maxWorkers=2'));
      expect(output).toContain(`Test Suites: ${3 * (plans.length + 1) + 1} passed`);
    },
    limitMs,
  );

  it(
    'has sound types',
    async () => {
      const include = [
        'libs/channels/made-*/src/**/*.ts',
        'tools/simulator/src/made-*/*.ts',
        'tools/simulator/src/index.ts',
        'apps/hub/src/channels/registry.ts',
        'apps/hub-e2e/src/generated-channels.spec.ts',
      ];
      writeFileSync(
        join(copy.root, 'tsconfig.made.json'),
        JSON.stringify({ extends: './tsconfig.base.json', include }),
      );
      succeeds(await copy.run('tsc', '--noEmit', '-p', 'tsconfig.made.json'));
    },
    limitMs,
  );

  function prepareAnswers(): void {
    const folder = join(copy.root, 'apps/hub-e2e/src');
    cpSync(join(__dirname, 'testing/answers.spec.ts.template'), join(folder, 'generated-channels.spec.ts'));
    writeFileSync(join(folder, 'generated-channels.json'), JSON.stringify(plans.flatMap(waysOf)));
  }
});

/** Every way in which a message can come to the channel. */
function waysOf({ id, pascal, transport, receives, listens, hasMode }: ChannelPlan) {
  const ways = [...(receives ? ['webhook'] : []), ...(listens ? [transport] : [])];
  return ways.map((way) => ({ id, pascal, way, hasMode }));
}

/** With an address and without: both are looked at. */
function addressOf(transport: string): string | undefined {
  return transport === 'webhook' ? 'https://api.example.com/v1' : undefined;
}

/** The folders and files that generators have written or changed for these channels. */
function changedBy(ids: readonly string[]): string[] {
  return [
    ...ids.flatMap((id) => [`libs/channels/${id}`, `tools/simulator/src/${id}`]),
    'tools/simulator/src/index.ts',
    'apps/hub/src/channels/registry.ts',
    'tsconfig.base.json',
  ];
}

function succeeds(ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`ended with ${ran.code}:\n${ran.output.slice(-20_000)}`);
  return ran;
}
