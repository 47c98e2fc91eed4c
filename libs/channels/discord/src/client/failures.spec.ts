import type { RateLimitedError } from '@omni-hub/channel-sdk';
import { isSaid, toFailure, unreadable } from './failures';

const call = 'POST /channels/:id/messages';
const failureOf = (status: number, code: number | null, message: string) =>
  toFailure({ call, status, code, message });

describe('what Discord refuses', () => {
  it.each([
    [401, 0, '401: Unauthorized', 'UNAUTHORIZED', /developer portal/],
    [403, 50001, 'Missing Access', 'RECIPIENT_GONE', /View Channel/],
    [403, 50007, 'Cannot send messages to this user', 'RECIPIENT_GONE', /share a server/],
    [404, 10003, 'Unknown Channel', 'RECIPIENT_GONE', /deleted/],
    [404, 10008, 'Unknown Message', 'REJECTED', /deleted/],
    [403, 50013, 'Missing Permissions', 'REJECTED', /permission/],
    [
      400,
      50035,
      'Invalid Form Body\ncontent[BASE_TYPE_MAX_LENGTH]: Must be 2000 or fewer',
      'REJECTED',
      /content\[/,
    ],
    [400, 40005, 'Request entity too large', 'REJECTED', /10 MiB/],
    [400, 123456, 'A reason that nobody has seen yet', 'REJECTED', /nobody has seen/],
    [400, 20016, 'slowmode', 'RATE_LIMITED', /later/],
    [413, null, '', 'REJECTED', /too large/],
    [404, null, '<html>', 'CONFIG', /apiUrl/],
    [301, null, '', 'CONFIG', /apiUrl/],
    [403, null, 'error 1015', 'REJECTED', /1015/],
    [500, null, '', 'AMBIGUOUS', /did not finish/],
    [502, null, '', 'UNREACHABLE', /502/],
  ])('%i %s %s is %s and says what to do', (status, code, message, expected, advice) => {
    const error = failureOf(status, code, message);
    expect(error.code).toBe(expected);
    expect(error.message).toMatch(advice);
  });

  it('too often for everybody holds the instance', () => {
    expect((failureOf(400, 20029, 'write limit') as RateLimitedError).scope).toBe('instance');
  });

  it('is told apart by its code, and nothing else is', () => {
    expect(isSaid(failureOf(404, 10008, 'Unknown Message'), 10015, 10008)).toBe(true);
    expect(isSaid(failureOf(404, 10003, 'Unknown Channel'), 10008)).toBe(false);
    expect(isSaid(new Error('10008'), 10008)).toBe(false);
  });

  it('is no refusal where nobody can tell', () => expect(unreadable(call).code).toBe('AMBIGUOUS'));
});
