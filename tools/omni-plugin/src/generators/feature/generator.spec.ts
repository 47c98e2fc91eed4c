import { linksOf } from '../../doctor/markdown';
import { readDocument } from '../../features/document';
import { readText } from '../../workspace/files';
import { changesOf, workspaceTree } from '../../workspace/spec-tree';
import feature, { type FeatureOptions } from './generator';

beforeAll(() => {
  // Prettier is an ES module, which Jest does not load; others.generated.spec.ts looks at what is formatted.
  process.env.NX_SKIP_FORMAT = 'true';
});

const channel: FeatureOptions = {
  name: 'line',
  type: 'channel',
  priority: 'high',
  target: '2026-12-31',
  docs: 'https://docs.example.com/line',
  auth: 'hmac',
};

async function generated(options: FeatureOptions) {
  const tree = workspaceTree();
  await feature(tree, options);
  return tree;
}

describe('nx generate feature', () => {
  it.each<[FeatureOptions['type'], string]>([
    ['channel', 'libs/channels/line/src/line.channel.ts'],
    ['service', 'libs/services/line/src/line.ts'],
    ['endpoint', 'apps/hub/src/api/line.controller.ts'],
    ['agent', 'apps/hub/src/agents/line.agent.ts'],
  ])('of type %s writes its document and what the generator of that type makes', async (type, file) => {
    const changes = changesOf(await generated({ name: 'line', type }));
    expect(changes).toContain('CREATE docs/features/line.md');
    expect(changes).toContain(`CREATE ${file}`);
  });

  it('writes down what it is told', async () => {
    const file = 'docs/features/line.md';
    const { facts } = readDocument(file, readText(await generated(channel), file));
    expect(facts).toEqual({
      feature: 'line',
      type: 'channel',
      priority: 'high',
      target: '2026-12-31',
      docs: 'https://docs.example.com/line',
      auth: 'hmac',
    });
  });

  it('calls the platform as it calls itself', async () => {
    const tree = await generated({ ...channel, title: 'LINE' });
    expect(readText(tree, 'docs/features/line.md')).toContain('\n# LINE\n');
    expect(readText(tree, 'libs/channels/line/src/line.channel.ts')).toContain("title: 'LINE'");
  });

  it('passes on how events come in and are proven', async () => {
    const tree = await generated({ ...channel, auth: 'ed25519', transport: 'gateway' });
    expect(tree.exists('libs/channels/line/src/handler/listener.ts')).toBe(true);
    expect(readText(tree, 'libs/channels/line/src/models/config.models.ts')).toContain('publicKey');
  });

  it.each<[Partial<FeatureOptions>, string]>([
    [{ auth: 'hmac', transport: 'webhook' }, 'slack'],
    [{ auth: 'ed25519', transport: 'gateway' }, 'discord'],
    [{ auth: 'token', transport: 'polling' }, 'telegram'],
  ])('finds the implementations that are like it, the nearest first: %j', async (options, nearest) => {
    const text = readText(await generated({ ...channel, ...options }), 'docs/features/line.md');
    const found = linksOf(text).filter(({ target }) => target.startsWith('../../libs/channels/'));
    expect(found[0].target).toBe(`../../libs/channels/${nearest}/README.md`);
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(text).toContain('fetchMedia');
  });

  it.each<[Partial<FeatureOptions>, RegExp]>([
    [{ name: 'Line' }, /is no name of a feature/],
    [{ target: 'soon' }, /--target is a day/],
    [{ target: '2026-02-40' }, /--target is a day/],
    [{ docs: 'docs.example.com' }, /--docs is an http/],
    [{ type: 'service', transport: 'webhook' }, /--transport is for channels/],
    [{ type: 'agent', title: 'Line' }, /--title is for channels/],
    [{ name: 'telegram' }, /exist already: libs\/channels\/telegram/],
  ])('refuses %j', async (options, message) => {
    await expect(feature(workspaceTree(), { ...channel, ...options })).rejects.toThrow(message);
  });
});
