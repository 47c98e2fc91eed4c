import type { Channel } from '@omni-hub/channel-sdk';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelRegistry } from '../flow/channel-registry';
import { Wakeups } from '../flow/wakeups';
import { openStore, type Store } from '../storage/open-store';
import { sampleInstance } from '../testing/samples';
import type { AgentConfigs } from './agent-configs';
import type { InstanceSecrets } from './instance-secrets';
import { Instances } from './instances';

class SampleConfig {}

describe('the instances in memory', () => {
  let folder: string;
  let store: Store;
  let instances: Instances;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'omni-instances-'));
    store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
    const { channel, agent } = sampleInstance();
    const channels = {
      get: (): Channel<SampleConfig> => ({ ...channel, configClass: SampleConfig }),
    } as unknown as ChannelRegistry;
    const agents = { open: (config: object) => config, make: () => agent } as unknown as AgentConfigs;
    const secrets = { open: (config: object) => config } as unknown as InstanceSecrets;
    const silent = () => undefined;
    const log = { info: silent, warn: silent, error: silent, debug: silent };
    instances = new Instances(store, channels, agents, secrets, new Wakeups(), log);
    await instances.refresh();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  /** As another process makes one. */
  const isMade = (name: string) =>
    store.instances.insert({
      id: `id-${name}`,
      name,
      channel: 'sample',
      enabled: true,
      config: {},
      agent: { kind: 'echo' },
      shadowAgent: null,
      settings: {},
      account: null,
      pausedCode: null,
      pausedReason: null,
      createdAt: 1,
      updatedAt: 1,
    });
  const names = () => instances.all().map(({ name }) => name);

  it('are found, by id and by name, as soon as another process has made them', async () => {
    await isMade('shop');
    expect(instances.byName('shop')).toBeUndefined();
    expect((await instances.findByName('shop'))?.id).toBe('id-shop');
    await isMade('club');
    expect((await instances.find('id-club'))?.name).toBe('club');
    expect([await instances.find('id-of-nobody'), await instances.findByName('nobody')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('never go back to what was read earlier, however long that read takes', async () => {
    await isMade('shop');
    const list = store.instances.list.bind(store.instances);
    let hasRead!: () => void;
    let goesOn!: () => void;
    const isRead = new Promise<void>((resolve) => (hasRead = resolve));
    const late = new Promise<void>((resolve) => (goesOn = resolve));
    jest.spyOn(store.instances, 'list').mockImplementationOnce(async () => {
      const rows = await list();
      hasRead();
      await late;
      return rows;
    });
    const first = instances.refresh();
    await isRead;
    await isMade('club');
    const second = instances.refresh();
    // As long as a refresh takes that waits for nobody.
    await list();
    await list();
    goesOn();
    await Promise.all([first, second]);
    expect(names()).toEqual(['club', 'shop']);
  });

  it('are read once more for all who ask while they are read, and again after a failure', async () => {
    const version = jest.spyOn(store.instances, 'version');
    version.mockRejectedValueOnce(new Error('the database is away'));
    const first = instances.refresh();
    await expect(first).rejects.toThrow('away');
    await Promise.all([instances.refresh(), instances.refresh(), instances.refresh()]);
    expect(version).toHaveBeenCalledTimes(2);
  });
});
