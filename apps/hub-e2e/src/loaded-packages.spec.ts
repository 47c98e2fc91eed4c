import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './harness/until';
import { World } from './harness/world';

const preload = join(__dirname, 'harness/loaded-packages.cjs');
const manifest = join(__dirname, '../../../dist/apps/hub/package.json');

/**
 * What a hub has no need of until it is configured for it. All else that the built hub depends on is loaded when it starts, and stays in
 * memory: before a package is taken out of this list, see docs/performance.md.
 */
const onDemand = ['@discordjs/rest', '@discordjs/ws', 'pg', 'yaml'];

describe('the packages that a hub has in memory', () => {
  let folder: string;
  let world: World;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'omni-hub-loaded-'));
    world = await World.create({
      hub: {
        nodeOptions: ['--require', preload],
        environment: { LOADED_PACKAGES: join(folder, 'loaded.json') },
      },
    });
  });

  afterAll(async () => {
    await world.dispose();
    rmSync(folder, { recursive: true });
  });

  /** Of the packages that the hub depends on those that are not loaded. */
  async function waiting(): Promise<string[]> {
    const file = join(folder, 'loaded.json');
    process.kill(world.hub.pid, 'SIGUSR2');
    await until('the hub tells what it has loaded', () => existsSync(file));
    const loaded = new Set(JSON.parse(readFileSync(file, 'utf8')) as string[]);
    rmSync(file);
    const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: object };
    return Object.keys(dependencies).filter((name) => !loaded.has(name));
  }

  it('are not those of other platforms and databases, also where a message was answered', async () => {
    const ada = world.person();
    ada.says('hello');
    await world.reply(ada);
    // The database's driver is its own threads' affair.
    expect(await waiting()).toEqual(expect.arrayContaining(onDemand));
  });

  it('are those of a platform with its first instance', async () => {
    const applicationId = '100000000000000001';
    await world.operator.post('/api/v1/instances', {
      name: 'discord-bot',
      channel: 'discord',
      enabled: false,
      config: {
        token: `${Buffer.from(applicationId).toString('base64url')}.GmadeUp.e2e-discord-token`,
        applicationId,
        publicKey: 'ab'.repeat(32),
      },
      agent: { kind: 'echo' },
    });
    const left = await waiting();
    expect(left).not.toContain('@discordjs/rest');
    // It does not listen yet.
    expect(left).toContain('@discordjs/ws');
  });
});
