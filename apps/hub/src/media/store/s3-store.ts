import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { StoredFile } from '../../storage/repositories/media.repository';
import { isHash, shelfOf, type MediaStore, type OpenFile } from './media-store';
import { S3Client, type S3Credentials } from './s3-client';
import type { S3Location } from '../../config/s3-location';

/** Objects of a bucket, named `<prefix><shelf>/<hash>`: any number of processes share them. */
export class S3Store implements MediaStore {
  private readonly client: S3Client;

  constructor(
    private readonly location: S3Location,
    credentials: S3Credentials,
  ) {
    this.client = new S3Client(location, credentials);
  }

  async put(path: string, { hash, size, mimeType }: StoredFile): Promise<void> {
    const stream = createReadStream(path);
    try {
      await this.client.put(this.keyOf(hash), hash, { stream, size, mimeType });
    } finally {
      stream.destroy();
    }
    await rm(path, { force: true });
  }

  open(hash: string): Promise<OpenFile | null> {
    return this.client.get(this.keyOf(hash));
  }

  async has(hash: string): Promise<boolean> {
    return (await this.client.modifiedAt(this.keyOf(hash))) !== null;
  }

  shelves(): Promise<string[]> {
    return Promise.resolve(Array.from({ length: 256 }, (_, number) => number.toString(16).padStart(2, '0')));
  }

  async settled(shelf: string, before: number): Promise<string[]> {
    const folder = `${this.location.prefix}${shelf}/`;
    const hashes: string[] = [];
    for await (const { key, modifiedAt } of this.client.list(folder)) {
      const name = key.slice(folder.length);
      if (modifiedAt < before && isHash(name)) hashes.push(name);
    }
    return hashes;
  }

  async remove(hash: string, before: number): Promise<void> {
    const modifiedAt = await this.client.modifiedAt(this.keyOf(hash));
    if (modifiedAt !== null && modifiedAt < before) await this.client.delete(this.keyOf(hash));
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private keyOf(hash: string): string {
    return `${this.location.prefix}${shelfOf(hash)}/${hash}`;
  }
}
