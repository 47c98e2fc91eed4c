import { ConfigError, type ListenSession } from '@omni-hub/channel-sdk';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Activity } from '../flow/activity';
import type { Intake } from '../flow/intake';
import { Wakeups } from '../flow/wakeups';
import type { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { openStore, type Store } from '../storage/open-store';
import { sampleInstance } from '../testing/samples';
import { ListenersService } from './listeners.service';

const nothing = { events: [] };

/** One run of a handler, which ends when it is aborted. */
interface Run {
  listenKey: string;
  session: ListenSession;
  signal: AbortSignal;
  fails(error: Error): void;
}

describe('a listener', () => {
  let folder: string;
  let store: Store;
  let listeners: ListenersService;
  let live: LiveInstance[];
  let wakeups: Wakeups;
  let activity: Activity;
  let keeps: Intake['accept'];
  let runs: Run[];
  let begun: () => void;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'omni-listeners-'));
    store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
    [live, runs, keeps, begun] = [[], [], () => Promise.resolve(), () => undefined];
    [wakeups, activity] = [new Wakeups(), new Activity()];
    const instances = {
      all: () => live,
      byId: (id: string) => live.find((one) => one.id === id),
    } as Instances;
    const intake = { accept: (...args: Parameters<Intake['accept']>) => keeps(...args) } as Intake;
    const silent = () => undefined;
    const log = { info: silent, warn: silent, error: silent, debug: silent };
    // What is seen, is seen because it was told: not by the next look that would come anyway.
    jest.spyOn(globalThis, 'setInterval').mockReturnValue(undefined as never);
    listeners = new ListenersService(store, instances, intake, activity, wakeups, log);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await listeners.stop();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const instance = (listenKey = 'bot') =>
    sampleInstance({
      handler: {
        listenKey,
        listen: (session, signal) =>
          new Promise<void>((resolve, reject) => {
            signal.addEventListener('abort', () => resolve());
            runs.push({ listenKey, session, signal, fails: reject });
            begun();
          }),
      },
    });

  /** Makes these the instances that there are. */
  function becomes(...instances: LiveInstance[]): void {
    live = instances;
    wakeups.wake('instances');
  }

  /** The nth run, from 1, once it has begun. */
  async function run(nth: number): Promise<Run> {
    while (runs.length < nth) await new Promise<void>((resolve) => (begun = resolve));
    return runs[nth - 1];
  }

  async function listensTo(first: LiveInstance): Promise<Run> {
    live = [first];
    listeners.start();
    return run(1);
  }

  it('is begun and ended by what changes, also while the listeners are looked after', async () => {
    const [one, other] = [instance('one'), { ...instance('other'), id: 'i2' }];
    const { leases } = store;
    const acquire = leases.acquire.bind(leases);
    jest.spyOn(leases, 'acquire').mockImplementationOnce(async (...lease) => {
      const epoch = await acquire(...lease);
      becomes(other);
      return epoch;
    });
    live = [one];
    listeners.start();
    while (!runs.some(({ listenKey }) => listenKey === 'other')) await run(runs.length + 1);
    const running = runs.filter(({ signal }) => !signal.aborted);
    expect(running.map(({ listenKey }) => listenKey)).toEqual(['other']);
  });

  it('goes on after a failure from what is kept by then', async () => {
    const first = await listensTo(instance());
    expect(first.session.cursor).toBeNull();
    await first.session.accept(nothing, Buffer.from('[]'), '5');
    first.fails(new ConfigError('not now'));
    expect((await run(2)).session.cursor).toBe('5');
  });

  it('is followed by another only when what it handed over last is kept', async () => {
    const first = await listensTo(instance());
    let isKept: () => void = () => undefined;
    keeps = () => new Promise<void>((resolve) => (isKept = resolve));
    const keeping = first.session.accept(nothing, Buffer.from('[]'), '7');
    first.signal.addEventListener('abort', () => setImmediate(isKept));
    becomes(instance());
    await keeping;
    expect((await run(2)).session.cursor).toBe('7');
  });

  it('begins at the beginning when the instance gets another account, and goes on with the same', async () => {
    const first = await listensTo(instance('bot'));
    await first.session.accept(nothing, Buffer.from('[]'), '9');
    becomes(instance('another bot'));
    const second = await run(2);
    expect(second.session.cursor).toBeNull();
    await second.session.accept(nothing, Buffer.from('[]'), '3');
    becomes(instance('another bot'));
    expect((await run(3)).session.cursor).toBe('3');
  });

  it('that has ended is connected no more', async () => {
    const first = await listensTo(instance());
    const { id } = live[0];
    first.session.state('connected', null);
    expect(activity.of(id).transport).toMatchObject({ state: 'connected' });
    await listeners.stop();
    expect(activity.of(id).transport).toBeNull();
  });

  it('that was refused says so still', async () => {
    const first = await listensTo(instance());
    const { id } = live[0];
    first.session.state('refused', 'another program listens');
    await listeners.stop();
    expect(activity.of(id).transport).toMatchObject({ detail: 'another program listens' });
  });
});
