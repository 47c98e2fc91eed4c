import { TranscriptionError } from '@omni-hub/audio-transcriber';
import { RateLimitedError, RejectedError, UnauthorizedError, UnreachableError } from '@omni-hub/channel-sdk';
import { Problem } from '../flow/problem';
import {
  afterFailure,
  empty,
  notAvailable,
  notRead,
  notTranscribed,
  openingFailed,
  readingFailed,
  tooLarge,
  type MediaError,
} from './media-failures';

/** How long each failed attempt waits for the next, until there is none. */
function pausesOf(error: MediaError): number[] {
  const pauses: number[] = [];
  for (let attempts = 1; ; attempts++) {
    const { retryAt } = afterFailure(error, attempts, 0);
    if (retryAt === null) return pauses;
    pauses.push(retryAt);
  }
}

describe('a file that cannot be fetched', () => {
  it('is tried six times within about an hour, later each time', () => {
    const pauses = pausesOf(openingFailed(new UnreachableError('no route')));
    expect(pauses).toHaveLength(5);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    const total = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(total / 60_000).toBeGreaterThan(40);
    expect(total / 60_000).toBeLessThan(80);
  });

  it.each([
    ['the platform refuses it', openingFailed(new RejectedError('gone')), 1],
    ['the credentials are refused', openingFailed(new UnauthorizedError('wrong token')), 1],
    ['it is too large', tooLarge(10), 3],
    ['it is empty', empty(), 3],
    ['its bytes are not those that were sent', readingFailed(new RejectedError('wrong MAC')), 3],
    ['the connection breaks', readingFailed(new Error('ECONNRESET')), 6],
    ['the channel fails in an unknown way', openingFailed(new Error('bug')), 6],
    ['the transcriber is down', notTranscribed(new TranscriptionError('UNREACHABLE', 'down')), 6],
    ['the transcriber refuses it', notTranscribed(new TranscriptionError('REJECTED', 'no audio')), 1],
    ['it cannot be had again for its transcript', notAvailable(new Problem(502, 'REJECTED', 'gone')), 3],
    ['it cannot be read for its transcript', notRead(new Error('EIO')), 6],
  ])('is worth so many attempts: %s', (_what, error, attempts) => {
    expect(pausesOf(error)).toHaveLength(attempts - 1);
  });

  it('waits as long as the platform asks', () => {
    const error = openingFailed(new RateLimitedError('slow down', 3_600_000, 'instance'));
    expect(pausesOf(error)[0]).toBe(3_600_000);
  });

  it('keeps the failure’s code and sentence', () => {
    expect(afterFailure(readingFailed(new RejectedError('the MAC is wrong')), 3, 0)).toEqual({
      code: 'REJECTED',
      reason: 'the MAC is wrong',
      retryAt: null,
    });
  });
});
