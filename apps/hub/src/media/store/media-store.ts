import type { Readable } from 'node:stream';
import type { StoredFile } from '../../storage/repositories/media.repository';

export interface OpenFile {
  size: number;
  /** Closes the file at its end or when it is destroyed; has to be read or destroyed. */
  stream: Readable;
}

/**
 * Where files are kept, by the SHA-256 of their bytes: one that is sent a thousand times is there once. What is there is whole.
 * Files stand on shelves, by the first two digits of their hashes. Every method rejects with what the place said.
 */
export interface MediaStore {
  /** Takes over the finished file at `path`, which is gone then; one that was there before is as good as new. */
  put(path: string, file: StoredFile): Promise<void>;
  /** Null when the file is not here: another process has it, or somebody cleaned up. */
  open(hash: string): Promise<OpenFile | null>;
  has(hash: string): Promise<boolean>;
  /** The shelves that may hold files, in order. */
  shelves(): Promise<string[]>;
  /** The hashes of a shelf's files that were there before `before`, epoch milliseconds. */
  settled(shelf: string, before: number): Promise<string[]>;
  /** Removes a file, unless it was put again since `before`. */
  remove(hash: string, before: number): Promise<void>;
  close(): Promise<void>;
}

/** The shelf that a file stands on. */
export const shelfOf = (hash: string) => hash.slice(0, 2);
export const isHash = (name: string) => /^[0-9a-f]{64}$/.test(name);
