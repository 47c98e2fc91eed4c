import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredFile } from '../../storage/repositories/media.repository';
import { isHash, shelfOf, type MediaStore, type OpenFile } from './media-store';

/** Files in a folder of this machine, or of one that several share. */
export class FolderStore implements MediaStore {
  constructor(private readonly folder: string) {}

  async put(path: string, { hash }: StoredFile): Promise<void> {
    await mkdir(join(this.folder, shelfOf(hash)), { recursive: true });
    await rename(path, this.pathOf(hash));
  }

  async open(hash: string): Promise<OpenFile | null> {
    const handle = await open(this.pathOf(hash)).catch(absent);
    if (!handle) return null;
    const { size } = await handle.stat();
    return { size, stream: handle.createReadStream() };
  }

  async has(hash: string): Promise<boolean> {
    return (await stat(this.pathOf(hash)).catch(absent)) !== null;
  }

  async shelves(): Promise<string[]> {
    return (await namesIn(this.folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort();
  }

  async settled(shelf: string, before: number): Promise<string[]> {
    return (await olderThan(join(this.folder, shelf), before)).filter(isHash);
  }

  async remove(hash: string, before: number): Promise<void> {
    const facts = await stat(this.pathOf(hash)).catch(absent);
    if (facts && facts.mtimeMs < before) await rm(this.pathOf(hash), { force: true });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private pathOf(hash: string): string {
    return join(this.folder, shelfOf(hash), hash);
  }
}

/** The names in a folder of what nobody has written to since `before`; none where there is no such folder. */
export async function olderThan(folder: string, before: number): Promise<string[]> {
  const old: string[] = [];
  for (const name of await namesIn(folder)) {
    const facts = await stat(join(folder, name)).catch(absent);
    if (facts && facts.mtimeMs < before) old.push(name);
  }
  return old;
}

const namesIn = async (folder: string) => (await readdir(folder).catch(absent)) ?? [];

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
