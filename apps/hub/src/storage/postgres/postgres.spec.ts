import { startTestPostgres, type TestPostgres } from '@omni-hub/test-postgres';
import fc from 'fast-check';
import { Client } from 'pg';
import { openStore, type Store } from '../open-store';
import { claimAt, completion, event, eventIds, now, outbound, receipt, request } from '../testing/samples';
import { describeStore } from '../testing/store.suite';
import { hotSettings } from './open-postgres';
import { Session } from './session';

jest.setTimeout(60_000);

let database: TestPostgres;

beforeAll(async () => {
  database = await startTestPostgres();
});
afterAll(() => database.stop());

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = (await client.query(text)) as { rows?: Record<string, unknown>[] };
  await client.end();
  return rows ?? [];
}

/** Empties the one database: much faster than making another. */
async function emptied(): Promise<string> {
  await query('drop schema public cascade; create schema public');
  return database.url;
}

describe('the store on PostgreSQL', () => {
  describeStore(emptied);

  it('refuses an id with a NUL, and that row alone', async () => {
    const store = await openStore(await emptied());
    const batch = [event('a'), event('a', { eventId: 'a\0b' }), event('b')];
    const results = await Promise.allSettled(batch.map((one) => store.hot.ingest(one)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { name: 'DataError' } });
    await store.close();
  });
});

