import { Injectable } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HubConfig } from '../config/hub.config';
import type { StoredFile } from '../storage/repositories/media.repository';
import { empty, notStored, readingFailed, stalled, tooLarge } from './media-failures';
import { sniff, sniffedBytes } from './sniff';
import { olderThan } from './store/folder-store';
import type { MediaStore, OpenFile } from './store/media-store';
import { openMediaStore } from './store/open-media-store';

/** A connection that brings nothing for this long brings nothing more. */
const stallMs = 30_000;

/**
 * The files that the hub keeps: what comes is written into a folder of this process first, and handed to the media store once it is
 * whole and its hash is known.
 */
@Injectable()
export class MediaFiles {
  private readonly unfinished: string;
  private readonly store: MediaStore;

  constructor(config: HubConfig) {
    this.unfinished = join(config.dataDir, 'media', 'tmp');
    this.store = openMediaStore(config);
  }

  /** Keeps what the stream brings, at most `maxBytes` of it, never much of it in memory. Throws MediaError; nothing is left then. */
  async receive(source: Readable, told: string | null, maxBytes: number): Promise<StoredFile> {
    const path = join(this.unfinished, randomUUID());
    // Destroyed streams tell why once more.
    source.on('error', () => undefined);
    try {
      const handle = await writing(this.create(path));
      const file = await drain(source, handle, told, maxBytes).finally(() => handle.close());
      await writing(this.store.put(path, file));
      return file;
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      source.destroy();
    }
  }

  /** Null when the file is not here: another process fetched it, or somebody cleaned up. */
  open(hash: string): Promise<OpenFile | null> {
    return this.store.open(hash);
  }

  has(hash: string): Promise<boolean> {
    return this.store.has(hash);
  }

  /** The shelves that may hold files, in order. */
  shelves(): Promise<string[]> {
    return this.store.shelves();
  }

  /** The hashes of a shelf's files that were there before `before`. */
  settled(shelf: string, before: number): Promise<string[]> {
    return this.store.settled(shelf, before);
  }

  /** Removes a file, unless it came again since `before`. */
  remove(hash: string, before: number): Promise<void> {
    return this.store.remove(hash, before);
  }

  /** Removes what nobody has written to since `before`: its process died. */
  async removeUnfinished(before: number): Promise<void> {
    for (const name of await olderThan(this.unfinished, before))
      await rm(join(this.unfinished, name), { force: true });
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async create(path: string): Promise<FileHandle> {
    await mkdir(this.unfinished, { recursive: true });
    return open(path, 'wx');
  }
}

async function drain(
  source: Readable,
  handle: FileHandle,
  told: string | null,
  maxBytes: number,
): Promise<StoredFile> {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let size = 0;
  const stall = setTimeout(() => source.destroy(stalled(stallMs / 1_000)), stallMs);
  try {
    for await (const chunk of reading(source)) {
      stall.refresh();
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      if (head.length < sniffedBytes)
        head = Buffer.concat([head, chunk.subarray(0, sniffedBytes - head.length)]);
      hash.update(chunk);
      await writing(handle.appendFile(chunk));
    }
  } finally {
    clearTimeout(stall);
  }
  if (size === 0) throw empty();
  await writing(handle.sync());
  return { hash: hash.digest('hex'), size, mimeType: sniff(head, told) };
}

/** What fails in here is the platform's doing, what fails around it is ours. */
async function* reading(source: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source) yield chunk as Buffer;
  } catch (error) {
    throw readingFailed(error);
  }
}

const writing = <Result>(work: Promise<Result>): Promise<Result> =>
  work.catch((error: unknown) => {
    throw notStored(error);
  });
