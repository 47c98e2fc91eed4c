import { RejectedError, UnreachableError } from '@omni-hub/channel-sdk';
import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';

/** What a file must be; null where nobody said. */
export interface ExpectedBytes {
  size: number | null;
  /** In lower-case hexadecimal digits. */
  sha256: string | null;
}

/**
 * The same bytes, looked at as they pass. Ends with RejectedError where they are none, too few or many, or others than were sent,
 * and with UnreachableError where the connection broke. Whoever stops reading stops the source.
 */
export function checked(source: Readable, expected: ExpectedBytes): Readable {
  const hash = createHash('sha256');
  let size = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
    flush(done) {
      const problem = problemOf(expected, size, hash.digest('hex'));
      done(problem === null ? null : new RejectedError(problem));
    },
  });
  source.on('error', (error) =>
    check.destroy(new UnreachableError(`The file broke off: ${error.message}. It is fetched again`)),
  );
  check.on('close', () => source.destroy());
  return source.pipe(check);
}

/** The webhook's base64 or Graph API's digits as digits; null where it is neither. */
export function sha256Of(text: string | null): string | null {
  if (text === null) return null;
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 ? bytes.toString('hex') : null;
}

function problemOf(expected: ExpectedBytes, size: number, sha256: string): string | null {
  if (size === 0) return 'WhatsApp gave a file of 0 bytes: ask for it to be sent again';
  if (expected.size !== null && expected.size !== size) {
    return `The file has ${size} bytes, and WhatsApp says ${expected.size}: ask for it to be sent again`;
  }
  if (expected.sha256 !== null && expected.sha256 !== sha256) {
    return 'The file is not the one that was sent, its SHA-256 differs: ask for it to be sent again';
  }
  return null;
}
