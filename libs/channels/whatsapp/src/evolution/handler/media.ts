import {
  RejectedError,
  type SendError,
  toSendError,
  UnauthorizedError,
  type FetchedMedia,
} from '@omni-hub/channel-sdk';
import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import type { EvolutionClient } from '../client/evolution.client';
import { MediaDecipher, mediaKeys } from './media-cipher';
import type { MediaRef } from './media-ref';

/** How much of a file is looked at before it is handed on: small files are known to be right by then. */
const peeked = 64 * 1024;
const mostDistrusted = 1_000;

/**
 * The files of one account. Evolution fetches and decrypts them; where it does not, or gives something else than was sent, WhatsApp's own copy
 * is fetched and decrypted here.
 */
export class Media {
  /** Messages whose file Evolution gave wrong, where that showed too late to begin anew: the next attempt goes the second way at once. */
  private readonly distrusted = new Set<string>();

  constructor(private readonly client: EvolutionClient) {}

  /** Throws a SendError; the stream ends with one where the bytes turn out to be wrong. */
  async fetch(ref: MediaRef, signal: AbortSignal): Promise<FetchedMedia> {
    const { mimeType, size, filename } = ref;
    return { stream: await this.open(ref, signal), mimeType, size, filename };
  }

  /** Where there is no other way left, what is wrong with the bytes ends the stream: the hub tries again. */
  private async open(ref: MediaRef, signal: AbortSignal): Promise<Readable> {
    const canDecrypt = ref.mediaKey !== null && ref.directPath !== null;
    if (!canDecrypt) return toReadable(await this.fromEvolution(ref, signal));
    if (this.distrusted.has(ref.id)) return toReadable(await this.decrypted(ref, signal));
    const first = await this.attempt(async () => peek(await this.fromEvolution(ref, signal)));
    if (first instanceof Readable) return first;
    if (first instanceof UnauthorizedError || signal.aborted) throw first;
    const second = await this.attempt(async () => toReadable(await this.decrypted(ref, signal)));
    if (second instanceof Readable) return second;
    throw first.retryable && !second.retryable ? first : second;
  }

  private async fromEvolution(ref: MediaRef, signal: AbortSignal): Promise<Chunks> {
    const source = await this.client.file(ref.id, signal);
    return checked(source, ref, () => this.distrust(ref.id));
  }

  private async decrypted(ref: MediaRef, signal: AbortSignal): Promise<Chunks> {
    const keys = mediaKeys(ref.mediaKey ?? '', ref.kind);
    const encrypted = await this.client.encryptedFile(ref.directPath ?? '', signal);
    const plain = pipeline(encrypted, new MediaDecipher(keys), () => undefined);
    return checked(plain, ref, () => undefined);
  }

  private async attempt(open: () => Promise<Readable>): Promise<Readable | SendError> {
    try {
      return await open();
    } catch (error) {
      return toSendError(error);
    }
  }

  private distrust(id: string): void {
    this.distrusted.add(id);
    if (this.distrusted.size <= mostDistrusted) return;
    for (const oldest of this.distrusted) {
      this.distrusted.delete(oldest);
      return;
    }
  }
}

type Chunks = AsyncGenerator<Buffer>;
type Expected = Pick<MediaRef, 'size' | 'fileSha256'>;

/** The same bytes, looked at as they pass. Throws a SendError where they are none, too few or many, or others than were sent. */
async function* checked(source: Readable, expected: Expected, onWrong: () => void): Chunks {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw toSendError(error);
  }
  const problem = problemOf(expected, size, hash.digest('base64'));
  if (problem === null) return;
  onWrong();
  throw new RejectedError(problem);
}

function problemOf(expected: Expected, size: number, sha256: string): string | null {
  if (size === 0) return 'WhatsApp gave a file of 0 bytes: ask for it to be sent again';
  if (expected.size !== null && expected.size !== size) {
    return `The file has the wrong length, ${size} bytes instead of ${expected.size}: ask for it to be sent again`;
  }
  if (expected.fileSha256 !== null && expected.fileSha256 !== sha256) {
    return 'The file is not the one that was sent, its checksum is wrong: ask for it to be sent again';
  }
  return null;
}

/** Waits for the beginning, so that what is wrong with it, or with all of a small file, throws here and not in the stream. */
async function peek(chunks: Chunks): Promise<Readable> {
  const beginning: Buffer[] = [];
  let length = 0;
  let ended = false;
  while (length < peeked && !ended) {
    const { value, done } = await chunks.next();
    if (done) {
      ended = true;
    } else {
      beginning.push(value);
      length += value.length;
    }
  }
  return toReadable(joined(beginning, chunks));
}

function toReadable(chunks: Chunks): Readable {
  return Readable.from(chunks, { objectMode: false });
}

async function* joined(beginning: Buffer[], rest: Chunks): Chunks {
  try {
    yield* beginning;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
