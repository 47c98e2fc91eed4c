import type { RateLimitedError } from '@omni-hub/channel-sdk';
import { toFailedDelivery, toFailure } from './failures';

function failureOf(
  status: number,
  error: object | null,
  extra: { retryAfter?: string; attempt?: number } = {},
) {
  const body = error === null ? '<html>nginx</html>' : { error };
  return toFailure({ status, body, retryAfter: extra.retryAfter, attempt: extra.attempt ?? 1 });
}

const coded = (code: number, status = 400) => failureOf(status, { message: `(#${code}) Something`, code });

describe('what Graph API refuses', () => {
  it.each([
    [0, 'UNAUTHORIZED', /new token/],
    [190, 'UNAUTHORIZED', /new token/],
    [3, 'UNAUTHORIZED', /permission/],
    [10, 'UNAUTHORIZED', /permission/],
    [200, 'UNAUTHORIZED', /permission/],
    [299, 'UNAUTHORIZED', /permission/],
    [368, 'UNAUTHORIZED', /Account Quality/],
    [131031, 'UNAUTHORIZED', /Account Quality/],
    [131045, 'UNAUTHORIZED', /register/],
    [133010, 'UNAUTHORIZED', /register/],
    [2, 'UNREACHABLE', /another attempt/],
    [131000, 'UNREACHABLE', /another attempt/],
    [131016, 'UNREACHABLE', /another attempt/],
    [131057, 'UNREACHABLE', /maintenance/],
    [133004, 'UNREACHABLE', /another attempt/],
    [135000, 'UNREACHABLE', /another attempt/],
    [131047, 'WINDOW_CLOSED', /template/],
    [131026, 'RECIPIENT_GONE', /no WhatsApp/],
    [131048, 'RESTRICTED', /write first/],
    [131064, 'RESTRICTED', /24 hours/],
    [33, 'CONFIG', /phoneNumberId/],
    [131037, 'CONFIG', /display name/],
    [131042, 'CONFIG', /payment/],
    [100, 'REJECTED', /field/],
    [130472, 'REJECTED', /marketing/],
    [130497, 'REJECTED', /country/],
    [130501, 'REJECTED', /groups/],
    [131008, 'REJECTED', /missing/],
    [131021, 'REJECTED', /itself/],
    [131030, 'REJECTED', /test number/],
    [131049, 'REJECTED', /24 hours/],
    [131050, 'REJECTED', /no marketing/],
    [131051, 'REJECTED', /another kind/],
    [131052, 'REJECTED', /again/],
    [131053, 'REJECTED', /"data"/],
    [131062, 'REJECTED', /phone number/],
    [132000, 'REJECTED', /parameters/],
    [132001, 'REJECTED', /no such template/],
    [132015, 'REJECTED', /paused/],
    [132068, 'REJECTED', /template/],
    [137000, 'REJECTED', /device/],
    [139999, 'REJECTED', /list of error codes/],
  ])('with the code %i is %s and says what to do', (code, expected, advice) => {
    const error = coded(code);
    expect(error.code).toBe(expected);
    expect(error.message).toMatch(advice);
    expect(error.message).not.toContain('(#');
    expect(error.platformCode).toBe(String(code));
  });

  it.each([400, 403, 429, 500])('means the same whatever the status is: %i', (status) => {
    expect(coded(131056, status)).toMatchObject({ code: 'RATE_LIMITED', scope: 'chat' });
    expect(coded(130429, status)).toMatchObject({ code: 'RATE_LIMITED', scope: 'instance' });
  });

  it('tells the reason in full, and a code of an object that is not there apart', () => {
    const error = failureOf(400, {
      message: '(#100) Invalid parameter',
      code: 100,
      error_data: { details: 'to is not a phone number.' },
    });
    expect(error.message).toContain('Invalid parameter: to is not a phone number (100)');
    expect(failureOf(400, { message: 'Unsupported', code: '100', error_subcode: 33 }).code).toBe('CONFIG');
  });

  it.each([
    [1, 1_000],
    [2, 4_000],
    [3, 16_000],
    [6, 1_024_000],
    [7, 3_600_000],
    [1_000, 3_600_000],
  ])('for the pair rate at attempt %i waits %i ms', (attempt, wait) => {
    const error = failureOf(400, { code: 131056 }, { attempt }) as RateLimitedError;
    expect(error.retryAfterMs).toBe(wait);
  });

  it('waits as long as it is asked to', () => {
    for (const code of [130429, 131056, 4]) {
      const error = failureOf(429, { code }, { retryAfter: '9' }) as RateLimitedError;
      expect(error.retryAfterMs).toBe(9_000);
    }
  });

  it.each([
    [401, 'UNAUTHORIZED'],
    [429, 'RATE_LIMITED'],
    [500, 'AMBIGUOUS'],
    [503, 'UNREACHABLE'],
    [400, 'REJECTED'],
  ])('without a code that says something goes by the status: %i is %s', (status, code) => {
    expect(failureOf(status, { message: 'An unknown error occurred', code: 1 }).code).toBe(code);
    expect(failureOf(status, { message: 'No code at all' }).code).toBe(code);
  });

  it.each([
    [404, 'CONFIG'],
    [301, 'CONFIG'],
    [401, 'UNAUTHORIZED'],
    [413, 'REJECTED'],
    [502, 'UNREACHABLE'],
  ])('is not said by Graph API at all: %i is %s', (status, code) =>
    expect(failureOf(status, null).code).toBe(code),
  );

  it('is unknown where a success does not name the message', () =>
    expect(failureOf(200, null).code).toBe('AMBIGUOUS'));
});

describe('a message that failed after it was accepted', () => {
  it.each([
    [131047, 'WINDOW_CLOSED', false],
    [131026, 'RECIPIENT_GONE', false],
    [131048, 'RESTRICTED', true],
    [131064, 'RESTRICTED', true],
    [131056, 'RATE_LIMITED', false],
    [130429, 'RATE_LIMITED', false],
    [131000, 'UNREACHABLE', false],
    [131031, 'UNAUTHORIZED', false],
    [131042, 'CONFIG', false],
    [139999, 'REJECTED', false],
  ])('with the code %i is %s', (code, errorCode, restricted) => {
    const failed = toFailedDelivery([{ code, title: 'Title', error_data: { details: 'Details' } }]);
    expect(failed).toMatchObject({ errorCode, restricted });
    expect(failed.detail).toMatch(new RegExp(`^Title: Details \\(${code}\\)`));
  });

  it('has a detail also where Meta gives no reason', () => {
    expect(toFailedDelivery([]).detail).toMatch(/no reason/);
    expect(toFailedDelivery([{}]).detail).toMatch(/no reason/);
  });
});
