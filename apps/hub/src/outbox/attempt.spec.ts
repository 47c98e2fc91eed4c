import {
  AmbiguousError,
  ChatMovedError,
  ConfigError,
  RateLimitedError,
  RecipientGoneError,
  RejectedError,
  RestrictedError,
  UnauthorizedError,
  UnreachableError,
  UnsupportedError,
  WindowClosedError,
  type SendError,
} from '@omni-hub/channel-sdk';
import type { ChatId, MessageId } from '@omni-hub/contracts';
import { sampleDelivery, sampleInstance } from '../testing/samples';
import { FileError } from '../flow/outgoing-files';
import {
  afterFailure,
  afterFileFailure,
  afterReceipt,
  beforeAttempt,
  interrupted,
  toDeliveryCompletion,
  withLostAttempts,
} from './attempt';

const instance = sampleInstance();
const holding = sampleInstance({ settings: { onUnknown: 'hold' } });
const idempotent = sampleInstance({ capabilities: { idempotentSend: true } });
/** A platform that tells later what became of a send, and by whose delivery. */
const telling = sampleInstance({ capabilities: { acknowledgesWithinMs: 1_000, tellsDeliveryId: true } });
const unknown = JSON.stringify([{ at: 0, ms: 1, outcome: 'unknown', code: 'AMBIGUOUS', detail: null }]);

describe('a part whose file cannot be had', () => {
  const after = (error: FileError, attempts = 1) =>
    afterFileFailure(error, sampleDelivery({ attempts }), 10, 30);

  it('is tried again as one whose platform is down, and not before the file’s server wishes', () => {
    const error = new FileError('UNREACHABLE', 'it answers 503', true, 7_000);
    const first = after(error);
    expect(first).toMatchObject({
      outcome: 'retry',
      at: 7_030,
      reason: null,
      entry: { at: 10, ms: 20, outcome: 'failed', code: 'UNREACHABLE', detail: 'it answers 503' },
    });
    expect(after(error, 9).at).toBeGreaterThan(40_000);
  });

  it('is a dead letter with the reason where no attempt will have it', () => {
    const reason = { code: 'BLOCKED', detail: 'not from there' };
    expect(after(new FileError('BLOCKED', 'not from there', false))).toMatchObject({
      outcome: 'dead',
      reason,
    });
  });

  it('is nobody’s attempt where the hub stops meanwhile', () => {
    expect(interrupted(5)).toMatchObject({ outcome: 'postponed', at: 5, entry: null });
  });
});

describe('before an attempt', () => {
  it('a part that is young and was never tried may leave', () => {
    expect(beforeAttempt(sampleDelivery(), instance, null, 0)).toBeNull();
  });

  it('a part older than the reply’s time to live is dead', () => {
    expect(beforeAttempt(sampleDelivery({ expiresAt: 10 }), instance, null, 11)).toMatchObject({
      outcome: 'dead',
      reason: { code: 'STALE' },
    });
  });

  it('a part that the platform has told of already is not sent', () => {
    const confirmed = sampleDelivery({ confirmed: true, expiresAt: 10 });
    expect(beforeAttempt(confirmed, telling, null, 11)).toMatchObject({ outcome: 'accepted', reason: null });
  });

  describe('on an account that may begin no conversations', () => {
    const before = (changes: Parameters<typeof sampleDelivery>[0]) =>
      beforeAttempt(sampleDelivery(changes), instance, 'error 463', 5);

    it('a first contact is stopped', () => {
      expect(before({ heardAt: null })).toMatchObject({ outcome: 'dead', reason: { code: 'RESTRICTED' } });
    });

    it('what was scheduled is stopped, also to somebody who has written', () => {
      expect(before({ scheduled: true })).toMatchObject({ outcome: 'dead', reason: { code: 'RESTRICTED' } });
    });

    it('an answer to somebody who has written leaves', () => {
      expect(before({})).toBeNull();
    });
  });

  describe('a part whose last attempt the hub did not survive', () => {
    const lost = withLostAttempts(sampleDelivery({ uncertain: true, attempts: 2 }), 5);

    it('has that attempt in its history', () => {
      expect(JSON.parse(lost.log)).toEqual([expect.objectContaining({ outcome: 'lost', code: 'AMBIGUOUS' })]);
    });

    it('is sent once more by default', () => {
      expect(beforeAttempt(lost, instance, null, 5)).toBeNull();
    });

    it('is not sent a third time', () => {
      const twice = withLostAttempts(sampleDelivery({ uncertain: true, attempts: 3, log: lost.log }), 6);
      expect(beforeAttempt(twice, instance, null, 6)).toMatchObject({
        outcome: 'dead',
        reason: { code: 'AMBIGUOUS' },
      });
    });

    it('is not sent a third time either when the hub survived neither attempt', () => {
      const twice = withLostAttempts(sampleDelivery({ uncertain: true, attempts: 3, log: '[]' }), 6);
      expect(JSON.parse(twice.log)).toHaveLength(2);
      expect(beforeAttempt(twice, instance, null, 6)).toMatchObject({ outcome: 'dead' });
    });

    it('is held for the operator where the instance says so', () => {
      expect(beforeAttempt(lost, holding, null, 5)).toMatchObject({
        outcome: 'held',
        reason: { code: 'AMBIGUOUS' },
      });
    });

    it('waits for the platform’s word where that tells the delivery’s id', () => {
      expect(beforeAttempt(lost, telling, null, 5)).toMatchObject({ outcome: 'postponed', at: 15_005 });
    });

    it('is sent again where the platform knows the delivery’s id', () => {
      expect(beforeAttempt({ ...lost, log: unknown }, idempotent, null, 5)).toBeNull();
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
      effect: { holdUntil: 5_150, of: 'chat' },
    });
    expect(conclude(new RateLimitedError('slow', 5_000, 'instance'))).toMatchObject({
      outcome: 'retry',
      effect: { holdUntil: 5_150, of: 'instance' },
    });
  });

  it('refused credentials pause the instance and keep the part', () => {
    expect(conclude(new UnauthorizedError('no'))).toMatchObject({
      outcome: 'retry',
      effect: { pause: { code: 'UNAUTHORIZED' } },
    });
  });

  it('a restriction stops what begins conversations, and this part', () => {
    expect(conclude(new RestrictedError('463'))).toMatchObject({
      outcome: 'dead',
      reason: { code: 'RESTRICTED' },
      effect: { restrict: { code: 'RESTRICTED', reason: '463' } },
    });
  });

  it('no answer, and the platform tells the delivery’s id: it has time to', () => {
    expect(conclude(new AmbiguousError('?'), telling)).toMatchObject({ outcome: 'retry', at: 15_150 });
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
      afterReceipt({ platformIds: ['sample:42:9' as MessageId] }, instance, 10, 30),
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

  it('a receipt is only an acceptance where the platform tells the rest later', () => {
    const conclusion = afterReceipt({ platformIds: ['sample:42:9' as MessageId] }, telling, 10, 30);
    expect(toDeliveryCompletion(sampleDelivery(), conclusion, 30)).toMatchObject({ outcome: 'accepted' });
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
