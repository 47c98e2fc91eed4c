import {
  AmbiguousError,
  ChatMovedError,
  ConfigError,
  RateLimitedError,
  RecipientGoneError,
  RejectedError,
  UnauthorizedError,
  UnreachableError,
  UnsupportedError,
  WindowClosedError,
  type SendError,
} from '@omni-hub/channel-sdk';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { sampleDelivery, sampleInstance } from '../testing/samples';
import { afterFailure, afterReceipt, beforeAttempt, toDeliveryCompletion, withLostAttempts } from './attempt';

const instance = sampleInstance();
const holding = sampleInstance({ settings: { onUnknown: 'hold' } });
const idempotent = sampleInstance({ capabilities: { idempotentSend: true } });
const unknown = JSON.stringify([{ at: 0, ms: 1, outcome: 'unknown', code: 'AMBIGUOUS', detail: null }]);

describe('before an attempt', () => {
  it('a part that is young and was never tried may leave', () => {
    expect(beforeAttempt(sampleDelivery(), instance, 0)).toBeNull();
  });

  it('a part older than the reply’s time to live is dead', () => {
    expect(beforeAttempt(sampleDelivery({ expiresAt: 10 }), instance, 11)).toMatchObject({
      outcome: 'dead',
      reason: { code: 'STALE' },
    });
  });

  describe('a part whose last attempt the hub did not survive', () => {
    const lost = withLostAttempts(sampleDelivery({ uncertain: true, attempts: 2 }), 5);

    it('has that attempt in its history', () => {
      expect(JSON.parse(lost.log)).toEqual([expect.objectContaining({ outcome: 'lost', code: 'AMBIGUOUS' })]);
    });

    it('is sent once more by default', () => {
      expect(beforeAttempt(lost, instance, 5)).toBeNull();
    });

    it('is not sent a third time', () => {
      const twice = withLostAttempts(sampleDelivery({ uncertain: true, attempts: 3, log: lost.log }), 6);
      expect(beforeAttempt(twice, instance, 6)).toMatchObject({
        outcome: 'dead',
        reason: { code: 'AMBIGUOUS' },
      });
    });

    it('is not sent a third time either when the hub survived neither attempt', () => {
      const twice = withLostAttempts(sampleDelivery({ uncertain: true, attempts: 3, log: '[]' }), 6);
      expect(JSON.parse(twice.log)).toHaveLength(2);
      expect(beforeAttempt(twice, instance, 6)).toMatchObject({ outcome: 'dead' });
    });

    it('is held for the operator where the instance says so', () => {
      expect(beforeAttempt(lost, holding, 5)).toMatchObject({
        outcome: 'held',
        reason: { code: 'AMBIGUOUS' },
      });
    });

    it('is sent again where the platform knows the delivery’s id', () => {
      expect(beforeAttempt({ ...lost, log: unknown }, idempotent, 5)).toBeNull();
    });
  });
});

describe('after a failed attempt', () => {
  const conclude = (error: SendError, of = instance, delivery = sampleDelivery()) =>
    afterFailure(error, delivery, of, 100, 150);

  it('an unreachable platform is tried again later, with the attempt recorded', () => {
    const conclusion = conclude(new UnreachableError('down'));
    expect(conclusion).toMatchObject({
      outcome: 'retry',
      entry: { at: 100, ms: 50, outcome: 'failed', code: 'UNREACHABLE' },
    });
    expect(conclusion.at).toBeGreaterThan(150);
  });

  it('a rate limit is obeyed to the millisecond, and reaches as far as the platform says', () => {
    expect(conclude(new RateLimitedError('slow', 5_000, 'chat'))).toMatchObject({
      outcome: 'retry',
      at: 5_150,
      effect: null,
    });
    expect(conclude(new RateLimitedError('slow', 5_000, 'instance'))).toMatchObject({
      outcome: 'retry',
      effect: { holdUntil: 5_150 },
    });
  });

  it('refused credentials pause the instance and keep the part', () => {
    expect(conclude(new UnauthorizedError('no'))).toMatchObject({
      outcome: 'retry',
      effect: { pause: { code: 'UNAUTHORIZED' } },
    });
  });

  it('a chat that moved is followed at once', () => {
    const movedTo = 'sample:-100' as ChatId;
    expect(conclude(new ChatMovedError('moved', movedTo))).toMatchObject({
      outcome: 'retry',
      at: 150,
      effect: { movedTo },
    });
  });

  it.each([
    new ConfigError('c'),
    new RecipientGoneError('g'),
    new WindowClosedError('w'),
    new RejectedError('r'),
    new UnsupportedError('u', 'content.poll'),
  ])('%s is final', (error) => {
    expect(conclude(error)).toMatchObject({ outcome: 'dead', reason: { code: error.code } });
  });

  it('no answer: once more, then the dead letters', () => {
    expect(conclude(new AmbiguousError('?'))).toMatchObject({
      outcome: 'retry',
      entry: { outcome: 'unknown' },
    });
    expect(conclude(new AmbiguousError('?'), instance, sampleDelivery({ log: unknown }))).toMatchObject({
      outcome: 'dead',
    });
  });

  it('no answer, and the instance holds: nothing is repeated', () => {
    expect(conclude(new AmbiguousError('?'), holding)).toMatchObject({
      outcome: 'held',
      reason: { code: 'AMBIGUOUS' },
    });
  });

  it('no answer, and the platform knows the delivery’s id: as often as it takes', () => {
    expect(conclude(new AmbiguousError('?'), idempotent, sampleDelivery({ log: unknown }))).toMatchObject({
      outcome: 'retry',
    });
  });
});

describe('what is written down', () => {
  it('a receipt carries the platform’s ids and the whole history', () => {
    const delivery = sampleDelivery({ log: unknown });
    const completion = toDeliveryCompletion(
      delivery,
      afterReceipt({ platformIds: ['sample:42:9' as MessageId] }, 10, 30),
      30,
    );
    expect(completion).toMatchObject({
      outcome: 'sent',
      platformIds: '["sample:42:9"]',
      platformId: 'sample:42:9',
      deadLetter: null,
    });
    expect(JSON.parse(completion.log)).toHaveLength(2);
  });

  it('a dead part leaves a dead letter with its code and what to do', () => {
    const conclusion = afterFailure(new RejectedError('too long'), sampleDelivery(), instance, 0, 1);
    expect(toDeliveryCompletion(sampleDelivery(), conclusion, 1).deadLetter).toMatchObject({
      kind: 'delivery',
      refId: 'd1',
      code: 'REJECTED',
      detail: 'too long',
    });
  });
});
