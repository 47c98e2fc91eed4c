import { Readable } from 'node:stream';
import type { OutboundFile } from '../channel';
import { SendError, UnreachableError } from '../errors/errors';

type FileBytes = Pick<OutboundFile, 'size' | 'open'>;

/** Text, or a file whose bytes stand there as they are or in base64. */
export type BodyPiece = string | { file: FileBytes; base64?: boolean };

export interface StreamedBody {
  /** To be sent once; what was opened is closed when it ends or is destroyed. */
  stream: Readable;
  /** Bytes, known beforehand. */
  length: number;
  /** How long the bytes alone may take on a slow line, milliseconds: a request's own timeout goes on top. */
  transferMs: number;
}

/** 2 Mbit a second. */
const slowestBytesPerMs = 250;

/**
 * A request's body whose files pass through as they are read, each opened when its turn comes. A file that cannot be read
 * whole ends the request before the body is complete: the platform has nothing to act upon then, so that it is an UnreachableError.
 */
export function streamedBody(pieces: readonly BodyPiece[]): StreamedBody {
  let opened: Readable | null = null;
  async function* body(): AsyncGenerator<Buffer> {
    for (const piece of pieces) {
      if (typeof piece === 'string') yield Buffer.from(piece);
      else {
        const bytes = bytesOf(piece.file, (stream) => (opened = stream));
        yield* piece.base64 ? inBase64(bytes) : bytes;
      }
    }
  }
  const stream = Readable.from(body(), { objectMode: false });
  // A generator that waits for bytes is not ended by its stream: they are.
  stream.once('close', () => opened?.destroy());
  const length = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  return { stream, length, transferMs: Math.ceil(length / slowestBytesPerMs) };
}

function lengthOf(piece: BodyPiece): number {
  if (typeof piece === 'string') return Buffer.byteLength(piece);
  const { file, base64 } = piece;
  return base64 ? Math.ceil(file.size / 3) * 4 : file.size;
}

async function* bytesOf(file: FileBytes, onOpen: (bytes: Readable) => void): AsyncGenerator<Buffer> {
  let read = 0;
  try {
    const bytes = await file.open();
    onOpen(bytes);
    for await (const chunk of bytes) {
      read += (chunk as Buffer).length;
      if (read > file.size) break;
      yield chunk as Buffer;
    }
  } catch (error) {
    if (error instanceof SendError) throw error;
    throw new UnreachableError(`The file could not be read: ${(error as Error).message}. It is sent again`);
  }
  if (read !== file.size)
    throw new UnreachableError(
      `The file has not the ${file.size} bytes that were told of it: it is sent again`,
    );
}

/** Three bytes are four digits: what is left of a chunk waits for the next. */
async function* inBase64(bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const whole = all.length - (all.length % 3);
    rest = Buffer.from(all.subarray(whole));
    if (whole > 0) yield Buffer.from(all.toString('base64', 0, whole));
  }
  if (rest.length > 0) yield Buffer.from(rest.toString('base64'));
}
