import { Injectable } from '@nestjs/common';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HubConfig } from '../config/hub.config';
import type { StoredFile } from '../storage/repositories/media.repository';
import { empty, notStored, readingFailed, stalled, tooLarge } from './media-failures';
import { sniff, sniffedBytes } from './sniff';

/** A connection that brings nothing for this long brings nothing more. */
const stallMs = 30_000;

export interface OpenFile {
  size: number;
  /** Closes the file at its end or when it is destroyed; has to be read or destroyed. */
  stream: Readable;
}

/**
 * The media store: files in a folder, named by the SHA-256 of their bytes, so that a file that is sent a thousand times is
 * kept once. A file is written under another name and moved when it is whole: what is there is complete.
 */
@Injectable()
export class MediaFiles {
  private readonly folder: string;
  private readonly unfinished: string;

  constructor({ dataDir }: HubConfig) {
    this.folder = join(dataDir, 'media');
    this.unfinished = join(this.folder, 'tmp');
  }

  /** Keeps what the stream brings, at most `maxBytes` of it, never much of it in memory. Throws MediaError; nothing is left then. */
  async receive(source: Readable, told: string | null, maxBytes: number): Promise<StoredFile> {
    const path = join(this.unfinished, randomUUID());
    // Destroyed streams tell why once more.
    source.on('error', () => undefined);
    try {
      const handle = await writing(this.create(path));
      try {
        const file = await drain(source, handle, told, maxBytes);
        await writing(handle.sync());
        await writing(mkdir(this.folderOf(file.hash), { recursive: true }));
        await writing(rename(path, this.pathOf(file.hash)));
        return file;
      } finally {
        await handle.close();
      }
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    } finally {
      source.destroy();
    }
  }

  /** Null when the file is not here: another process fetched it, or somebody cleaned up. */
  async open(hash: string): Promise<OpenFile | null> {
    try {
      const handle = await open(this.pathOf(hash));
      const { size } = await handle.stat();
      return { size, stream: handle.createReadStream() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** The folders that files are in, in order. */
  async shelves(): Promise<string[]> {
    return (await list(this.folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort();
  }

  /** The hashes of a shelf's files that were there before `before`. */
  async settled(shelf: string, before: number): Promise<string[]> {
    const names = await this.olderThan(join(this.folder, shelf), before);
    return names.filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  async remove(hash: string): Promise<void> {
    await rm(this.pathOf(hash), { force: true });
  }

  /** Removes what nobody has written to since `before`: its process died. */
  async removeUnfinished(before: number): Promise<void> {
    for (const name of await this.olderThan(this.unfinished, before))
      await rm(join(this.unfinished, name), { force: true });
  }

  private async create(path: string): Promise<FileHandle> {
    await mkdir(this.unfinished, { recursive: true });
    return open(path, 'wx');
  }

  private async olderThan(folder: string, before: number): Promise<string[]> {
    const old: string[] = [];
    for (const name of await list(folder)) {
      const facts = await stat(join(folder, name)).catch(() => null);
      if (facts && facts.mtimeMs < before) old.push(name);
    }
    return old;
  }

  private folderOf(hash: string): string {
    return join(this.folder, hash.slice(0, 2));
  }

  private pathOf(hash: string): string {
    return join(this.folderOf(hash), hash);
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

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
