import type { Person } from '@omni-hub/simulator';
import type { Trace } from './harness/api';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

interface TraceSummary {
  messageId: string;
  instance: string;
  channel: string | null;
  chat: { id: string; chatId: string } | null;
  direction: 'in' | 'out';
  type: string;
  storedAt: string;
  outcome: string;
  because: string;
  reason: string | null;
}

interface Page {
  items: TraceSummary[];
  nextCursor: string | null;
}

type Counts = { in: Record<string, number>; out: Record<string, number> };
interface Reason {
  reason: string;
  in: number;
  out: number;
  messageId: string;
  because: string;
}
interface Report extends Record<'from' | 'to', string> {
  covers: { from: string; messages: number; complete: boolean };
  outcomes: Counts;
  channels: (Counts & { channel: string })[];
  instances: (Counts & { instance: string; channel: string })[];
  silence: Reason[];
  failures: Reason[];
  agents: { kind: string; turns: number; statuses: Record<string, number> }[];
  timings: Record<string, { count: number; p50: number | null; p99: number | null; max: number | null }>;
}

const path = '/api/v1/traces';

describe('what became of messages, and why', () => {
  let world: World;
  let ada: Person;
  let bob: Person;
  /** The messages of people, each by what is to become of it. */
  const said: Record<string, string> = {};

  /** One of each: answered, silent by a gate and by the agent, an answer that is refused, and one that waits. */
  beforeAll(async () => {
    world = await World.create();
    const agent = { kind: 'http', url: world.agent.url, timeoutMs: 300_000 };
    await world.operator.patch(`/api/v1/instances/${instanceName}`, { agent });
    ada = world.person({ name: 'Ada' });
    bob = world.person({ name: 'Bob' });
    const group = world.telegram.group({ members: [ada, bob] });
    const keep = async (name: string, message: ReturnType<Person['says']>) =>
      (said[name] = (await world.stored(message)).id);
    const end = async (name: string, message: ReturnType<Person['says']>) => {
      await keep(name, message);
      await world.ended({ id: said[name] });
    };
    await end('answered', ada.says('hello'));
    await end('unmentioned', ada.says('just us', { chat: group }));
    world.agent.answersNext({ kind: 'silent', reason: 'nothing to add' });
    await end('silent', ada.says('thanks'));
    world.telegram.faults.add({
      ...{ method: 'sendMessage', chat: ada.chat.id, times: 1 },
      fault: { kind: 'error', status: 400 },
    });
    await end('refused', ada.says('once more'));
    world.agent.answersNext({ kind: 'hold' });
    await keep('waiting', bob.says('anybody?'));
    await until('the agent was asked', () => world.asked(bob).length === 1);
  });
  afterAll(async () => {
    world.agent.release();
    await world.dispose();
  });

  const listed = (query = '') => world.operator.get<Page>(`${path}?${query}`);
  const found = async (query: string) => (await listed(query)).items.map(({ messageId }) => messageId);
  const report = (query = '') => world.operator.get<Report>(`${path}/analytics?${query}`);
  const trace = (id: string) => world.operator.get<Trace>(`${path}/${id}`);

  it('is listed newest first, and says of each message what its trace says', async () => {
    const { items, nextCursor } = await listed();
    expect(nextCursor).toBeNull();
    expect(items.map(({ messageId }) => messageId)).toEqual(
      items
        .map(({ messageId }) => messageId)
        .sort()
        .reverse(),
    );
    for (const { messageId, outcome, because, reason } of items)
      expect(await trace(messageId)).toMatchObject({ messageId, outcome, because, reason });
    const inbound = items.filter(({ direction, type }) => direction === 'in' && type === 'message');
    expect(inbound.map(({ messageId, outcome, reason }) => [messageId, outcome, reason])).toEqual([
      [said.waiting, 'waiting', 'turn_running'],
      [said.refused, 'dead', 'REJECTED'],
      [said.silent, 'silent', 'silent'],
      [said.unmentioned, 'silent', 'group_not_mentioned'],
      [said.answered, 'answered', null],
    ]);
    expect(inbound[2]).toMatchObject({
      ...{ instance: instanceName, channel: 'telegram', because: 'nothing to add' },
      chat: { chatId: `telegram:${ada.chat.id}` },
    });
  });

  it('is the same by both routes to one message', async () => {
    expect(await trace(said.unmentioned)).toEqual(await world.operator.trace(said.unmentioned));
    expect((await world.hub.api.get(`${path}/nobody`)).status).toBe(404);
  });

  it('is found by outcome, reason, chat, direction and time', async () => {
    expect(await found('outcome=silent')).toEqual([said.silent, said.unmentioned]);
    expect(await found('reason=group_not_mentioned')).toEqual([said.unmentioned]);
    expect(await found('outcome=waiting&reason=turn_running')).toEqual([said.waiting]);
    expect(await found('outcome=waiting&reason=turn_not_begun')).toEqual([]);
    expect(await found('outcome=dead&direction=in')).toEqual([said.refused]);
    expect(await found(`instance=${instanceName}&chat=telegram:${bob.chat.id}`)).toEqual([said.waiting]);
    expect(await found('outcome=held')).toEqual([]);
    const { storedAt } = (await listed('outcome=dead&direction=in')).items[0];
    expect(await found(`outcome=silent&to=${storedAt}`)).toEqual([said.silent, said.unmentioned]);
    expect(await found(`outcome=silent&from=${storedAt}`)).toEqual([]);
  });

  it('is read page by page', async () => {
    const first = await listed('outcome=silent&limit=1');
    const second = await listed(`outcome=silent&limit=1&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ messageId }) => messageId)).toEqual([
      said.silent,
      said.unmentioned,
    ]);
    expect(second.nextCursor).toBeNull();
  });

  it('is told in figures, which count what the list lists', async () => {
    const figures = await report(`instance=${instanceName}`);
    const items = await world.operator.all<TraceSummary>(path);
    const counted: Counts = { in: {}, out: {} };
    for (const { direction, outcome } of items)
      counted[direction][outcome] = (counted[direction][outcome] ?? 0) + 1;
    expect(figures.outcomes).toEqual(counted);
    expect(figures.channels).toEqual([{ channel: 'telegram', ...counted }]);
    expect(figures.instances).toEqual([{ instance: instanceName, channel: 'telegram', ...counted }]);
    expect(figures.covers).toEqual({ from: figures.from, messages: items.length, complete: true });
    expect(Date.parse(figures.to) - Date.parse(figures.from)).toBe(86_400_000);
    expect(figures.agents).toEqual([{ kind: 'http', turns: 3, statuses: { answered: 2, silent: 1 } }]);

    expect(figures.silence).toEqual(
      expect.arrayContaining([
        { reason: 'silent', in: 1, out: 0, messageId: said.silent, because: 'nothing to add' },
        {
          ...{ reason: 'group_not_mentioned', in: 1, out: 0, messageId: said.unmentioned },
          because: (await trace(said.unmentioned)).because,
        },
      ]),
    );
    expect(figures.failures).toMatchObject([{ reason: 'REJECTED', in: 1, out: 1 }]);

    const { waitedMs, agentMs, outboxMs, totalMs } = figures.timings;
    expect([agentMs.count, outboxMs.count, totalMs.count]).toEqual([3, 1, 1]);
    expect(waitedMs.count).toBeGreaterThanOrEqual(4);
    expect(totalMs.max).toBeGreaterThanOrEqual(outboxMs.max!);
  });

  it('of another time is nothing', async () => {
    const figures = await report('from=2020-01-01T00:00:00Z&to=2020-01-31T00:00:00Z');
    expect(figures.covers).toEqual({ from: '2020-01-01T00:00:00.000Z', messages: 0, complete: true });
    expect([figures.outcomes, figures.instances, figures.silence]).toEqual([{ in: {}, out: {} }, [], []]);
    expect(figures.timings.totalMs).toEqual({ count: 0, p50: null, p90: null, p99: null, max: null });
  });

  it.each([
    ['?outcome=vanished', 422, 'outcome'],
    ['?direction=sideways', 422, 'direction'],
    ['?from=yesterday', 422, 'from'],
    ['?limit=0', 422, 'limit'],
    ['?instance=nobody', 404, 'nobody'],
    ['?chat=nobody', 404, 'nobody'],
    ['/analytics?instance=nobody', 404, 'nobody'],
    ['/analytics?from=2026-03-01T00:00:00Z&to=2026-02-01T00:00:00Z', 422, 'before'],
    ['/analytics?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z', 422, '31 days'],
  ])('refuses %s, and says why', async (query, status, named) => {
    const answer = await world.hub.api.get(`${path}${query}`);
    expect([answer.status, JSON.stringify(answer.data)]).toEqual([status, expect.stringContaining(named)]);
  });

  it('is for keys that may read messages', async () => {
    const { key } = await world.operator.post<{ key: string }>('/api/v1/api-keys', {
      ...{ name: 'a key', scopes: ['messages:send'] },
    });
    for (const route of [path, `${path}/analytics`, `${path}/${said.answered}`])
      expect((await world.hub.api.get(route, { headers: { 'x-api-key': key } })).status).toBe(403);
  });
});
