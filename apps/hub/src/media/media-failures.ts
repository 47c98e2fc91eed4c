import type { TranscriptionError } from '@omni-hub/audio-transcriber';
import { RateLimitedError, SendError } from '@omni-hub/channel-sdk';
import type { Problem } from '../flow/problem';
import type { MediaFailure } from '../storage/repositories/media.repository';

/** Six attempts within about an hour: what the platform lacks for a moment is there soon, what it mends takes longer. */
const pausesMs = [5_000, 30_000, 120_000, 600_000, 2_700_000];

/** How many attempts a failure is worth. */
export const worth = { one: 1, few: 3, many: pausesMs.length + 1 } as const;

/** A file could not be fetched, or not transcribed. The message is for whoever waits for the file, and for the operator; it holds no secret. */
export class MediaError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** How many attempts are made in all, where each ends like this one. */
    readonly attempts: number,
    /** The least time until the next one, milliseconds. */
    readonly waitMs = 0,
  ) {
    super(message);
    this.name = 'MediaError';
  }
}

/** The platform did not hand the file out. */
export function openingFailed(error: unknown): MediaError {
  if (!(error instanceof SendError))
    return new MediaError('UNREACHABLE', `the channel failed unexpectedly: ${messageOf(error)}`, worth.many);
  const waitMs = error instanceof RateLimitedError ? error.retryAfterMs : 0;
  return new MediaError(error.code, error.message, error.retryable ? worth.many : worth.one, waitMs);
}

/** The bytes ended wrongly. Where the channel says that they are not those that were sent, they may be the next time. */
export function readingFailed(error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  if (error instanceof SendError)
    return new MediaError(error.code, error.message, error.retryable ? worth.many : worth.few);
  return new MediaError('UNREACHABLE', 'the connection to the platform ended within the file', worth.many);
}

/** What a message says of its file's size may be wrong, and an operator may raise the limit. */
export const tooLarge = (limit: number) =>
  new MediaError(
    'TOO_LARGE',
    `the file is larger than the ${limit} bytes that the hub fetches: see OMNI_MEDIA_MAX_BYTES`,
    worth.few,
  );

export const empty = () =>
  new MediaError('EMPTY', 'the platform served a file of 0 bytes: ask for it to be sent again', worth.few);

export const stalled = (seconds: number) =>
  new MediaError('UNREACHABLE', `the platform sent nothing of the file for ${seconds} seconds`, worth.many);

export const tooSlow = (minutes: number) =>
  new MediaError('UNREACHABLE', `the file did not arrive whole within ${minutes} minutes`, worth.many);

export const notStored = (error: unknown) =>
  new MediaError(
    'STORAGE',
    `the hub cannot write to its media folder: ${messageOf(error)}; see OMNI_DATA_DIR`,
    worth.many,
  );

/** The transcriber has no text for it. What it may have another time is asked for as often as a file is. */
export const notTranscribed = ({ code, message, retryable, retryAfterMs }: TranscriptionError) =>
  new MediaError(code, message, retryable ? worth.many : worth.one, retryAfterMs);

/** The file that is to be transcribed cannot be had again. */
export const notAvailable = ({ code, detail }: Problem) => new MediaError(code, detail, worth.few);

export const notRead = (error: unknown) =>
  new MediaError(
    'STORAGE',
    `the hub cannot read from its media folder: ${messageOf(error)}; see OMNI_DATA_DIR`,
    worth.many,
  );

/** What an attempt's failure leads to. `attempts` counts it. */
export function afterFailure(error: MediaError, attempts: number, now: number): MediaFailure {
  const { code, message: reason, waitMs } = error;
  if (attempts >= error.attempts) return { code, reason, retryAt: null };
  const pause = pausesMs[Math.min(attempts, pausesMs.length) - 1] * (0.8 + Math.random() * 0.4);
  return { code, reason, retryAt: now + Math.round(Math.max(pause, waitMs)) };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
