import { control } from '../spec-kit';
import { type AgentSimulator, startAgentSimulator } from './agent-simulator';
import type { AgentBehaviour, AskedTurn } from './behaviour';

describe('The fake agent', () => {
  let agent: AgentSimulator;

  beforeEach(async () => {
    agent = await startAgentSimulator();
  });
  afterEach(() => agent.close());

  let lastTurn = 0;
  const turn = (messages: string[] = ['hi'], sessionId = 'bot/telegram:7'): AskedTurn => {
    const turnId = `t${++lastTurn}`;
    return {
      turnId,
      sessionId,
      messages: messages.map((text, index) => ({ id: `telegram:7:${lastTurn * 10 + index}`, text })),
    };
  };
  const ask = (asked: AskedTurn = turn(), signal: AbortSignal | null = null) =>
    fetch(agent.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': asked.turnId },
      body: JSON.stringify(asked),
      signal,
    });

  it('echoes what it was told', async () => {
    expect(await (await ask(turn(['one', 'two']))).json()).toEqual({ text: 'one\ntwo' });
  });

  it.each<[AgentBehaviour, number, unknown]>([
    [{ kind: 'echo', prefix: 'You said: ' }, 200, { text: 'You said: hi' }],
    [{ kind: 'fixed', text: 'no' }, 200, { text: 'no' }],
    [
      { kind: 'messages', messages: [{ type: 'text', text: 'a' }] },
      200,
      { messages: [{ type: 'text', text: 'a' }] },
    ],
    [{ kind: 'json', body: [1] }, 200, [1]],
    [{ kind: 'silent', reason: 'busy' }, 200, { silent: true, reason: 'busy' }],
    [{ kind: 'deferred' }, 202, {}],
    [{ kind: 'status', status: 500 }, 500, { error: expect.any(String) }],
    [{ kind: 'delay', minMs: 1, maxMs: 2 }, 200, { text: 'hi' }],
  ])('answers as it is told: %j', async (behaviour, status, body) => {
    agent.answers(behaviour);
    const response = await ask();
    expect([response.status, await response.json()]).toEqual([status, body]);
  });

  it('says nothing with 204, and HTML with 200', async () => {
    agent.answersNext({ kind: 'no-content' }, { kind: 'html' });
    expect((await ask()).status).toBe(204);
    expect(await (await ask()).text()).toContain('<html>');
    expect(await (await ask()).json()).toEqual({ text: 'hi' });
  });

  it('holds an answer back until it is released, and knows who hung up meanwhile', async () => {
    agent.answers({ kind: 'hold', then: { kind: 'fixed', text: 'now' } });
    const leaving = new AbortController();
    const left = ask(turn(['bye'], 'bot/telegram:8'), leaving.signal).catch((error: Error) => error.name);
    const waiting = ask();
    while (agent.requests().length < 2) await new Promise(setImmediate);
    leaving.abort();
    expect(await left).toBe('AbortError');
    while (agent.counters().open > 1) await new Promise(setImmediate);
    agent.release();
    expect(await (await waiting).json()).toEqual({ text: 'now' });
    while (agent.counters().open > 0) await new Promise(setImmediate);
    expect(
      agent
        .requests()
        .map(({ turn: { messages }, cutOff }) => [messages[0].text, cutOff])
        .sort(),
    ).toEqual([
      ['bye', true],
      ['hi', false],
    ]);
  });

  it('takes it for no disorder that a turn which was not answered is followed by one about the same and more', async () => {
    agent.answersNext({ kind: 'reset' });
    const first = turn(['one']);
    await ask(first).catch(() => undefined);
    while (agent.counters().open > 0) await new Promise(setImmediate);
    const messages = [...first.messages, { id: 'telegram:7:99999', text: 'two' }];
    await ask({ ...first, turnId: 'together', messages });
    expect(agent.violations()).toEqual([]);
    await ask({ ...first, turnId: 'once more', messages });
    expect(agent.violations()).toMatchObject([{ kind: 'disorder' }]);
  });

  it('streams its answer, and can break off', async () => {
    agent.answersNext(
      { kind: 'stream', everyMs: 0 },
      { kind: 'stream', deltas: ['a', 'b'], everyMs: 0, breakAfter: 1 },
    );
    const response = await ask(turn(['hello you']));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await response.text()).toBe(
      'data: {"delta":"hello "}\n\ndata: {"delta":"you"}\n\ndata: {"done": true}\n\n',
    );
    await expect(ask().then((broken) => broken.text())).rejects.toThrow();
  });

  it('sends more than anyone wants to read', async () => {
    agent.answers({ kind: 'huge', bytes: 3_000_001 });
    expect((await (await ask()).arrayBuffer()).byteLength).toBe(3_000_001);
  });

  it('hangs, resets and refuses', async () => {
    agent.answersNext({ kind: 'hang' }, { kind: 'reset' });
    await expect(ask(turn(), AbortSignal.timeout(50))).rejects.toThrow('timeout');
    await expect(ask()).rejects.toThrow('fetch failed');
    await agent.refuse();
    await expect(ask()).rejects.toThrow('fetch failed');
    await agent.accept();
    expect((await ask()).status).toBe(200);
  });

  it('chooses by what it was told', async () => {
    agent.answers(({ messages }) =>
      messages[0].text === 'stop' ? { kind: 'silent', reason: 'told so' } : { kind: 'echo' },
    );
    expect(await (await ask(turn(['stop']))).json()).toMatchObject({ silent: true });
    expect(await (await ask(turn(['go']))).json()).toEqual({ text: 'go' });
  });

  it('records requests and counts attempts by turn', async () => {
    const asked = turn();
    await ask(asked);
    await ask(asked);
    expect(agent.attemptsOf(asked.turnId)).toBe(2);
    expect(agent.requests()).toMatchObject([
      { turn: asked },
      { turn: asked, headers: { 'idempotency-key': asked.turnId } },
    ]);
    expect(agent.counters()).toMatchObject({ asked: 2, turns: 1, repeated: 1, violations: 0 });
  });

  it('refuses what is not of the contract', async () => {
    const post = (body: string, key: string) =>
      fetch(agent.url, { method: 'POST', body, headers: { 'idempotency-key': key } }).then(
        ({ status }) => status,
      );
    expect(await post('{}', 'x')).toBe(400);
    expect(await post('not json', 'x')).toBe(400);
    expect(await post(JSON.stringify(turn()), 'another')).toBe(400);
    expect(agent.counters().asked).toBe(0);
  });

  it('is driven from outside', async () => {
    const { origin } = new URL(agent.url);
    await control(origin, 'POST /control/answers', { kind: 'fixed', text: 'set' });
    expect(await (await ask()).json()).toEqual({ text: 'set' });
    expect(await control(origin, 'GET /control/counters')).toMatchObject({ asked: 1 });
    await control(origin, 'POST /control/clear');
    expect(await control(origin, 'GET /control/requests')).toEqual([]);
  });

  it('serves files beside its answers, each as it is told', async () => {
    const url = agent.files.serve('a b.png', { status: 503 }, Buffer.from('hello'));
    const asked = async (address: string) => {
      const response = await fetch(address);
      return [response.status, await response.text()];
    };
    expect([await asked(url), await asked(url), await asked(url)]).toEqual([
      [503, ''],
      [200, 'hello'],
      [200, 'hello'],
    ]);
    expect(agent.files.timesAsked('a b.png')).toBe(3);
    expect(await asked(agent.files.serve('none'))).toEqual([404, '']);
    expect(agent.requests()).toEqual([]);
  });

  describe('watches over each chat', () => {
    const opened = () =>
      new Promise<void>((resolve) => {
        const check = () => (agent.counters().open > 0 ? resolve() : void setImmediate(check));
        check();
      });

    it('turns that follow each other are right, also when they are asked again or answered at once', async () => {
      const first = turn();
      await ask(first);
      await ask(first);
      await Promise.all([ask(turn()), ask(turn(['hi'], 'bot/telegram:8'))]);
      expect(agent.violations()).toEqual([]);
    });

    it('a turn that starts while another one of the chat is open is a violation', async () => {
      const [first, second] = [turn(), turn()];
      agent.answersNext({ kind: 'delay', minMs: 50, maxMs: 50 });
      const pending = ask(first);
      await opened();
      await ask(second);
      await pending;
      expect(agent.violations()).toEqual([
        { kind: 'overlap', sessionId: first.sessionId, turnId: second.turnId, with: first.turnId },
      ]);
    });

    it('a turn that the hub gave up is over', async () => {
      agent.answersNext({ kind: 'hang' });
      await expect(ask(turn(), AbortSignal.timeout(50))).rejects.toThrow();
      await new Promise<void>((resolve) => {
        const check = () => (agent.counters().open === 0 ? resolve() : void setImmediate(check));
        check();
      });
      await ask();
      expect(agent.violations()).toEqual([]);
    });

    it('messages that come after later ones are a violation, of whatever size their numbers are', async () => {
      const [early, late] = [turn(), turn()];
      early.messages[0].id = 'discord:5:9007199254740993';
      late.messages[0].id = 'discord:5:9007199254740994';
      await ask(late);
      await ask(early);
      expect(agent.violations()).toEqual([
        { kind: 'disorder', sessionId: early.sessionId, turnId: early.turnId, with: late.messages[0].id },
      ]);
    });

    it('a button that is pressed on an old message is no disorder', async () => {
      const [late, press] = [turn(), turn()];
      press.messages[0] = { ...press.messages[0], id: 'telegram:7:1', type: 'action' };
      await ask(late);
      await ask(press);
      expect(agent.violations()).toEqual([]);
    });
  });
});
