import { AgentError } from '../flow/agent';
import { sampleInstance, sampleTurn } from '../testing/samples';
import { endAnswered, endCutShort, endFailed, keepsPreview, maxAttempts } from './turn-end';

const instance = sampleInstance();
const failure = new AgentError('AGENT_TIMEOUT', 'no answer');

describe('an agent’s answer', () => {
  it('may be said, silence with a reason, or later', () => {
    expect(endAnswered({ kind: 'reply', content: [{ type: 'text', text: 'a' }] }, 5, 7)).toMatchObject({
      status: 'answered',
      attempt: { at: 5, ms: 7, outcome: 'reply' },
    });
    expect(endAnswered({ kind: 'silent', reason: 'not mine' }, 5, 7)).toMatchObject({
      status: 'silent',
      content: [],
      attempt: { outcome: 'silent', detail: 'not mine' },
    });
    expect(endAnswered({ kind: 'deferred' }, 5, 7)).toMatchObject({ status: 'deferred', content: [] });
  });
});

describe('a turn that is cut short', () => {
  it('ends in silence where its instance is disabled meanwhile, and says why', () => {
    expect(endCutShort('instance_disabled', 5, 7)).toMatchObject({
      status: 'silent',
      reason: 'instance_disabled',
      content: [],
      attempt: { outcome: 'failed', code: 'AGENT_STOPPED', detail: expect.stringContaining('disabled') },
      deadLetter: null,
      retryAt: null,
    });
  });

  it('is no end of its own where it is merged, and in silence where it is interrupted', () => {
    expect(endCutShort('merged', 5, 7)).toMatchObject({
      status: 'merged',
      content: [],
      attempt: { outcome: 'hung_up', code: 'merged', detail: expect.stringContaining('together') },
      deadLetter: null,
      retryAt: null,
    });
    expect(endCutShort('interrupted', 5, 7)).toMatchObject({
      status: 'silent',
      reason: 'interrupted',
      content: [],
      attempt: { outcome: 'hung_up', code: 'interrupted', detail: expect.stringContaining('alone') },
    });
  });

  it('ends not at all where it has to be claimed again', () => {
    expect([endCutShort('stopping', 5, 7), endCutShort('instance_gone', 5, 7)]).toEqual([null, null]);
  });
});

describe('an agent’s failure', () => {
  it('is tried again later, within the budget', () => {
    const end = endFailed(failure, 1_000, 50, sampleTurn(), instance);
    expect(end).toMatchObject({ status: 'retrying', content: [], deadLetter: null });
    expect(end.retryAt).toBeGreaterThan(1_050);
  });

  const spent = sampleTurn({ attempts: maxAttempts - 1 });

  it('becomes a dead letter when the budget is spent, and says nothing by default', () => {
    expect(endFailed(failure, 0, 0, spent, instance)).toMatchObject({
      status: 'failed',
      content: [],
      deadLetter: { code: 'AGENT_TIMEOUT' },
    });
  });

  it('says the fallback once, where there is one', () => {
    const end = endFailed(failure, 0, 0, spent, sampleInstance({ settings: { fallback: 'Sorry!' } }));
    expect(end.content).toEqual([{ type: 'text', text: 'Sorry!' }]);
    expect(end.deadLetter?.detail).not.toContain('Nothing was sent');
  });
});

it('a preview is kept by whatever goes on in its place, and by nothing else', () => {
  const kept = (chatKind: string) =>
    [
      endFailed(failure, 0, 0, sampleTurn(), instance),
      endCutShort('merged', 0, 0)!,
      endCutShort('interrupted', 0, 0)!,
      endCutShort('instance_disabled', 0, 0)!,
      endAnswered({ kind: 'silent', reason: 'x' }, 0, 0),
    ].map((end) => keepsPreview(end, { chatKind }));
  expect(kept('direct')).toEqual([true, true, true, false, false]);
  expect(kept('group')).toEqual([true, false, false, false, false]);
});
