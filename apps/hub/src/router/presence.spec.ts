import {
  RateLimitedError,
  UnreachableError,
  type PaceRule,
  type Preview,
  type RateScope,
} from '@omni-hub/channel-sdk';
import type { ActionChosen, ChatId, MessageId } from '@omni-hub/contracts';
import type { AskedEvent } from '../flow/agent-request';
import { Pacer } from '../flow/pacer';
import { sampleInstance, sampleMessage } from '../testing/samples';
import { answeredBy, markRead, Presence, type PresenceOf } from './presence';

const chat = 'sample:42' as ChatId;
const answering = 'sample:42:1' as MessageId;

interface SetUp {
  preview?: (shown: Preview) => Promise<MessageId | null>;
  pace?: PaceRule[];
  of?: Partial<PresenceOf>;
  pacer?: Pacer;
}

function setUp({
  preview = (shown) => Promise.resolve(shown.previewId ?? ('p1' as MessageId)),
  pace = [],
  of = {},
  pacer = new Pacer(),
}: SetUp = {}) {
  const typed: [ChatId, MessageId | null][] = [];
  const typing: AbortSignal[] = [];
  const shown: Preview[] = [];
  const recorded: MessageId[] = [];
  const handler = {
    send: () => Promise.resolve({ platformIds: [] }),
    typing: (to: ChatId, of: MessageId | null, signal: AbortSignal) => {
      typed.push([to, of]);
      typing.push(signal);
      return Promise.reject(new Error('typing failed'));
    },
    preview: (one: Preview) => {
      shown.push(one);
      return preview(one);
    },
    pace: () => pace,
  };
  const record = (id: MessageId) => {
    recorded.push(id);
    return Promise.resolve();
  };
  const settings = { pacing: 'natural' as const };
  const presence = new Presence(
    {
      ...{ instance: sampleInstance({ handler, settings }), chat, lane: 'c1', turnId: 't1' },
      ...{ answering, replyTo: null, previewId: null, isRetry: false, ...of },
    },
    pacer,
    record,
  );
  const texts = () => shown.map(({ text }) => text);
  return { presence, pacer, typed, typing, shown, texts, recorded };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('while an agent works', () => {
  it('nothing is shown when it is quick', async () => {
    const { presence, typed } = setUp();
    await pass(400);
    await presence.end();
    await pass(10_000);
    expect(typed).toEqual([]);
  });

  it('typing is shown and kept alive, though it fails', async () => {
    const { presence, typed } = setUp();
    await pass(10_000);
    await presence.end();
    await pass(10_000);
    expect(typed).toEqual(Array(3).fill([chat, answering]));
  });

  it('typing ends at once with the turn, even a call that is on its way', async () => {
    const { presence, typing } = setUp();
    await pass(600);
    expect(typing[0].aborted).toBe(false);
    const ended = presence.end();
    expect(typing[0].aborted).toBe(true);
    await ended;
  });

  it('typing goes on from a failed attempt to the next', async () => {
    const failed = setUp();
    await pass(200);
    await failed.presence.end();
    failed.presence.linger();
    expect(failed.typed).toEqual([[chat, answering]]);
    expect(failed.typing[0].aborted).toBe(false);
    const next = setUp({ of: { isRetry: true } });
    await pass(0);
    expect(next.typed).toEqual([[chat, answering]]);
    await next.presence.end();
  });

  it('the newest text is shown, paced, in one preview that is remembered', async () => {
    const { presence, shown, recorded } = setUp();
    presence.wrote('one');
    await pass(0);
    presence.wrote('one two');
    presence.wrote('one two three');
    await pass(1_500);
    await presence.end();
    expect(shown.map(({ text, previewId }) => [text, previewId])).toEqual([
      ['one', null],
      ['one two three', 'p1'],
    ]);
    expect(recorded).toEqual(['p1']);
    expect(presence.previewId).toBe('p1');
  });

  it('is shown where the answer will stand, from the first time on', async () => {
    const { presence, shown } = setUp({ of: { replyTo: answering } });
    presence.wrote('One');
    await pass(0);
    presence.wrote('One two');
    await pass(1_500);
    await presence.end();
    expect(shown.map(({ replyTo }) => replyTo)).toEqual([answering, answering]);
  });

  it('the same text is not shown twice', async () => {
    const { presence, shown } = setUp();
    presence.wrote('one');
    await pass(5_000);
    await presence.end();
    expect(shown).toHaveLength(1);
  });

  it('previews end at their first failure, and the answer does not care', async () => {
    const { presence, shown } = setUp({ preview: () => Promise.reject(new UnreachableError('down')) });
    presence.wrote('one');
    await pass(0);
    presence.wrote('one two');
    await pass(10_000);
    await presence.end();
    expect(shown).toHaveLength(1);
    expect(presence.previewId).toBeNull();
  });

  it('no preview appears once it has ended', async () => {
    const { presence, shown } = setUp();
    presence.wrote('one');
    await presence.end();
    await pass(10_000);
    expect(shown).toHaveLength(0);
  });

  it('the end waits for a preview that is on its way, so that it cannot overtake the answer', async () => {
    let shows: (id: MessageId) => void = () => undefined;
    const { presence } = setUp({ preview: () => new Promise((resolve) => (shows = resolve)) });
    presence.wrote('one');
    await pass(0);
    const ended = presence.end();
    shows('p1' as MessageId);
    await ended;
    expect(presence.previewId).toBe('p1');
  });
});

describe('previews and the limits of a chat', () => {
  /** An agent that writes a word more every 100 ms. */
  async function writes({ presence }: ReturnType<typeof setUp>, forMs: number): Promise<void> {
    for (let at = 0; at < forMs; at += 100) {
      presence.wrote(`${at}`);
      await pass(100);
    }
  }

  it('are rare where the platform allows few messages', async () => {
    const group = { key: 'group', scope: 'chat' as const, burst: 20, perSecond: 20 / 60 };
    const one = setUp({ pace: [group] });
    await writes(one, 60_000);
    await one.presence.end();
    expect(one.shown.length).toBeLessThan(12);
    expect(one.shown.length).toBeGreaterThan(8);
    expect(one.pacer.reserve('c1', 'i1', [group], Date.now())).toBe(Date.now());
  });

  it('are left out where what is said needs the room', async () => {
    const rule = { key: 'chat', scope: 'chat' as const, burst: 2, perSecond: 0.1 };
    const pacer = new Pacer();
    pacer.reserve('c1', 'i1', [rule], Date.now());
    const one = setUp({ pace: [rule], pacer });
    await writes(one, 5_000);
    expect(one.shown).toEqual([]);
    await writes(one, 6_000);
    expect(one.shown).toHaveLength(1);
    await one.presence.end();
  });

  it('are never tried where a limit has no room for two', async () => {
    const one = setUp({ pace: [{ key: 'chat', scope: 'chat', burst: 1, perSecond: 1 }] });
    await writes(one, 5_000);
    await one.presence.end();
    expect(one.shown).toEqual([]);
  });

  it.each<[RateScope, number, number]>([
    ['chat', 5_000, 0],
    ['instance', 5_000, 5_000],
  ])('that the platform refuses as too many hold the %s until it allows more', async (scope, own, others) => {
    let refusals = 1;
    const preview = () =>
      refusals-- > 0
        ? Promise.reject(new RateLimitedError('slow down', 5_000, scope))
        : Promise.resolve('p1' as MessageId);
    const one = setUp({ preview });
    const at = Date.now();
    one.presence.wrote('one');
    await pass(0);
    expect(one.pacer.reserve('c1', 'i1', [], Date.now())).toBe(scope === 'chat' ? at + own : Date.now());
    expect(one.pacer.held(Date.now())).toEqual(others > 0 ? ['i1'] : []);
    await pass(4_900);
    expect(one.texts()).toEqual(['one']);
    one.presence.wrote('one two');
    await pass(200);
    expect(one.texts()).toEqual(['one', 'one two']);
    await one.presence.end();
  });
});

describe('how an answer goes on from what was shown', () => {
  it('is told how long the agent has worked, and for which message', async () => {
    const { presence } = setUp();
    await pass(300);
    const pace = { pacing: 'natural', workedMs: 300, hasPreviewed: false, answering };
    expect(presence.paceOf(Date.now())).toEqual(pace);
    await presence.end();
  });

  it('is told of a preview also where it vanishes by itself, or is an earlier attempt’s', async () => {
    const draft = setUp({ preview: () => Promise.resolve(null) });
    draft.presence.wrote('one');
    await pass(0);
    await draft.presence.end();
    expect(draft.presence.paceOf(Date.now())).toMatchObject({ hasPreviewed: true });
    const again = setUp({ of: { previewId: 'p1' as MessageId } });
    await again.presence.end();
    expect(again.presence.paceOf(Date.now())).toMatchObject({ hasPreviewed: true });
  });
});

describe('what was asked', () => {
  const said = (id: string) => sampleMessage({ id: id as MessageId });
  const pressed = (messageId: string | null): ActionChosen => ({
    ...said('unused'),
    type: 'action',
    actionId: 'yes',
    label: 'Yes',
    messageId: messageId as MessageId | null,
    ackRef: null,
  });
  const ask = (...events: AskedEvent['event'][]) =>
    events.map((event, index) => ({ rowId: `m${index}`, personId: null, receivedAt: 0, event }));

  it.each<[string, AskedEvent[], string | null]>([
    ['is answered at its last message', ask(said('1'), said('2')), '2'],
    ['is answered at the message whose button was pressed last', ask(said('2'), pressed('1')), '1'],
    ['is answered nowhere in particular when that message is unknown', ask(said('2'), pressed(null)), null],
  ])('%s', (_promise, asked, id) => {
    expect(answeredBy(asked)).toBe(id);
  });

  describe('is marked as read', () => {
    const debugged: object[] = [];
    const log = {
      debug: (fields: object) => void debugged.push(fields),
      info: jest.fn(),
      warn: jest.fn(),
      error: jest.fn(),
    };
    const { signal } = new AbortController();

    const marked = (asked: AskedEvent[]) => {
      const read: string[] = [];
      const markReadOne = (_chat: ChatId, id: MessageId) => Promise.resolve(void read.push(id));
      markRead(sampleInstance({ handler: { markRead: markReadOne } }), chat, asked, signal, log);
      return read;
    };

    it.each<[string, AskedEvent[], string[]]>([
      ['once for all its messages', ask(said('1'), said('2')), ['2']],
      ['at the person’s own message, whatever was pressed after it', ask(said('2'), pressed('1')), ['2']],
      ['not at all where there were only presses', ask(pressed('1')), []],
    ])('%s', (_promise, asked, read) => {
      expect(marked(asked)).toEqual(read);
    });

    it('only where the channel can', () => {
      expect(() => markRead(sampleInstance(), chat, ask(said('1')), signal, log)).not.toThrow();
    });

    it('and a failure is noted, and nothing more', async () => {
      const fails = () => Promise.reject(new UnreachableError('no route'));
      markRead(sampleInstance({ handler: { markRead: fails } }), chat, ask(said('1')), signal, log);
      await Promise.resolve();
      expect(debugged).toEqual([{ instance: 'support-bot', error: 'no route' }]);
    });
  });
});
