import { asObject, asText, redact } from '@omni-hub/channel-sdk';
import { SynthesisError } from '../models/errors';

const mostDetail = 200;
const longestWaitMs = 3_600_000;

/** What an answer that is no speech means. */
export function ofStatus(
  status: number,
  body: Buffer,
  retryAfter: string | null,
  secrets: string[],
): SynthesisError {
  const answer = `it answered ${status}${described(body, secrets)}`;
  // What it says of a key may quote it.
  if (status === 401 || status === 403)
    return new SynthesisError('UNAUTHORIZED', `the synthesizer refuses the key (${status}): correct it`);
  if (status === 429)
    return new SynthesisError('RATE_LIMITED', `the synthesizer is too busy: ${answer}`, waitOf(retryAfter));
  if (status === 408 || status >= 500)
    return new SynthesisError('UNREACHABLE', `the synthesizer failed: ${answer}`, waitOf(retryAfter));
  if (status === 404)
    return new SynthesisError('REJECTED', `the synthesizer knows no such address or model: ${answer}`);
  return new SynthesisError(
    'REJECTED',
    `the synthesizer refuses the text, the model or the voice: ${answer}`,
  );
}

/** What a request that got no answer means. */
export function ofTrouble(error: unknown, maxBytes: number): SynthesisError {
  const { code } = Object(error) as { code?: unknown };
  if (code === 'ECONNABORTED')
    return new SynthesisError('UNREACHABLE', 'the synthesizer did not answer in time');
  if (code === 'ERR_BAD_RESPONSE')
    return new SynthesisError(
      'UNREADABLE',
      `the synthesizer’s answer cannot be read or has more than ${maxBytes} bytes: check its address and its model`,
    );
  return new SynthesisError(
    'UNREACHABLE',
    `the synthesizer cannot be reached (${typeof code === 'string' ? code : 'UNKNOWN'}): check its address and the network`,
  );
}

export const tooLong = (length: number, limit: number) =>
  new SynthesisError('TOO_LONG', `the text has ${length} characters, and at most ${limit} are said`);

export const notOpus = () =>
  new SynthesisError(
    'UNREADABLE',
    'the synthesizer answered without Ogg/Opus: check its address, and that its model makes response_format "opus"',
  );

/** `{"error": {"message"}}` as OpenAI words it, `{"detail"}` as many servers of one's own do. */
function described(body: Buffer, secrets: string[]): string {
  const { error, detail } = asObject(parsed(body)) ?? {};
  const said = asText(asObject(error)?.message) ?? asText(error) ?? asText(detail);
  return said ? `: ${redact(said, secrets).slice(0, mostDetail)}` : '';
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

/** Seconds, as services write it. */
function waitOf(retryAfter: string | null): number {
  const ms = Number(retryAfter) * 1_000;
  return ms > 0 ? Math.min(ms, longestWaitMs) : 0;
}
