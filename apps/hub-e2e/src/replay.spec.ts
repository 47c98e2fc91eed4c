import { startTranscriberSimulator, type Person, type TranscriberSimulator } from '@omni-hub/simulator';
import { until } from './harness/until';
import { instanceName, World } from './harness/world';

interface Side {
  agentKind: string | null;
  status: string;
  content: { type: string; text?: string; sha256?: string }[];
  ms: number | null;
}

interface Pair {
  turn: { id: string; status: string };
  original: Side & { at: string | null };
  replay: Side & { id: string; code: string | null; detail: string | null };
  same: boolean | null;
}

interface Report {
  state: 'running' | 'done';
  agent?: { kind: string; apiKey?: string };
  total: number;
  replay: Record<string, number>;
  original: Record<string, number>;
  same: number;
  different: number;
  ms: Record<'original' | 'replay', { p50: number | null; p95: number | null }>;
  items: Pair[];
  nextCursor: string | null;
}

interface Turn {
  id: string;
  status: string;
  agentKind: string | null;
  messages: { id: string; asked: boolean; because: string | null; content: { message: { text: string } } }[];
  answer: { messageIds: string[]; content: Side['content'] };
  agent: { outcome: string }[];
  timings: { waitedMs: number; agentMs: number; totalMs: number };
  shadow: (Side & { code: string | null; same: boolean | null }) | null;
  replays: { id: string; kind: string; status: string; content: Side['content']; same: boolean | null }[];
}

const replayKey = 'sk-the-key-of-a-replay';
const batchKey = 'sk-the-key-of-a-batch';
const shadowKey = 'sk-the-key-of-a-shadow';

