import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { link, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../flow/log';
import type { Fixture } from './fixtures';

/** Files of one recording; more are not written. */
const mostFiles = 1_000;
/** Of one file. */
const longest = 256 * 1024;
/** Of what has the same shape but for its values: the hundredth "typing" teaches nothing. */
const mostAlike = 5;
/** Jobs that wait at once; more are left out. */
const mostWaiting = 200;

/** A folder of fixtures that grows, within bounds, beside the hub's work: nothing waits for it and nothing fails of it. */
export class Recording {
  private readonly alike = new Map<string, number>();
  private waiting = 0;
  private files = 0;
  private usable = true;

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {
    this.attempt(() => mkdirSync(folder, { recursive: true }));
  }

  /** Writes what `make` gives, later. `kind` is `inbound` or `outbound` below the channel's own folder. */
  add(channel: string, kind: 'inbound' | 'outbound', name: string, make: () => Fixture | null): void {
    if (!this.usable || this.files >= mostFiles || this.waiting >= mostWaiting) return;
    this.waiting++;
    setImmediate(() => {
      this.write(channel, kind, name, make)
        .catch((error: Error) => this.giveUp(error))
        .finally(() => this.waiting--);
    });
  }

  private async write(
    channel: string,
    kind: string,
    name: string,
    make: () => Fixture | null,
  ): Promise<void> {
    const fixture = make();
    if (fixture === null || !this.isNew(`${channel} ${kind} ${name}`, fixture)) return;
    const text = `${JSON.stringify(fixture, null, 2)}\n`;
    if (text.length > longest || this.files >= mostFiles) return;
    const folder = join(this.folder, channel, kind);
    mkdirSync(folder, { recursive: true });
    this.files++;
    await writeNew((number) => join(folder, `${number}-${name}.json`), this.files, text);
    if (this.files === mostFiles)
      this.log.warn({ files: mostFiles }, 'the recording is full: nothing more is written');
  }

  private isNew(what: string, fixture: Fixture): boolean {
    const shape = createHash('sha256')
      .update(`${what} ${shapeOf(fixture)}`)
      .digest('base64');
    const count = this.alike.get(shape) ?? 0;
    this.alike.set(shape, count + 1);
    return count < mostAlike;
  }

  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.giveUp(error as Error);
    }
  }

  private giveUp({ message }: Error): void {
    if (!this.usable) return;
    this.usable = false;
    this.log.warn({ folder: this.folder, error: message }, 'the recording is given up; the hub goes on');
  }
}

/**
 * Under the first number from this one that is free: another process, or an earlier one, may write into the same folder. Whole or
 * not at all.
 */
async function writeNew(pathOf: (number: string) => string, from: number, text: string): Promise<void> {
  const part = `${pathOf(`part-${process.pid}-${from}`)}.part`;
  await writeFile(part, text);
  for (let number = from; ; number++) {
    try {
      await link(part, pathOf(String(number).padStart(4, '0')));
      return await unlink(part);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** The names of fields at any depth, without their values. */
function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].join()}]`;
  if (value === null || typeof value !== 'object') return typeof value;
  return `{${Object.entries(value)
    .map(([key, inner]) => `${/\d{4}/.test(key) ? '#' : key}:${shapeOf(inner)}`)
    .join()}}`;
}
