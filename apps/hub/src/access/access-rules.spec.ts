import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../flow/log';
import { newId } from '../flow/ids';
import { openStore, type Store } from '../storage/open-store';
import { sampleInstance } from '../testing/samples';
import { AccessRules } from './access-rules';

describe('the access rules in memory', () => {
  let folder: string;
  let store: Store;
  let rules: AccessRules;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'access-'));
    store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
    rules = new AccessRules(store, createLog('silent'));
  });
  afterEach(async () => {
    rules.stop();
    jest.useRealTimers();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const [one, two] = [sampleInstance(), sampleInstance({ id: 'i2' })];
  const add = async (instanceId: string | null) => {
    const id = newId();
    await store.accessRules.insert({ id, instanceId, action: 'block', pattern: '*', createdAt: Date.now() });
    return id;
  };

  it('concern an instance where they are its own or of all', async () => {
    await rules.start();
    expect([rules.of(one), rules.of(two)]).toEqual([null, null]);
    const own = await add('i1');
    await rules.refresh();
    expect(rules.of(one)?.decide(['sample:1'])).toMatchObject({ verdict: 'blocked', rule: { id: own } });
    expect(rules.of(two)).toBeNull();
    await add(null);
    await rules.refresh();
    expect(rules.of(two)?.decide(['sample:1'])).toMatchObject({ verdict: 'blocked' });
  });

  it('are made ready once for each change', async () => {
    await add(null);
    await rules.start();
    const all = jest.spyOn(store.accessRules, 'all');
    const before = rules.of(one);
    await rules.refresh();
    expect(rules.of(one)).toBe(before);
    expect(all).not.toHaveBeenCalled();
  });

  it('of another process are seen within two seconds', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    await rules.start();
    const id = await add(null);
    jest.advanceTimersByTime(2_000);
    while (rules.all().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(rules.all().map((rule) => rule.id)).toEqual([id]);
  });

  it('are those of the last refresh that was asked for, whatever overtakes', async () => {
    await rules.start();
    const slow = rules.refresh();
    const id = await add(null);
    await Promise.all([slow, rules.refresh()]);
    expect(rules.all().map((rule) => rule.id)).toEqual([id]);
  });
});