describe('turns that are over', () => {
  let transcriber: TranscriberSimulator;
  let world: World;
  let ada: Person;

  beforeAll(async () => {
    transcriber = await startTranscriberSimulator();
    world = await World.create({ hub: { environment: { OMNI_TRANSCRIBER_URL: transcriber.url } } });
  });
  afterAll(async () => {
    for (const key of [replayKey, batchKey, shadowKey]) expect(world.hub.output).not.toContain(key);
    await world.dispose();
    await transcriber.close();
  });
  beforeEach(() => {
    world.agent.clear();
    world.agent.answers({ kind: 'echo' });
    ada = world.person({ name: 'Ada' });
  });

  const openai = () => ({ kind: 'openai', url: world.agent.baseUrl, model: 'small', apiKey: replayKey });
  const http = (apiKey: string) => ({ kind: 'http', url: world.agent.url, apiKey });
  const replay = (turnId: string, agent?: object) =>
    world.operator.post<Pair>(`/api/v1/turns/${turnId}/replay`, { agent });
  const turn = (id: string) => world.operator.get<Turn>(`/api/v1/turns/${id}`);
  const replaysAsked = () => world.agent.requests().filter(({ turn: asked }) => asked.replay === true);
  /** The id of the turn in which something is answered, once all of it was sent. */
  const turnOf = async (said: Parameters<World['stored']>[0]): Promise<string> => {
    const stored = await world.stored(said);
    await world.ended(stored);
    return (await world.operator.message(stored.id)).turnId!;
  };
  const sayAndHear = async (text: string): Promise<string> => {
    const said = ada.says(text);
    await world.reply(ada, text);
    return turnOf(said);
  };
  /** All that the platform was ever asked to do. */
  const platformCalls = () => world.telegram.calls().length;

  it('are listed, found by what they were, and told of one by one', async () => {
    const id = await sayAndHear('what is a lane?');
    const chat = `telegram:${ada.chat.id}`;
    const find = async (query: string) =>
      (await world.operator.get<{ items: { id: string }[] }>(`/api/v1/turns?${query}`)).items.map(
        (one) => one.id,
      );
    const here = `instance=${instanceName}&chat=${encodeURIComponent(chat)}`;
    expect(await find(here)).toEqual([id]);
    expect(await find(`${here}&status=answered&agentKind=http`)).toEqual([id]);
    expect(await find(`${here}&status=failed`)).toEqual([]);
    expect(await find(`${here}&to=2020-01-01T00:00:00Z`)).toEqual([]);
    expect(await turn(id)).toMatchObject({
      status: 'answered',
      agentKind: 'http',
      messages: [
        { asked: true, because: expect.any(String), content: { message: { text: 'what is a lane?' } } },
      ],
      answer: { messageIds: [expect.any(String)], content: [{ type: 'text', text: 'what is a lane?' }] },
      agent: [{ outcome: 'reply' }],
      timings: { waitedMs: expect.any(Number), agentMs: expect.any(Number), totalMs: expect.any(Number) },
      shadow: null,
      replays: [],
    });
    for (const path of ['/api/v1/turns/unknown', `/api/v1/turns?${here.replace(/\d+$/, '1')}`])
      expect((await world.hub.api.get(path)).status).toBe(404);
  });

  describe('asked again', () => {
    it('with a photo and a voice note, of another kind of agent: both answers side by side, and nothing is sent', async () => {
      transcriber.hears('Where is my parcel?');
      const first = await sayAndHear('my name is Ada');
      world.agent.answers({ kind: 'fixed', text: 'A photo and a question.' });
      ada.sendsPhoto({ caption: 'look' });
      await world.reply(ada, 'A photo');
      const voiceTurn = await turnOf(ada.sendsVoice());
      world.agent.answers({ kind: 'fixed', text: 'It is on its way.' });
      await sayAndHearNothingOfIt();
      const shown = world.telegram.transcript(ada);
      const calls = platformCalls();

      const photo = world.asked(ada).find(({ messages }) => messages[0].text === 'look')!;
      const seen = await replay(photo.turnId, { ...openai(), images: true });
      expect(seen).toEqual({
        turn: expect.objectContaining({ id: photo.turnId, status: 'answered' }),
        original: {
          agentKind: 'http',
          status: 'answered',
          content: [{ type: 'text', text: 'A photo and a question.' }],
          ms: expect.any(Number),
          at: expect.any(String),
        },
        replay: {
          id: expect.any(String),
          kind: 'single',
          agentKind: 'openai',
          status: 'answered',
          content: [{ type: 'text', text: 'It is on its way.' }],
          code: null,
          detail: null,
          ms: expect.any(Number),
        },
        same: false,
      });
      const asked = world.agent.requests().at(-1)!;
      expect([asked.protocol, asked.turn.turnId]).toEqual(['openai', seen.replay.id]);
      const { messages } = asked.turn.body as { messages: { role: string; content: unknown }[] };
      expect(messages).toEqual([
        { role: 'user', content: 'my name is Ada' },
        { role: 'assistant', content: 'my name is Ada' },
        {
          role: 'user',
          content: [
            { type: 'text', text: expect.stringContaining('look') },
            { type: 'image_url', image_url: { url: expect.stringContaining('/media/') } },
          ],
        },
      ]);
      const [, link] = messages[2].content as { image_url: { url: string } }[];
      expect((await fetch(link.image_url.url)).headers.get('content-type')).toContain('image/');

      await replay(voiceTurn, openai());
      const heard = world.agent.requests().at(-1)!.turn.body as { messages: { content: string }[] };
      expect(heard.messages.at(-1)!.content).toContain('[voice] Where is my parcel?');
      expect((await turn(first)).replays).toEqual([]);

      expect(world.telegram.transcript(ada)).toEqual(shown);
      expect(platformCalls()).toBe(calls);

      async function sayAndHearNothingOfIt() {
        ada.says('and later?');
        await world.reply(ada, 'It is on its way.');
        await until('everything has left', async () => {
          const chat = (await world.operator.chat(`telegram:${ada.chat.id}`))!;
          return chat.lane.waiting === 0 && !chat.lane.running;
        });
      }
    });

    it('of the instance’s own agent: the same messages under a key and a session of their own', async () => {
      const id = await sayAndHear('hello');
      const original = world.lastAsked(ada);
      const { same, replay: again } = await replay(id);
      expect(same).toBe(true);
      const request = world.lastAsked(ada);
      expect(request).toEqual({
        ...original,
        turnId: again.id,
        sessionId: `replay/${again.id}`,
        replay: true,
      });
      expect(original).not.toHaveProperty('replay');
      expect((await turn(id)).replays).toMatchObject([{ id: again.id, kind: 'single', same: true }]);
    });

    it('and answered with a file: it is named by its hash, and compared by it', async () => {
      const data = Buffer.from('\x89PNG\r\n\x1a\nand so on', 'latin1').toString('base64');
      world.agent.answers({
        kind: 'messages',
        messages: [{ type: 'image', data, mimeType: 'image/png', caption: 'there' }],
      });
      const id = await turnOf(ada.says('show me'));
      const { replay: again, same } = await replay(id);
      expect(again.content).toEqual([
        { type: 'image', caption: 'there', mimeType: 'image/png', sha256: expect.any(String), size: 17 },
      ]);
      expect(same).toBe(true);
    });

    it('that failed: what the agent says now beside what it did not say then', async () => {
      const failure = { kind: 'status', status: 500 } as const;
      world.agent.answersNext(failure, failure, failure);
      const said = ada.says('are you there?');
      const letter = await world.operator.deadLetter(({ refId, kind }) => kind === 'turn' && refId !== '');
      const id = await turnOf(said);
      expect(letter.refId).toBe(id);
      const { original, replay: now, same } = await replay(id);
      expect([original.status, original.content, now.status, same]).toEqual([
        'failed',
        [],
        'answered',
        false,
      ]);

      world.agent.answersNext({ kind: 'status', status: 503 });
      const again = await replay(id);
      expect([again.replay.status, again.replay.code, again.same]).toEqual(['failed', 'AGENT_STATUS', false]);
      expect(world.telegram.transcript(ada)).toEqual(['Ada: are you there?']);
    });

    it('of an agent that answers later: what it says is kept with the replay, and sent to nobody', async () => {
      const id = await sayAndHear('later, please');
      const shown = world.telegram.transcript(ada);
      world.agent.answersNext({ kind: 'deferred' });
      const { replay: deferred } = await replay(id);
      expect(deferred.status).toBe('deferred');
      const sent = await world.operator.post(`/api/v1/instances/${instanceName}/messages`, {
        to: `telegram:${ada.chat.id}`,
        turnId: deferred.id,
        content: { type: 'text', text: 'later, please' },
      });
      expect(sent).toMatchObject({ id: deferred.id, deliveries: [] });
      expect((await turn(id)).replays).toMatchObject([
        { status: 'answered', content: [{ text: 'later, please' }], same: true },
      ]);
      expect(world.telegram.transcript(ada)).toEqual(shown);
    });

    it('is refused where there is nothing to ask, or the agent is not right', async () => {
      const id = await sayAndHear('hi');
      const refused = async (turnId: string, agent?: object) => {
        const { status, data } = await world.hub.api.post(`/api/v1/turns/${turnId}/replay`, { agent });
        return [status, data.code, data.errors?.map(({ field }: { field: string }) => field)];
      };
      expect(await refused('unknown')).toEqual([404, 'NOT_FOUND', undefined]);
      expect(await refused(id, { kind: 'constructor' })).toEqual([422, 'VALIDATION', ['agent.kind']]);
      expect(await refused(id, { kind: 'http', url: 'nowhere' })).toEqual([422, 'VALIDATION', ['agent.url']]);
      expect(await refused(id, http('***'))).toEqual([422, 'VALIDATION', ['agent.apiKey']]);

      const group = world.telegram.group({ members: [ada] });
      const ignored = await turnOf(ada.says('nothing for the bot', { chat: group }));
      expect(await refused(ignored)).toEqual([409, 'NOT_REPLAYABLE', undefined]);
    });

    it('leaves the secrets of its agent nowhere', async () => {
      const id = await sayAndHear('hush');
      await replay(id, http(replayKey));
      expect(world.agent.requests().at(-1)!.headers.authorization).toBe(`Bearer ${replayKey}`);
      const told = JSON.stringify([await turn(id), (await world.hub.api.get('/metrics')).data]);
      expect(told).not.toContain(replayKey);
      expect(told).toContain('omni_replay_seconds_count');
    });
  });

  describe('asked again as a batch', () => {
    const start = (order: object) =>
      world.operator.post<{ id: string; total: number }>('/api/v1/replays', {
        instance: instanceName,
        ...order,
      });
    const report = (id: string, query = 'limit=200') =>
      world.operator.get<Report>(`/api/v1/replays/${id}?${query}`);
    const done = (id: string) =>
      until('the batch is done', async () => (await report(id, 'limit=1')).state === 'done');

    it('are each answered once, though the hub is killed in the middle', async () => {
      const from = new Date().toISOString();
      const people = Array.from({ length: 20 }, (_, index) => world.person({ name: `Person ${index}` }));
      const turnIds: string[] = [];
      for (const [index, person] of people.entries()) {
        person.says(`line ${index}`);
        await world.reply(person, `line ${index}`);
        turnIds.push(world.lastAsked(person).turnId);
      }
      const transcripts = () => people.map((person) => world.telegram.transcript(person));
      const shown = transcripts();
      world.agent.clear();
      world.agent.answers(({ messages: [{ text }] }) => ({
        kind: 'delay',
        minMs: 100,
        maxMs: 150,
        then: text.endsWith('7') ? { kind: 'fixed', text: 'something else' } : { kind: 'echo' },
      }));
      const { id, total } = await start({ agent: http(batchKey), from, status: 'answered', limit: 1_000 });
      expect(total).toBe(20);
      await until('some are answered', async () => (await report(id, 'limit=1')).replay.answered >= 5);
      await world.hub.kill();
      await world.hub.start();
      await done(id);

      const { items, ...whole } = await report(id);
      expect(whole).toMatchObject({
        agent: { kind: 'http', apiKey: '***' },
        ...{ total: 20, replay: { answered: 20 }, original: { answered: 20 }, same: 18, different: 2 },
        ms: { original: { p50: expect.any(Number) }, replay: { p95: expect.any(Number) } },
      });
      expect(whole.ms.replay.p50!).toBeGreaterThanOrEqual(90);
      expect(items.map((pair) => pair.turn.id)).toEqual(turnIds.toReversed());
      expect(
        items.filter(({ same }) => same === false).map(({ replay: { content } }) => content[0].text),
      ).toEqual(['something else', 'something else']);
      const keys = new Set(items.map((pair) => pair.replay.id));
      expect(new Set(replaysAsked().map(({ turn: asked }) => asked.turnId))).toEqual(keys);
      const again = [...keys].filter((key) => world.agent.attemptsOf(key) > 1);
      expect(again.length).toBeLessThanOrEqual(4);
      expect(again.every((key) => world.agent.attemptsOf(key) === 2)).toBe(true);
      expect(transcripts()).toEqual(shown);

      const paged = await report(id, 'limit=15');
      const rest = await report(id, `limit=15&cursor=${paged.nextCursor}`);
      expect([paged.items.length, rest.items.length, rest.nextCursor]).toEqual([15, 5, null]);
    });

    it('are left when the batch is deleted', async () => {
      await sayAndHear('hello');
      world.agent.answers({ kind: 'hang' });
      const { id } = await start({ chatId: `telegram:${ada.chat.id}` });
      await until('the agent is asked', () => world.agent.counters().open === 1);
      expect((await world.operator.get<{ items: { id: string }[] }>('/api/v1/replays')).items[0].id).toBe(id);
      await world.operator.delete(`/api/v1/replays/${id}`);
      await until('the agent is left', () => world.agent.counters().open === 0, { timeoutMs: 5_000 });
      expect((await world.hub.api.get(`/api/v1/replays/${id}`)).status).toBe(404);
      expect((await world.hub.api.delete(`/api/v1/replays/${id}`)).status).toBe(404);
    });

    it('are refused where the order is not right', async () => {
      const refused = async (order: object) => {
        const { status, data } = await world.hub.api.post('/api/v1/replays', {
          instance: instanceName,
          ...order,
        });
        return [status, data.code];
      };
      expect(await refused({ instance: 'nobody' })).toEqual([404, 'NOT_FOUND']);
      expect(await refused({ chatId: 'telegram:1' })).toEqual([404, 'NOT_FOUND']);
      expect(await refused({ limit: 1_001 })).toEqual([422, 'VALIDATION']);
      expect(await refused({ agent: { kind: 'http' } })).toEqual([422, 'VALIDATION']);
    });
  });

  describe('with a shadow agent', () => {
    const change = (shadowAgent: object | null) =>
      world.operator.patch<{ shadowAgent: object | null }>(`/api/v1/instances/${instanceName}`, {
        shadowAgent,
      });
    const report = (query = '') =>
      world.operator.get<Report>(`/api/v1/instances/${instanceName}/shadow?${query}`);
    const shadowOf = async (turnId: string) => {
      let told: Turn;
      await until('the shadow is done with', async () => {
        told = await turn(turnId);
        return told.shadow !== null && told.shadow.status !== 'pending';
      });
      return told!.shadow!;
    };

    beforeEach(() => change(http(shadowKey)));
    afterEach(() => change(null));

    it('are asked of it too, and it is never heard', async () => {
      world.agent.answers(({ replay: isShadow }) =>
        isShadow ? { kind: 'fixed', text: 'I would say this' } : { kind: 'echo' },
      );
      const from = new Date().toISOString();
      const id = await sayAndHear('who are you?');
      expect(await shadowOf(id)).toMatchObject({
        status: 'answered',
        content: [{ type: 'text', text: 'I would say this' }],
        same: false,
      });
      const [asked] = replaysAsked();
      expect(asked.headers.authorization).toBe(`Bearer ${shadowKey}`);
      expect(asked.turn.messages).toMatchObject([{ text: 'who are you?' }]);
      expect(world.telegram.transcript(ada)).toEqual(['Ada: who are you?', 'support_bot: who are you?']);
      expect(await report(`from=${from}`)).toMatchObject({
        ...{ total: 1, replay: { answered: 1 }, same: 0, different: 1 },
        items: [{ turn: { id }, original: { content: [{ text: 'who are you?' }] }, same: false }],
      });
      expect((await report(`to=${from}`)).total).toBe(0);
    });

    it('are answered as ever when it fails or hangs', async () => {
      world.agent.answers(({ replay: isShadow }) =>
        isShadow ? { kind: 'status', status: 500 } : { kind: 'echo' },
      );
      const failed = await sayAndHear('one');
      expect(await shadowOf(failed)).toMatchObject({ status: 'failed', code: 'AGENT_STATUS', same: false });

      world.agent.answers(({ replay: isShadow }) => (isShadow ? { kind: 'hang' } : { kind: 'echo' }));
      for (const text of ['two', 'three', 'four', 'five', 'six']) await sayAndHear(text);
      await until('the shadow hangs', () => world.agent.counters().open === 3);
      await world.hub.kill();
      world.agent.answers({ kind: 'echo' });
      await world.hub.start();
      const last = await sayAndHear('seven');
      expect(await shadowOf(last)).toMatchObject({ status: 'answered', same: true });
      await until('it has been asked about all', async () => (await report('limit=1')).state === 'done');
      expect(world.telegram.transcript(ada).filter((line) => line.startsWith('support_bot'))).toHaveLength(7);
    });

    it('show its secrets as little as the agent’s, and are asked of nobody once it is gone', async () => {
      const shown = await change({ timeoutMs: 2_000 });
      expect(shown.shadowAgent).toMatchObject({ kind: 'http', apiKey: '***', timeoutMs: 2_000 });
      const told = [shown, await report(), (await world.hub.api.get('/metrics')).data];
      expect(JSON.stringify(told)).not.toContain(shadowKey);
      expect((await change(null)).shadowAgent).toBeNull();
      const id = await sayAndHear('alone?');
      expect((await turn(id)).shadow).toBeNull();
    });
  });
});
