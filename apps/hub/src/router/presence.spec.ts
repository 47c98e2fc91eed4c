import type { Preview } from '@omni-hub/channel-sdk';
import type { ActionChosen, ChatId, MessageId } from '@omni-hub/contracts';
import { UnreachableError } from '@omni-hub/channel-sdk';
import { sampleInstance, sampleMessage } from '../testing/samples';
import type { AskedEvent } from './agent-request';
import { answeredBy, markRead, Presence } from './presence';

const chat = 'sample:42' as ChatId;
const answered = 'sample:42:1' as MessageId;

function setUp({
  preview = (shown: Preview) => Promise.resolve(shown.previewId ?? ('p1' as MessageId)),
} = {}) {
  const typed: [ChatId, MessageId | null][] = [];
  const shown: Preview[] = [];
  const recorded: MessageId[] = [];
  const handler = {
    send: () => Promise.resolve({ platformIds: [] }),
    typing: (to: ChatId, answering: MessageId | null) => {
      typed.push([to, answering]);
      return Promise.reject(new Error('typing failed'));
    },
    preview: (one: Preview) => {
      shown.push(one);
      return preview(one);
    },
  };
  const record = (id: MessageId) => {
    recorded.push(id);
    return Promise.resolve();
  };
  const presence = new Presence(sampleInstance({ handler }), chat, 't1', answered, null, record);
  return { presence, typed, shown, recorded };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('while an agent works', () => {
  it('nothing is shown when it is quick', async () => {
    const { presence, typed } = setUp();
    await jest.advanceTimersByTimeAsync(400);
    await presence.end();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(typed).toEqual([]);
  });

  it('typing is shown and kept alive, though it fails', async () => {
    const { presence, typed } = setUp();
    await jest.advanceTimersByTimeAsync(10_000);
    await presence.end();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(typed).toEqual([
      [chat, answered],
      [chat, answered],
      [chat, answered],
    ]);
  });

  it('the newest text is shown, paced, in one preview that is remembered', async () => {
    const { presence, shown, recorded } = setUp();
    presence.wrote('one');
    await jest.advanceTimersByTimeAsync(0);
    presence.wrote('one two');
    presence.wrote('one two three');
    await jest.advanceTimersByTimeAsync(1_500);
    await presence.end();
    expect(shown.map(({ text, previewId }) => [text, previewId])).toEqual([
      ['one', null],
      ['one two three', 'p1'],
    ]);
    expect(recorded).toEqual(['p1']);
    expect(presence.previewId).toBe('p1');
  });

  it('the same text is not shown twice', async () => {
    const { presence, shown } = setUp();
    presence.wrote('one');
    await jest.advanceTimersByTimeAsync(5_000);
    await presence.end();
    expect(shown).toHaveLength(1);
  });

  it('previews end at their first failure, and the answer does not care', async () => {
    const { presence, shown } = setUp({ preview: () => Promise.reject(new Error('429')) });
    presence.wrote('one');
    await jest.advanceTimersByTimeAsync(0);
    presence.wrote('one two');
    await jest.advanceTimersByTimeAsync(10_000);
    await presence.end();
    expect(shown).toHaveLength(1);
    expect(presence.previewId).toBeNull();
  });

  it('no preview appears once it has ended', async () => {
    const { presence, shown } = setUp();
    presence.wrote('one');
    await presence.end();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(shown).toHaveLength(0);
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
