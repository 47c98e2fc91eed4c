import type { Tree } from '@nx/devkit';
import { changesOf, workspaceTree } from '../../workspace/spec-tree';
import { channelGenerator } from './generator';
import { auths, transports, type ChannelOptions } from './options';

const registry = 'apps/hub/src/channels/registry.ts';
const simulators = 'tools/simulator/src/index.ts';
const tsconfig = 'tsconfig.base.json';

const library = [
  'README.md',
  'eslint.config.mjs',
  'fixtures/README.md',
  'fixtures/inbound/group.json',
  'fixtures/inbound/own.json',
  'fixtures/inbound/reply.json',
  'fixtures/inbound/text.json',
  'fixtures/inbound/unknown-kind.json',
  'fixtures/inbound/without-sender.json',
  'fixtures/outbound/blocked.json',
  'fixtures/outbound/location-as-text.json',
  'fixtures/outbound/probe-of-something-else.json',
  'fixtures/outbound/probe.json',
  'fixtures/outbound/rate-limited.json',
  'fixtures/outbound/reply.json',
  'fixtures/outbound/text.json',
  'fixtures/outbound/to-no-chat.json',
  'inventory.txt',
  'jest.config.cjs',
  'project.json',
  'src/client/failures.ts',
  'src/client/line.client.ts',
  'src/handler/capabilities.ts',
  'src/handler/ids.ts',
  'src/handler/inbound.ts',
  'src/handler/line.handler.ts',
  'src/handler/outbound.ts',
  'src/index.ts',
  'src/line.channel.ts',
  'src/line.conformance.spec.ts',
  'src/line.readme.spec.ts',
  'src/models/api.models.ts',
  'src/models/config.models.ts',
  'src/models/inbound.models.ts',
  'tsconfig.json',
];

const more = {
  webhook: [],
  gateway: ['src/client/gateway.connection.ts', 'src/handler/listener.ts'],
  polling: ['src/handler/listener.ts'],
};

const feeds = { webhook: [], gateway: ['gateway-feed.ts'], polling: ['poll-feed.ts'] };

const combinations = auths.flatMap((auth) => transports.map((transport) => ({ auth, transport })));

beforeAll(() => {
  // Prettier is an ES module, which Jest does not load; matrix.generated.spec.ts looks at what is formatted.
  process.env.NX_SKIP_FORMAT = 'true';
});

async function generated(options: Partial<ChannelOptions> = {}): Promise<Tree> {
  const tree = workspaceTree();
  await channelGenerator(tree, { id: 'line', ...options });
  return tree;
}

const textOf = (tree: Tree, path: string): string => tree.read(path, 'utf8') ?? '';

/** The lines that a file has now and had not before, without blanks at their ends. */
function addedTo(tree: Tree, path: string): string[] {
  const before = textOf(workspaceTree(), path).split('\n');
  return textOf(tree, path)
    .split('\n')
    .filter((line) => !before.includes(line));
}