describe('processes that work on one database', () => {
  const heldBy = async (store: Store) => (await store.hot.claimTurns(claimAt(now))).length;
  const listening = "from pg_stat_activity where query like '%advisory%' and query not like '%activity%'";

  it('free nothing while another works, and what all of them held once they are gone', async () => {
    const url = await emptied();
    const [one, two] = [await openStore(url), await openStore(url)];
    await one.join();
    await one.hot.ingest(event('a'));
    expect(await heldBy(one)).toBe(1);
    await two.join();
    expect(await heldBy(two)).toBe(0);
    await one.close();
    const three = await openStore(url);
    await three.join();
    expect(await heldBy(three)).toBe(0);
    await Promise.all([two.close(), three.close()]);
    const four = await openStore(url);
    await four.join();
    expect(await heldBy(four)).toBe(1);
    await four.close();
  });

  it('that begin at once never free what one of them has claimed', async () => {
    const url = await emptied();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(url)));
    await stores[0].hot.ingest(event('a'));
    const claims = stores.map(async (store) => {
      await store.join();
      return heldBy(store);
    });
    expect((await Promise.all(claims)).sort()).toEqual([0, 0, 0, 1]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('are there again once a connection that broke is made anew', async () => {
    const url = await emptied();
    const one = await openStore(url);
    await one.join();
    await one.hot.ingest(event('a'));
    expect(await heldBy(one)).toBe(1);
    const [{ pid }] = await query(`select pid ${listening}`);
    await query(`select pg_terminate_backend(${String(pid)})`);
    const isBack = async () =>
      (await query(`select pid ${listening} and pid <> ${String(pid)}`)).length === 1;
    while (!(await isBack())) await new Promise((resolve) => setImmediate(resolve));
    const two = await openStore(url);
    await two.join();
    expect(await heldBy(two)).toBe(0);
    await Promise.all([one.close(), two.close()]);
  });

  it('do not work where they cannot free what is held', async () => {
    const store = await openStore(await emptied());
    await query('drop table replicas');
    await expect(store.join()).rejects.toThrow('replicas');
    await store.close();
  });
});

describe('every hot statement', () => {
  it('finds its rows by an index, also when it is planned while the tables are empty', async () => {
    const run = jest.spyOn(Session.prototype, 'run');
    const store = await openStore(await emptied());
    await useEverything(store);
    await store.close();
    const statements = new Map(run.mock.calls.map(([{ name, text }]) => [name, text]));
    run.mockRestore();
    expect([...statements.keys()].sort()).toEqual([
      'claim_outbox_lanes',
      'claim_turns',
      'complete_deliveries',
      'complete_turns',
      'count_redeliveries',
      'enqueue',
      'extend_deliveries',
      'extend_turns',
      'find_earlier_requests',
      'ingest',
      'next_ready_chats',
      'next_ready_outbox_lanes',
      'read_traces',
      'read_turn_messages',
      'record_attempts',
      'record_preview',
      'release_turns',
      'skip_outbox_gaps',
      'skip_turn_gaps',
    ]);

    for (const [name, text] of statements) {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      await client.query(hotSettings);
      const { rows } = await client.query(`explain (generic_plan, format json) ${text}`);
      await client.end();
      const scans = scansOf(rows[0]['QUERY PLAN'][0].Plan);
      expect({ name, scans: scans.filter((scan) => !isLookup(scan)) }).toEqual({ name, scans: [] });
    }
  });

  interface Plan {
    'Node Type': string;
    'Relation Name'?: string;
    'Index Cond'?: string;
    Plans?: Plan[];
  }

  /** The nodes of a plan that read a table. */
  const scansOf = (plan: Plan): Plan[] => [
    ...(plan['Relation Name'] && plan['Node Type'] !== 'ModifyTable' ? [plan] : []),
    ...(plan.Plans ?? []).flatMap(scansOf),
  ];
  /** By the index's first column: any other condition reads all of the index. */
  const isLookup = (scan: Plan) =>
    /^Index/.test(scan['Node Type']) &&
    /^\(+(id|chat_id|message_id|instance_id|ready_at)\b/.test(scan['Index Cond'] ?? '');

  async function useEverything({ hot }: Store): Promise<void> {
    for (const eventId of ['1', '1']) await hot.ingest(event('a', { eventId }));
    const [turn] = await hot.claimTurns(claimAt(now));
    await hot.recordPreview(turn, 'preview');
    await hot.extendTurns([turn], now + 1);
    await hot.completeTurn(completion(turn, { retryAt: now, turn: { status: 'retrying' } }));
    const [again] = await hot.claimTurns(claimAt(now));
    await hot.releaseTurns([again], now);
    await query(`update messages set seq = 99`);
    expect(await hot.claimTurns(claimAt(now))).toEqual([]);
    for (const eventId of ['2', '2']) await hot.enqueue(request('a', outbound(['x'], { eventId })));
    const [part] = await hot.claimDeliveries(claimAt(now));
    await hot.extendDeliveries([part], now + 1);
    await hot.completeDelivery(receipt(part));
    await query(`update outbox_lanes set ready_at = 0, tail_seq = 2`);
    expect(await hot.claimDeliveries(claimAt(now))).toEqual([]);
    for (const lanes of ['turns', 'deliveries'] as const) await hot.nextReadyAt(lanes, now);
  }
});

describe('several processes on one PostgreSQL database', () => {
  let stores: Store[];

  beforeEach(async () => {
    const url = await emptied();
    // All at once, on a database without a schema: each must find it complete.
    stores = await Promise.all([openStore(url), openStore(url), openStore(url)]);
  });
  afterEach(() => Promise.all(stores.map((store) => store.close())));

  it('never hold one lane together, lose nothing and keep the order, whoever does what', async () => {
    const work = fc.record({
      chats: fc.integer({ min: 1, max: 12 }),
      messages: fc.integer({ min: 1, max: 120 }),
      limit: fc.integer({ min: 1, max: 8 }),
      redelivered: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(work, async ({ chats, messages, limit, redelivered }) => {
        const run = `${Date.now()}-${Math.random()}`;
        const chatOf = (index: number) => `${run}-${index % chats}`;
        const eventOf = (index: number) =>
          event(chatOf(index), { eventId: `${run}:${index}`, receivedAt: Date.now() });
        const receivers = redelivered ? stores : stores.slice(0, 1);
        const received = receivers.map((store) =>
          Promise.all(Array.from({ length: messages }, (_, index) => store.hot.ingest(eventOf(index)))),
        );
        const answered = await answerAll(messages, limit);
        await Promise.all(received);
        for (let chat = 0; chat < Math.min(chats, messages); chat++) {
          const expected = [];
          for (let index = chat; index < messages; index += chats) expected.push(`${run}:${index}`);
          const got = answered.get(`test:${chatOf(chat)}`) ?? [];
          // What two processes receive at once has either order; each of them alone keeps its own.
          expect(redelivered ? got.toSorted() : got).toEqual(redelivered ? expected.toSorted() : expected);
        }
      }),
      { numRuns: 8 },
    );
  });

  /** All stores claim and complete side by side until every message is answered; answers the order of each chat. */
  async function answerAll(messages: number, limit: number): Promise<Map<string, string[]>> {
    const held = new Set<string>();
    const answered = new Map<string, string[]>();
    let left = messages;
    await Promise.all(
      stores.map(async (store) => {
        while (left > 0) {
          const turns = await store.hot.claimTurns(claimAt(Date.now(), { limit }));
          for (const { chatId } of turns) {
            expect(held.has(chatId)).toBe(false);
            held.add(chatId);
          }
          await Promise.all(
            turns.map(async (turn) => {
              const ids = eventIds(turn);
              answered.set(turn.address, [...(answered.get(turn.address) ?? []), ...ids]);
              left -= ids.length;
              held.delete(turn.chatId);
              const end = completion(turn, { outbound: [outbound(ids)], turn: { finishedAt: Date.now() } });
              expect(await store.hot.completeTurn(end)).toBe(true);
            }),
          );
          const parts = await store.hot.claimDeliveries(claimAt(Date.now(), { limit }));
          await Promise.all(
            parts.map((part) => store.hot.completeDelivery(receipt(part, { at: Date.now() }))),
          );
        }
      }),
    );
    return answered;
  }

  it('tell each other that there is work, and not themselves', async () => {
    const [receiver, other] = stores;
    const own: string[] = [];
    receiver.onHint((work) => own.push(work));
    const hinted = new Promise((resolve) => other.onHint(resolve));
    await receiver.hot.ingest(event('a'));
    expect(await hinted).toBe('turns');
    expect(own).toEqual([]);
  });

  it('hear each other again after their connections were lost', async () => {
    const [receiver, other] = stores;
    const hinted = new Promise((resolve) => other.onHint(resolve));
    await query('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()');
    await hinted;
    await expect(receiver.hot.ingest(event('a'))).resolves.toMatchObject({ duplicate: false });
  });
});

describe('a PostgreSQL database that cannot be used', () => {
  it('is told by its place, with what to do and without the password', async () => {
    const url = new URL(database.url);
    url.password = 'hunter2';
    url.pathname = '/nowhere';
    const missing = await openStore(url.href).catch((error: Error) => error.message);
    expect(missing).toMatch(/127\.0\.0\.1:\d+\/nowhere cannot be used: it has no database of that name/);
    url.port = '1';
    const closed = await openStore(url.href).catch((error: Error) => error.message);
    expect(closed).toMatch(/127\.0\.0\.1:1\/nowhere cannot be used: nothing listens there/);
    expect(`${String(missing)}${String(closed)}`).not.toContain('hunter2');
  });
});
