import fc from 'fast-check';
import { AmbiguousError, RejectedError } from '../errors/errors';
import { redact, statusToSendError, toSendError } from './failures';

describe('toSendError', () => {
  const failure = (code: string, requestSent?: boolean) =>
    Object.assign(new Error('boom'), { code, requestSent });

  it.each([
    [failure('ECONNREFUSED', false), 'UNREACHABLE'],
    [failure('ECONNRESET', false), 'UNREACHABLE'],
    [failure('ERR_CANCELED', false), 'UNREACHABLE'],
    [failure('CERT_HAS_EXPIRED', false), 'UNREACHABLE'],
    [failure('ENOTFOUND'), 'UNREACHABLE'],
    [failure('ECONNRESET', true), 'AMBIGUOUS'],
    [failure('ECONNABORTED', true), 'AMBIGUOUS'],
    [failure('ERR_BAD_RESPONSE', true), 'AMBIGUOUS'],
    [failure('ECONNRESET'), 'AMBIGUOUS'],
    [new TypeError('x is not a function'), 'AMBIGUOUS'],
    ['a text', 'AMBIGUOUS'],
    [undefined, 'AMBIGUOUS'],
    [failure('ERR_INVALID_URL', false), 'CONFIG'],
    [failure('ERR_BAD_OPTION_VALUE', false), 'CONFIG'],
  ])('%p is %s', (error, code) => {
    expect(toSendError(error)).toMatchObject({ code });
  });

  it('passes a SendError through', () => {
    const error = new RejectedError('chat not found');
    expect(toSendError(error)).toBe(error);
  });

  it('keeps the code for the operator and no secret', () => {
    const error = toSendError(new Error('POST /bot1:abc/send failed'), ['1:abc']);
    expect(error).toBeInstanceOf(AmbiguousError);
    expect(error.message).toContain('/bot***/send failed');
    expect(toSendError(failure('EPIPE', true)).platformCode).toBe('EPIPE');
  });
});

describe('statusToSendError', () => {
  it.each([
    [401, 'UNAUTHORIZED'],
    [429, 'RATE_LIMITED'],
    [400, 'REJECTED'],
    [404, 'REJECTED'],
    [500, 'AMBIGUOUS'],
    [502, 'UNREACHABLE'],
    [503, 'UNREACHABLE'],
    [504, 'AMBIGUOUS'],
    [302, 'AMBIGUOUS'],
  ])('%i is %s', (status, code) => {
    const error = statusToSendError(status, 'the reason');
    expect(error).toMatchObject({ code, platformCode: String(status) });
    expect(error.message).toContain('the reason');
  });

  it('obeys the platform on how long to wait, a second where it does not say', () => {
    expect(statusToSendError(429, '', 5000)).toMatchObject({ retryAfterMs: 5000, scope: 'instance' });
    expect(statusToSendError(429, '')).toMatchObject({ retryAfterMs: 1000 });
  });
});

describe('redact', () => {
  it('leaves no secret, whole, repeated, overlapping or URL-encoded', () => {
    expect(redact('a tok tok/en tok%2Fen', ['tok', 'tok/en', ''])).toBe('a *** *** ***');
    const secret = fc.string({ minLength: 4 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, text, after) => {
        expect(redact(before + text + after + encodeURIComponent(text), [text])).not.toContain(text);
      }),
    );
  });
});
