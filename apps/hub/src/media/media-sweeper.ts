import { Injectable } from '@nestjs/common';
import { Log } from '../flow/log';
import { Store } from '../storage/open-store';
import { MediaFiles } from './media-files';

/** Of 256: the rest has its turn at the next sweeps. */
const shelvesAtOnce = 8;
const hashesAtOnce = 500;
/** A file is moved into the store before its row names it. */
const settledMs = 3_600_000;
/** Nothing is written for longer than the fetcher waits. */
const unfinishedMs = 600_000;

/** Keeps the media store to the files that stored messages, messages on their way out and uploads name. */
@Injectable()
export class MediaSweeper {
  private last = '';

  constructor(
    private readonly store: Store,
    private readonly files: MediaFiles,
    private readonly log: Log,
  ) {}

  /** Removes what a crash left half written: called before anything is fetched. */
  async start(): Promise<void> {
    // Other processes may write into the same folder, except where the database is ours alone.
    await this.files.removeUnfinished(Date.now() - (this.store.engine === 'sqlite' ? 0 : unfinishedMs));
  }

  /** Lets go of the media store: called once nothing comes or leaves any more. */
  async stop(): Promise<void> {
    await this.files.close();
  }

  /** Looks through a few shelves, each time the next ones. */
  async sweep(now = Date.now()): Promise<void> {
    await this.files.removeUnfinished(now - unfinishedMs);
    let removed = 0;
    for (const shelf of await this.nextShelves()) {
      const hashes = await this.files.settled(shelf, now - settledMs);
      for (let from = 0; from < hashes.length; from += hashesAtOnce)
        removed += await this.removeUnnamed(hashes.slice(from, from + hashesAtOnce), now - settledMs);
    }
    if (removed > 0) this.log.info({ removed }, 'files of swept messages were removed');
  }

  private async nextShelves(): Promise<string[]> {
    const shelves = await this.files.shelves();
    const next = [
      ...shelves.filter((shelf) => shelf > this.last),
      ...shelves.filter((shelf) => shelf <= this.last),
    ];
    const chosen = next.slice(0, shelvesAtOnce);
    this.last = chosen.at(-1) ?? '';
    return chosen;
  }

  private async removeUnnamed(hashes: string[], before: number): Promise<number> {
    const received = await this.store.media.named(hashes);
    const sent = await this.store.outgoingFiles.named(hashes);
    const unnamed = hashes.filter((hash) => !received.has(hash) && !sent.has(hash));
    for (const hash of unnamed) await this.files.remove(hash, before);
    return unnamed.length;
  }
}
