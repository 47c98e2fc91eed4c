import { conclude, saysOf, type ConcludedStory } from './conclusion';
import type { AgentAttempt } from './trace';

const running = { paused: null };
const attempt: AgentAttempt = { at: 0, ms: 5, outcome: 'reply', code: null, detail: null };

function story(changes: {
  message?: Partial<ConcludedStory['message']>;
  turn?: { status: string; agent?: AgentAttempt[]; stoppedBy?: string } | null;
  chat?: ConcludedStory['chat'];
  parts?: Partial<ConcludedStory['deliveries'][number]>[];
}): ConcludedStory {
  const { status, agent = [], stoppedBy } = changes.turn ?? { status: '' };
  const decision = { messageId: 'm', gate: 'groups', verdict: 'stop', change: null, detail: 'not for us' };
  const decisions = stoppedBy ? [{ ...decision, reason: stoppedBy }] : [];
  return {
    message: { id: 'm', direction: 'in', type: 'message', content: '', ...changes.message },
    chat: changes.chat === undefined ? { leased: 0, attempts: 0, readyAt: 0 } : changes.chat,
    turn: changes.turn ? { status, agentKind: 'http', trace: JSON.stringify({ decisions, agent }) } : null,
    deliveries: (changes.parts ?? []).map((part, index) => ({
      ...{ messageId: 'a', partIndex: index, status: 'sent', errorCode: null, log: '[]', statuses: '[]' },
      ...part,
    })),
  };
}

const answered = (parts: Partial<ConcludedStory['deliveries'][number]>[]) =>
  story({ turn: { status: 'answered', agent: [attempt] }, parts });
const reasonOf = (one: ConcludedStory, instance: Parameters<typeof conclude>[1] = running) => {
  const { outcome, reason } = conclude(one, instance);
  return [outcome, reason];
};

describe('what became of a message', () => {
  it('is that it was not answered, for the reason of the gate that stopped it', () => {
    expect(
      conclude(story({ turn: { status: 'silent', stoppedBy: 'group_not_mentioned' } }), running),
    ).toEqual({
      ...{ outcome: 'silent', because: 'not for us', reason: 'group_not_mentioned' },
    });
  });

  it('is what the agent made of it, where it was asked: also about a message that came with another', () => {
    const silent: AgentAttempt = { ...attempt, outcome: 'silent', detail: 'nothing to add' };
    expect(
      conclude(story({ turn: { status: 'silent', agent: [silent], stoppedBy: 'kind_edit' } }), running),
    ).toEqual({ outcome: 'silent', because: 'nothing to add', reason: 'silent' });
  });

  it('is that the agent failed, whatever became of the fallback', () => {
    const failed: AgentAttempt = { ...attempt, outcome: 'failed', code: 'AGENT_TIMEOUT', detail: 'too slow' };
    const one = story({ turn: { status: 'failed', agent: [failed] }, parts: [{ status: 'dead' }] });
    expect(conclude(one, running)).toEqual({
      ...{ outcome: 'failed', because: 'too slow', reason: 'AGENT_TIMEOUT' },
    });
  });

  it('is what became of the parts of its answer: one that never left counts more than one that waits', () => {
    expect(reasonOf(answered([]))).toEqual(['answered', null]);
    expect(reasonOf(answered([{}, { status: 'read' }]))).toEqual(['answered', null]);
    expect(reasonOf(answered([{}, { status: 'pending' }]))).toEqual(['sending', 'parts_wait']);
    expect(
      reasonOf(answered([{ status: 'accepted', errorCode: 'UNACKNOWLEDGED' }, { status: 'pending' }])),
    ).toEqual(['unacknowledged', 'UNACKNOWLEDGED']);
    expect(
      reasonOf(
        answered([{ status: 'pending' }, { status: 'dead', errorCode: 'REJECTED' }, { status: 'held' }]),
      ),
    ).toEqual(['dead', 'REJECTED']);
  });

  it('forgets what became of a part before it was replayed', () => {
    const dead = { status: 'dead' as const, errorCode: 'REJECTED', partIndex: 0 };
    expect(reasonOf(answered([dead, { partIndex: 0 }]))).toEqual(['answered', null]);
  });

  it('of the hub’s own is whether it was sent', () => {
    const parts = [{ status: 'held' as const, errorCode: null }];
    expect(reasonOf(story({ message: { direction: 'out' }, parts }))).toEqual(['held', 'held']);
    expect(reasonOf(story({ message: { direction: 'out' } }))).toEqual(['sent', null]);
  });

  it('before its turn is what it waits for', () => {
    const chat = { leased: 0, attempts: 0, readyAt: 0 };
    expect(reasonOf(story({}))).toEqual(['waiting', 'turn_not_begun']);
    expect(reasonOf(story({ chat: { ...chat, leased: 1 } }))).toEqual(['waiting', 'turn_running']);
    expect(reasonOf(story({ chat: { ...chat, attempts: 1 } }))).toEqual(['waiting', 'earlier_turn_retried']);
    expect(reasonOf(story({ turn: { status: 'retrying' } }))).toEqual(['waiting', 'agent_retried']);
    expect(conclude(story({}), undefined).reason).toBe('instance_not_loaded');
    const paused = { paused: { code: 'UNAUTHORIZED', reason: 'the token was revoked' } };
    expect(reasonOf(story({}), paused)).toEqual(['waiting', 'instance_paused']);
  });

  it('is nothing for what has no chat, and for what was ignored', () => {
    expect(reasonOf(story({ chat: null }))).toEqual(['stored', 'no_chat']);
    const content = JSON.stringify({ type: 'ignored', rawKind: 'poll', reason: 'polls are not read' });
    expect(conclude(story({ message: { type: 'ignored', content } }), running)).toEqual({
      ...{ outcome: 'ignored', because: 'polls are not read', reason: 'ignored_poll' },
    });
  });
});

describe('what an attempt at the agent came to', () => {
  it('is said in its own words, or in the hub’s', () => {
    expect(saysOf({ ...attempt, detail: 'too slow' }, 'http')).toBe('too slow');
    expect(saysOf(attempt, 'http')).toBe('the agent (http) answered');
    expect(saysOf({ ...attempt, outcome: 'silent' }, 'http')).toBe('the agent (http) chose to say nothing');
  });
});