describe('nx generate channel', () => {
  it.each(combinations)('writes exactly the files of the pattern: $auth, $transport', async (combination) => {
    const { auth, transport } = combination;
    const tree = await generated(combination);
    const hasWebhook = transport === 'webhook' || auth !== 'none';
    const fake = ['event.ts', 'simulator.spec.ts', 'simulator.ts', ...feeds[transport]];
    const expected = [
      ...[...library, ...more[transport]].map((file) => `CREATE libs/channels/line/${file}`),
      ...[...fake, ...(hasWebhook ? ['webhook-feed.ts'] : [])].map(
        (file) => `CREATE tools/simulator/src/line/${file}`,
      ),
      `UPDATE ${registry}`,
      `UPDATE ${simulators}`,
      `UPDATE ${tsconfig}`,
    ];
    expect(changesOf(tree)).toEqual(expected.sort((one, other) => (one.slice(7) < other.slice(7) ? -1 : 1)));
  });

  it('is known to the workspace by three lines', async () => {
    const tree = await generated();
    expect(addedTo(tree, registry)).toEqual([
      "import { lineChannel } from '@omni-hub/channel-line';",
      '  lineChannel as Channel,',
    ]);
    expect(addedTo(tree, simulators)).toEqual([
      "export { type LineSimulator, type LineSimulatorOptions, startLineSimulator } from './line/simulator';",
    ]);
    const paths = (from: Tree) => JSON.parse(textOf(from, tsconfig)).compilerOptions.paths as object;
    expect(paths(tree)).toEqual({
      ...paths(workspaceTree()),
      '@omni-hub/channel-line': ['./libs/channels/line/src/index.ts'],
    });
  });

  it('names everything after the id, and for readers after the title', async () => {
    const tree = await generated({
      id: 'line-works',
      title: 'LINE WORKS',
      docs: 'https://example.org/docs/',
    });
    const channel = textOf(tree, 'libs/channels/line-works/src/line-works.channel.ts');
    expect(channel).toContain('/** LINE WORKS: https://example.org/docs. */');
    expect(channel).toContain('export const lineWorksChannel: Channel<LineWorksConfig> = {');
    expect(channel).toContain("id: 'line-works'");
    expect(textOf(tree, 'libs/channels/line-works/README.md')).toMatch(/^# LINE WORKS\n/);
    expect(JSON.parse(textOf(tree, 'libs/channels/line-works/project.json'))).toMatchObject({
      name: 'channel-line-works',
      tags: ['type:channel'],
    });
  });

  it('asks for the address of the API unless it was given one', async () => {
    const file = 'libs/channels/line/src/models/config.models.ts';
    expect(textOf(await generated(), file)).toContain('apiUrl: string;');
    const given = await generated({ apiUrl: 'https://api.line.example/v2/' });
    expect(textOf(given, file)).toContain("apiUrl: string = 'https://api.line.example/v2';");
  });

  it('holds every ability that the contracts name, false but for what it has', async () => {
    const tree = workspaceTree();
    tree.write(
      'libs/contracts/src/capabilities.ts',
      "export type Ability =\n  | 'receive'\n  | 'probe'\n  | 'dance';\n",
    );
    await channelGenerator(tree, { id: 'line' });
    const capabilities = textOf(tree, 'libs/channels/line/src/handler/capabilities.ts');
    expect(capabilities).toMatch(/abilities: \{\s+receive: true,\s+probe: true,\s+dance: false,\s+\}/);
    expect(textOf(tree, 'libs/channels/line/README.md')).toContain('| dance | no |');
  });

  it('leaves nothing to be done in the code, and no mark of a template', async () => {
    for (const combination of combinations) {
      const tree = await generated(combination);
      for (const { path, type, content } of tree.listChanges()) {
        if (type === 'CREATE')
          expect(`${path}\n${content?.toString()}`).not.toMatch(/TODO|FIXME|<%|%>|undefined`/);
      }
    }
  });

  it('tells the next steps', async () => {
    const said = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const tell = await channelGenerator(workspaceTree(), { id: 'line' });
    tell();
    expect(said.mock.calls.join('\n')).toContain('npx nx run-many -t lint,typecheck,test -p channel-line');
    said.mockRestore();
  });
});

describe('nx generate channel refuses', () => {
  it.each<[string, Partial<ChannelOptions>, RegExp]>([
    ['an id that is no kebab-case', { id: 'Line' }, /"Line" is no channel id: use lower-case/],
    ['the id of a channel that is there', { id: 'telegram' }, /exist already: libs\/channels\/telegram/],
    [
      "the name of the simulator's own folder",
      { id: 'agent' },
      /exist already: tools\/simulator\/src\/agent/,
    ],
    ['the name of the kit', { id: 'testing' }, /taken by @omni-hub\/channel-testing/],
    ['an unknown auth', { auth: 'magic' as 'hmac' }, /--auth is one of hmac, token, ed25519, none/],
    ['an unknown transport', { transport: 'pigeon' as 'webhook' }, /--transport is one of webhook/],
    ['a title that would end a text', { title: "L'INE" }, /--title has up to 40 letters/],
    ['an address that is none', { apiUrl: 'api.line.example' }, /--apiUrl is an http\(s\) address/],
    ['documentation that is no address', { docs: "https://x.example/'" }, /--docs is an http\(s\) address/],
    [
      'an OpenAPI document that is not there',
      { fromOpenapi: 'none.yaml' },
      /--from-openapi=none\.yaml: ENOENT/,
    ],
    ['a file that is no OpenAPI document', { fromOpenapi: 'package.json' }, /no OpenAPI 3\.0 or 3\.1/],
  ])('%s, and writes nothing', async (_what, options, message) => {
    const tree = workspaceTree();
    await expect(channelGenerator(tree, { id: 'line', ...options })).rejects.toThrow(message);
    expect(changesOf(tree)).toEqual([]);
  });

  it('to write over a file, over a line of the registry and over a path', async () => {
    const occupied: [string, (tree: Tree) => void][] = [
      ['libs/channels/line', (tree) => tree.write('libs/channels/line/notes.md', 'mine')],
      [registry, (tree) => tree.write(registry, `${textOf(tree, registry)}// from '@omni-hub/channel-line'`)],
      [
        tsconfig,
        (tree) => tree.write(tsconfig, textOf(tree, tsconfig).replace('channel-discord', 'channel-line')),
      ],
    ];
    for (const [what, occupy] of occupied) {
      const tree = workspaceTree();
      occupy(tree);
      const before = changesOf(tree);
      await expect(channelGenerator(tree, { id: 'line' })).rejects.toThrow(what);
      expect(changesOf(tree)).toEqual(before);
    }
  });

  it('to generate the same twice', async () => {
    const tree = await generated();
    await expect(channelGenerator(tree, { id: 'line' })).rejects.toThrow(/exist already/);
  });
});
