import type { Preview } from '@omni-hub/channel-sdk';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { sampleInstance } from '../testing/samples';
import { Presence } from './presence';

const chat = 'sample:42' as ChatId;

function setUp({
  preview = (shown: Preview) => Promise.resolve(shown.previewId ?? ('p1' as MessageId)),
} = {}) {
  const typed: ChatId[] = [];
  const shown: Preview[] = [];
  const recorded: MessageId[] = [];
  const handler = {
    send: () => Promise.resolve({ platformIds: [] }),
    typing: (to: ChatId) => {
      typed.push(to);
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
  const presence = new Presence(sampleInstance({ handler }), chat, 't1', null, record);
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
    expect(typed).toEqual([chat, chat, chat]);
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
