import type { Content } from '@omni-hub/contracts';
import fc from 'fast-check';
import type { SaidMessage, TurnMessage, TurnRow, TurnStory } from '../storage/repositories/turns.repository';
import type { AgentAttempt, Decision } from './trace';
import {
  answerOf,
  askedAgain,
  isSame,
  showContent,
  verdictOn,
  type ShownContent,
  type TurnAnswer,
} from './turn-story';

const decision = (messageId: string, verdict: Decision['verdict'] = 'pass', gate = 'group'): Decision => ({
  ...{ messageId, gate, verdict, reason: `${gate}_${verdict}` },
  ...{ detail: '', change: null },
});
const attempt = (changes: Partial<AgentAttempt> = {}): AgentAttempt => ({
  ...{ at: 100, ms: 20, outcome: 'reply', code: null, detail: null },
  ...changes,
});
const turn = (
  changes: Partial<TurnRow> = {},
  agent = [attempt()],
  decisions = [decision('m1')],
): TurnRow => ({
  ...{ id: 't1', instanceId: 'i1', chatId: 'c1', firstSeq: 1, lastSeq: 2, status: 'answered' },
  ...{ agentKind: 'http', attempts: 1, startedAt: 90, finishedAt: 130 },
  trace: JSON.stringify({ decisions, agent }),
  ...changes,
});
const said = (...contents: (Content | null)[]): SaidMessage[] =>
  contents.map((content, index) => ({
    ...{ id: `o${index}`, turnId: 't1', type: content?.type ?? 'image', at: 130 },
    content: content && JSON.stringify(content),
  }));
const text = (words: string): Content => ({ type: 'text', text: words });

describe('what a turn is asked again about', () => {
  const story = (row: TurnRow, ids = ['m1', 'm2']) =>
    ({
      turn: row,
      chat: { id: 'c1' },
      messages: ids.map((id) => ({ id }) as TurnMessage),
      said: [],
    }) as unknown as TurnStory;
  const ids = (row: TurnRow, messages?: string[]) => {
    const asked = askedAgain(story(row, messages));
    return typeof asked === 'string' ? asked : asked.map(({ id }) => id);
  };

  it('are the messages that no gate stopped, whatever others said about them before', () => {
    const decisions = [
      ...[decision('m1', 'pass', 'kind'), decision('m1', 'stop', 'group')],
      ...[decision('m2', 'pass', 'kind'), decision('m2', 'pass', 'fresh')],
    ];
    expect(ids(turn({}, [attempt()], decisions))).toEqual(['m2']);
    expect(verdictOn(turn({}, [], decisions), 'm1')).toMatchObject({ reason: 'group_stop' });
    expect(verdictOn(turn({}, [], decisions), 'm3')).toBeUndefined();
  });

  it('is nothing, with a reason, where there was nothing, it is not over, or it is gone', () => {
    expect(ids(turn({ status: 'retrying' }))).toContain('not over');
    expect(ids(turn({ status: 'merged' }))).toContain('another');
    expect(ids(turn({}, [], [decision('m1', 'stop')]))).toContain('not asked');
    expect(ids(turn({ trace: '{}' }))).toContain('not asked');
    expect(ids(turn(), [])).toContain('retention');
    expect(askedAgain({ ...story(turn()), chat: null })).toContain('retention');
  });
});

