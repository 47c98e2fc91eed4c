import { UnauthorizedError, type ListenSession, type Received } from '@omni-hub/channel-sdk';
import { startFakePlatform, type FakePlatform } from '@omni-hub/channel-testing';
import { TelegramClient } from '../client/telegram.client';
import { listen, readBatch } from './listener';

const token = '7777000:AAE-made_up-Token';
const path = `/bot${token}/getUpdates`;

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

const updates = (...result: unknown[]): Answer => ({ status: 200, body: { ok: true, result } });
const refusal = (status: number, description: string, parameters?: object): Answer => ({
  status,
  body: { ok: false, error_code: status, description, parameters },
});
const message = (id: number) => ({
  update_id: id,
  message: {
    message_id: id,
    date: 1700000000,
    from: { id: 4242, is_bot: false, first_name: 'Ada' },
    chat: { id: 4242, type: 'private' },
    text: `no. ${id}`,
  },
});

/** One run of the listener against scripted answers; after the last one Telegram holds the poll. */
class Scene {
  readonly states: [string, string | null][] = [];
  readonly offers: { received: Received; raw: Buffer; cursor: string | null }[] = [];
  ended: Promise<void>;
  private readonly stop = new AbortController();

  private constructor(readonly platform: FakePlatform) {}

  static async play(
    answers: Answer[],
    { cursor = null as string | null, accept = async () => {} } = {},
  ): Promise<Scene> {
    const calls = answers.map((answer) => ({ expect: { path }, answer }));
    const scene = new Scene(await startFakePlatform({ calls, otherwise: { fault: 'timeout' } }));
    const session: ListenSession = {
      cursor,
      accept: async (received, raw, next) => {
        scene.offers.push({ received, raw, cursor: next });
        await accept();
      },
      state: (state, detail) => void scene.states.push([state, detail]),
    };
    const client = new TelegramClient({ token, apiUrl: scene.platform.url });
    scene.ended = listen(client, null, session, scene.stop.signal);
    scene.ended.catch(() => undefined);
    playing = scene;
    return scene;
  }

  /** What the nth request asked for. */
  async asked(count: number): Promise<Record<string, unknown>> {
    await this.platform.received(count);
    return JSON.parse(this.platform.requests[count - 1].body.toString());
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.ended.catch(() => undefined);
    await this.platform.close();
  }
}

let playing: Scene | null = null;
afterEach(async () => {
  await playing?.end();
  playing = null;
});

describe('the listener', () => {
  it('asks at once first, then waits for updates, for every kind that is read', async () => {
    const scene = await Scene.play([updates()]);
    expect(await scene.asked(1)).toMatchObject({ limit: 100, timeout: 0 });
    const second = await scene.asked(2);
    expect(second).toMatchObject({ limit: 100, timeout: 50 });
    expect(second.allowed_updates).toEqual(
      expect.arrayContaining(['message', 'message_reaction', 'chat_member']),
    );
    expect(scene.states).toEqual([
      ['connecting', null],
      ['connected', null],
    ]);
  });

  it('goes on where it stopped', async () => {
    const scene = await Scene.play([], { cursor: '700' });
    expect(await scene.asked(1)).toMatchObject({ offset: 700 });
  });

  it('confirms a batch only after it is committed, by the number behind its last update', async () => {
    let commit = () => {};
    const committed = new Promise<void>((resolve) => (commit = resolve));
    const scene = await Scene.play([updates(message(9), message(5))], { accept: () => committed });
    await scene.asked(1);
    await until(() => scene.offers.length === 1);
    expect(scene.platform.requests).toHaveLength(1);
    commit();
    expect(await scene.asked(2)).toMatchObject({ offset: 6 });
    expect(scene.offers[0].cursor).toBe('6');
    expect(scene.offers[0].received.events.map(({ eventId }) => eventId)).toEqual(['9', '5']);
  });

  it('hands over the exact bytes', async () => {
    const body = '{ "ok": true, "result": [ {"update_id":9007199254740990, "x": 1.0} ] }';
    const scene = await Scene.play([{ status: 200, body, headers: { 'content-type': 'application/json' } }]);
    await until(() => scene.offers.length === 1);
    expect(scene.offers[0].raw.toString()).toBe(body);
  });

  it('offers the same batch again when the hub is in trouble, without asking Telegram', async () => {
    let attempts = 0;
    const accept = async () => {
      if (++attempts < 3) throw new Error('the database is away');
    };
    const scene = await Scene.play([updates(message(9))], { accept });
    expect(await scene.asked(2)).toMatchObject({ offset: 10 });
    expect(scene.offers.map(({ cursor }) => cursor)).toEqual(['10', '10', '10']);
    expect(scene.states.map(([state]) => state)).toContain('retrying');
    expect(scene.states.flat().join()).toContain('the database is away');
  });

  it('ends while a commit hangs, and confirms nothing', async () => {
    const scene = await Scene.play([updates(message(9))], { accept: () => new Promise(() => undefined) });
    await until(() => scene.offers.length === 1);
    await scene.end();
    expect(scene.platform.requests).toHaveLength(1);
  });

  it.each([
    [
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      /webhook is set.*connect/,
    ],
    [
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      /another program asks.*stop the other/i,
    ],
    ['Conflict: terminated by setWebhook request', /another program has just set a webhook/i],
  ])('explains "%s" and tries again', async (description, explained) => {
    const scene = await Scene.play([refusal(409, description)]);
    await until(() => scene.states.some(([state]) => state === 'refused'));
    expect(scene.states.find(([state]) => state === 'refused')?.[1]).toMatch(explained);
    expect(await scene.asked(2)).toMatchObject({ timeout: 0 });
  });

  it('ends when the token is refused', async () => {
    const scene = await Scene.play([refusal(401, 'Unauthorized')]);
    await expect(scene.ended).rejects.toBeInstanceOf(UnauthorizedError);
  });

  it('waits as long as Telegram asks', async () => {
    const startedAt = performance.now();
    const scene = await Scene.play([refusal(429, 'Too Many Requests: retry after 1', { retry_after: 1 })]);
    await scene.asked(2);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  it.each([
    ['a server that fails', { status: 500 }],
    ['an answer that is no JSON', { status: 200, body: '<html>' }],
    ['updates that are no list', { status: 200, body: { ok: true, result: {} } }],
    ['updates without numbers', updates({ message: {} })],
  ])('tries again after %s', async (_, answer) => {
    const scene = await Scene.play([answer, updates(message(9))]);
    await until(() => scene.offers.length === 1);
    expect(scene.states.map(([state]) => state)).toEqual(expect.arrayContaining(['retrying', 'connected']));
    expect(scene.states.flat().join()).not.toContain(token);
  });
});

describe('a batch', () => {
  it('does not lose the others to one update that cannot be read', () => {
    const { events, ignored } = readBatch([message(1), 'nonsense', message(2)], null);
    expect(events.map(({ eventId }) => eventId)).toEqual(['1', '2']);
    expect(ignored).toEqual([
      { eventId: expect.stringMatching(/^unreadable-/), rawKind: 'unreadable', reason: expect.any(String) },
    ]);
  });

  it('names an unreadable update the same each time, and another one otherwise', () => {
    const idOf = (update: unknown) => readBatch([update], null).ignored[0].eventId;
    expect(idOf({ a: 1 })).toBe(idOf({ a: 1 }));
    expect(idOf({ a: 1 })).not.toBe(idOf({ a: 2 }));
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
