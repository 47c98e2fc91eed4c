import { asObject, asText, redact } from '@omni-hub/channel-sdk';
import { TranscriptionError } from '../models/errors';

const mostDetail = 200;
const longestWaitMs = 3_600_000;

/** What an answer that is no transcript means. */
export function ofStatus(
  status: number,
  body: unknown,
  retryAfter: string | null,
  secrets: string[],
): TranscriptionError {
  const answer = `it answered ${status}${described(body, secrets)}`;
  // What it says of a key may quote it.
  if (status === 401 || status === 403)
    return new TranscriptionError('UNAUTHORIZED', `the transcriber refuses the key (${status}): correct it`);
  if (status === 413)
    return new TranscriptionError('TOO_LARGE', 'the recording is too large for the transcriber');
  if (status === 429)
    return new TranscriptionError(
      'RATE_LIMITED',
      `the transcriber is too busy: ${answer}`,
      waitOf(retryAfter),
    );
  if (status === 408 || status >= 500)
    return new TranscriptionError('UNREACHABLE', `the transcriber failed: ${answer}`, waitOf(retryAfter));
  if (status === 404)
    return new TranscriptionError('REJECTED', `the transcriber knows no such address or model: ${answer}`);
  return new TranscriptionError('REJECTED', `the transcriber refuses the recording: ${answer}`);
}

/** What a request that got no answer means. */
export function ofTrouble(error: unknown): TranscriptionError {
  const { code } = Object(error) as { code?: unknown };
  if (code === 'ECONNABORTED')
    return new TranscriptionError('UNREACHABLE', 'the transcriber did not answer in time');
  if (code === 'ERR_BAD_RESPONSE')
    return new TranscriptionError('UNREADABLE', 'the transcriber’s answer cannot be read: check its address');
  return new TranscriptionError(
    'UNREACHABLE',
    `the transcriber cannot be reached (${typeof code === 'string' ? code : 'UNKNOWN'}): check its address and the network`,
  );
}

export const tooLarge = (size: number, limit: number) =>
  new TranscriptionError(
    'TOO_LARGE',
    `the recording has ${size} bytes, and at most ${limit} are transcribed`,
  );

export const unreadable = () =>
  new TranscriptionError('UNREADABLE', 'the transcriber answered without a text: check its address');

/** `{"error": {"message"}}` as OpenAI words it, `{"detail"}` as many servers of one's own do. */
function described(body: unknown, secrets: string[]): string {
  const { error, detail } = asObject(body) ?? {};
  const said = asText(asObject(error)?.message) ?? asText(error) ?? asText(detail);
  return said ? `: ${redact(said, secrets).slice(0, mostDetail)}` : '';
}

/** Seconds, as services write it. */
function waitOf(retryAfter: string | null): number {
  const ms = Number(retryAfter) * 1_000;
  return ms > 0 ? Math.min(ms, longestWaitMs) : 0;
}