describe('what a turn answered', () => {
  it('is what was said, by the attempt that said it', () => {
    const failed = attempt({ at: 50, ms: 5, outcome: 'failed' });
    expect(answerOf(turn({}, [failed, attempt()]), said(text('hi')))).toEqual({
      ...{ agentKind: 'http', status: 'answered', ms: 20, at: 100, isAgents: true },
      content: [{ type: 'text', text: 'hi' }],
    });
  });

  it('has no preview that was taken away, but what was taken away alone', () => {
    const removal: Content = { type: 'delete', messageId: 'test:1:1' as never };
    const image: Content = { type: 'image', url: 'http://a/b' };
    expect(answerOf(turn(), said(removal, image)).content).toEqual([image]);
    expect(answerOf(turn(), said(removal)).content).toEqual([removal]);
  });

  it('names files by their hash, also within an album, and what is too long as such', () => {
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const image = { type: 'image', data: Buffer.from('abc').toString('base64') } as const;
    expect(showContent({ type: 'album', items: [image, { type: 'image', url: 'http://a/b' }] })).toEqual({
      type: 'album',
      items: [
        { type: 'image', sha256, size: 3 },
        { type: 'image', url: 'http://a/b' },
      ],
    });
    expect(answerOf(turn(), said(null)).content).toEqual([{ type: 'image', tooLong: true }]);
  });

  it('took no time where the agent was hung up on', () => {
    const cut = answerOf(turn({ status: 'silent' }, [attempt({ outcome: 'hung_up' })]), []);
    expect(cut).toMatchObject({ ms: null, at: null, isAgents: false });
  });
});

describe('two answers', () => {
  const answer = (changes: Partial<TurnAnswer> = {}): TurnAnswer => ({
    ...{ agentKind: 'http', status: 'answered', content: [], ms: 1, at: 1, isAgents: true },
    ...changes,
  });
  const none = new Map<string, { hash: string; size: number }>();
  const same = (original: TurnAnswer, status: string, content: ShownContent[], files = none) =>
    isSame(original, status, content, files);
  const contents = fc
    .array(fc.string(), { minLength: 1, maxLength: 3 })
    .map((texts) => texts.map((words) => ({ type: 'text', text: words })));

  it('are the same where the same was said, also by one who answered later', () => {
    fc.assert(
      fc.property(contents, fc.constantFrom('answered', 'deferred'), (content, status) => {
        expect(
          same(
            answer({ status, content }),
            'answered',
            content.map((one) => ({ ...one })),
          ),
        ).toBe(true);
      }),
    );
  });

  it('differ where something else was said, or more', () => {
    fc.assert(
      fc.property(contents, contents, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(same(answer({ content: one }), 'answered', other)).toBe(false);
      }),
    );
  });

  it('are the same where both were silent, and differ where one waits', () => {
    expect(same(answer({ status: 'silent' }), 'silent', [])).toBe(true);
    expect(same(answer({ status: 'deferred' }), 'silent', [])).toBe(false);
  });

  it('are never the same where one failed', () => {
    const content = [{ type: 'text', text: 'Sorry!' }];
    expect(same(answer({ status: 'failed', content, isAgents: false }), 'answered', content)).toBe(false);
    expect(same(answer({ status: 'failed', isAgents: false }), 'failed', [])).toBe(false);
    expect(same(answer({ status: 'silent', isAgents: false }), 'silent', [])).toBe(false);
  });

  it('are compared by their words where one was spoken', () => {
    const spoken = answer({ content: [{ type: 'voice', sha256: 'x', spoken: 'It is here.' }] });
    expect(same(spoken, 'answered', [{ type: 'text', text: 'It is **here**.' }])).toBe(true);
    expect(same(spoken, 'answered', [{ type: 'text', text: 'It is gone.' }])).toBe(false);
  });

  it('are compared by the file where one of them is kept by the hub', () => {
    const files = new Map([['u1', { hash: 'abc', size: 3 }]]);
    const kept = { type: 'image', mediaId: 'u1', caption: 'a' };
    const shown = { type: 'image', sha256: 'abc', size: 3, caption: 'a' };
    const album = (item: ShownContent) => [{ type: 'album', items: [item] }];
    const both = (one: ShownContent[], other: ShownContent[]) =>
      same(answer({ content: one }), 'answered', other, files);
    expect([both([kept], [shown]), both(album(kept), album(shown)), both([kept], [kept])]).toEqual([
      true,
      true,
      true,
    ]);
    expect([both([kept], [{ ...shown, sha256: 'x' }]), both([kept], [{ ...shown, caption: 'b' }])]).toEqual([
      false,
      false,
    ]);
    expect(both(album(kept), [{ type: 'album', items: [shown, shown] }])).toBe(false);
  });
});
