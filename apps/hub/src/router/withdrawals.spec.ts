import type { ActionChosen, ChatEvent } from '@omni-hub/contracts';
import { UnreachableError } from '@omni-hub/channel-sdk';
import { planOutbound, type OutboundPlan } from '../flow/plan-outbound';
import type { TurnStatus } from '../storage/store';
import { sampleCapabilities, sampleInstance, sampleMessage } from '../testing/samples';
import type { TurnEnd } from './turn-end';
import { withdrawUnanswered } from './withdrawals';

const pressed = (ackRef: string | null): ActionChosen => ({
  ...sampleMessage(),
  type: 'action',
  actionId: '/ask',
  label: '/ask',
  messageId: null,
  ackRef,
});
const answerTo = (answers: string): OutboundPlan =>
  planOutbound(
    {
      ...{ instanceId: 'i1', turnId: 't1', eventId: 'e', content: { type: 'text', text: 'yes' } as const },
      ...{
        replyTo: null,
        answers,
        replaces: null,
        now: 0,
        expiresAt: 1,
        scheduled: false,
        inMessages: false,
      },
    },
    { capabilities: sampleCapabilities },
  );
const ended = (status: TurnStatus): TurnEnd => ({
  ...{ status, reason: status, attempt: null, content: [], deadLetter: null, retryAt: null },
});

const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };

function withdrawn(
  events: ChatEvent[],
  status: TurnStatus = 'silent',
  plans: OutboundPlan[] = [],
  enabled = true,
): (string | null)[] {
  const taken: (string | null)[] = [];
  const withdraw = ({ ackRef }: ActionChosen) => Promise.resolve(void taken.push(ackRef));
  withdrawUnanswered(sampleInstance({ handler: { withdraw }, enabled }), events, ended(status), plans, log);
  return taken;
}

describe('the sign that an answer is being written', () => {
  it('is taken back from all that a turn leaves without an answer of their own', () => {
    const events = [pressed('a'), sampleMessage(), pressed('b'), pressed(null)];
    expect(withdrawn(events, 'answered', [answerTo('b')])).toEqual(['a']);
  });

  it.each<TurnStatus>(['silent', 'deferred', 'failed'])('is taken back where a turn is %s', (status) => {
    expect(withdrawn([pressed('a')], status)).toEqual(['a']);
  });

  it.each<TurnStatus>(['retrying', 'merged'])('stays while a turn is only %s', (status) => {
    expect(withdrawn([pressed('a')], status)).toEqual([]);
  });

  it('stays where the instance is disabled: it does nothing at its platform', () => {
    expect(withdrawn([pressed('a')], 'silent', [], false)).toEqual([]);
  });

  it('is of no concern where the channel shows none', () => {
    expect(() =>
      withdrawUnanswered(sampleInstance(), [pressed('a')], ended('silent'), [], log),
    ).not.toThrow();
  });

  it('stays where it cannot be taken back, which is noted and nothing more', async () => {
    const withdraw = () => Promise.reject(new UnreachableError('no route'));
    withdrawUnanswered(sampleInstance({ handler: { withdraw } }), [pressed('a')], ended('silent'), [], log);
    await Promise.resolve();
    expect(log.debug).toHaveBeenCalledWith(
      { instance: 'support-bot', error: 'no route' },
      expect.any(String),
    );
  });
});
