import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentRequest } from '@omni-hub/contracts';
import type { AccessRules } from '../access/access-rules';
import { SecretBox } from '../config/secret-box';
import type { Agent } from '../flow/agent';
import { newId } from '../flow/ids';
import { MediaLinks } from '../flow/media-links';
import { Metrics } from '../flow/metrics';
import { Wakeups } from '../flow/wakeups';
import type { AgentConfigs } from '../instances/agent-configs';
import type { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { openStore, type Store } from '../storage/open-store';
import { claimAt, completion, event, now } from '../storage/testing/samples';
import { sampleInstance, sampleMessage } from '../testing/samples';
import { ReplayJobs } from './replay-jobs';

const config = { publicUrl: 'http://hub.test' } as ConstructorParameters<typeof MediaLinks>[1];

let folder: string;
let store: Store;
let asked: AgentRequest[];
let logged: [object, string][];
let metrics: Metrics;
let jobs: ReplayJobs;
let live: LiveInstance[];
/** What a look at the database finds, where the memory is behind. */
let refreshed: LiveInstance[] | null;

const agent = (changes: Partial<Agent> = {}): Agent => ({
  kind: 'echo',
  timeoutMs: 1_000,
  ask: (request) => {
    asked.push(request);
    return Promise.resolve({ kind: 'reply', content: [{ type: 'text', text: 'hi' }] });
  },
  close: () => Promise.resolve(),
  ...changes,
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'omni-replays-'));
  store = await openStore(`sqlite:${join(folder, 'hub.db')}`);
  [asked, logged, metrics, refreshed] = [[], [], new Metrics(), null];
  live = [sampleInstance({ agent: agent(), shadow: agent() })];
  const log = { info: note, warn: note, error: note, debug: note };
  const instances = {
    byId: (id: string) => live.find((one) => one.id === id),
    refresh: () => Promise.resolve(void (live = refreshed ?? live)),
  } as unknown as Instances;
  jobs = new ReplayJobs(
    store,
    instances,
    {} as AgentConfigs,
    new Wakeups(),
    metrics,
    log,
    { of: () => null } as unknown as AccessRules,
    new MediaLinks(new SecretBox(Buffer.alloc(32)), config),
  );
});
afterEach(async () => {
  await jobs.stop();
  await store.close();
  rmSync(folder, { recursive: true });
});

const note = (fields: object, message: string) => void logged.push([fields, message]);

/** Turns that were answered and leave their shadows a job. */
async function shadowed(count: number): Promise<string[]> {
  const events = Array.from({ length: count }, () =>
    event(newId(), { event: JSON.stringify(sampleMessage()) }),
  );
  await Promise.all(events.map((one) => store.hot.ingest(one)));
  const turns = [];
  for (let claimed = -1; claimed !== turns.length; ) {
    claimed = turns.length;
    turns.push(...(await store.hot.claimTurns(claimAt(now, { limit: 500 }))));
  }
  const ids = turns.map(() => newId());
  const trace = (messageId: string) =>
    JSON.stringify({ decisions: [{ messageId, gate: 'fresh', verdict: 'pass' }], agent: [] });
  await Promise.all(
    turns.map((turn, index) =>
      store.hot.completeTurn(
        completion(turn, { shadow: ids[index], turn: { trace: trace(turn.messages[0].id), finishedAt: 1 } }),
      ),
    ),
  );
  return ids;
}

const ended = async (id: string) => {
  for (;;) {
    const row = await store.replays.get(id);
    if (!row || row.readyAt === null) return row;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

describe('the jobs of replays', () => {
  it('ask the shadow about its turns, under a key and a session of their own', async () => {
    const [id] = await shadowed(1);
    await jobs.start();
    expect(await ended(id)).toMatchObject({ status: 'answered', agentKind: 'echo', same: 0 });
    expect(asked).toMatchObject([
      { turnId: id, sessionId: `replay/${id}`, replay: true, messages: [{ text: 'hi' }], history: [] },
    ]);
  });

  it('look again for a shadow that another process was just told of', async () => {
    refreshed = live;
    live = [sampleInstance()];
    const [id] = await shadowed(1);
    await jobs.start();
    expect(await ended(id)).toMatchObject({ status: 'answered' });
  });

  it('are dropped where there is no shadow any more', async () => {
    live = [sampleInstance()];
    const [id] = await shadowed(1);
    await jobs.start();
    expect(await ended(id)).toBeNull();
    expect(asked).toEqual([]);
  });

  it('write down what no agent should throw, and go on', async () => {
    live = [sampleInstance({ shadow: agent({ ask: () => Promise.reject(new TypeError('a fault')) }) })];
    const ids = await shadowed(2);
    await jobs.start();
    for (const id of ids)
      expect(await ended(id)).toMatchObject({ status: 'failed', code: 'AGENT_UNREADABLE' });
  });

  it('are handed back when the hub stops meanwhile', async () => {
    let begun: () => void;
    const isAsked = new Promise<void>((resolve) => (begun = resolve));
    const ask: Agent['ask'] = (_request, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
        begun();
      });
    live = [sampleInstance({ shadow: agent({ ask }) })];
    const [id] = await shadowed(1);
    await jobs.start();
    await isAsked;
    await jobs.stop();
    expect(await store.replays.get(id)).toMatchObject({ status: 'pending', leased: 0 });
  });

  it('of shadows are at most 1,000 of an instance: what is more is dropped, counted and told', async () => {
    await shadowed(1_003);
    await jobs.trim();
    await jobs.trim();
    expect((await store.stats.read(now)).replays).toBe(1_000);
    expect(logged).toEqual([
      [{ instance: 'support-bot', dropped: 3 }, expect.stringContaining('more than 1000 turns wait')],
    ]);
    expect(await metrics.registry.metrics()).toContain('omni_shadows_dropped_total 3');
  });
});
