import type { FetchedMedia } from '@omni-hub/channel-sdk';
import type { MediaAttachment } from '@omni-hub/contracts';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { HubConfig } from '../../config/hub.config';
import { Arrivals } from '../../flow/arrivals';
import { newId } from '../../flow/ids';
import type { Log } from '../../flow/log';
import { Metrics } from '../../flow/metrics';
import { Wakeups } from '../../flow/wakeups';
import type { Instances } from '../../instances/instances';
import type { LiveInstance } from '../../instances/live-instance';
import { openStore, type Store } from '../../storage/open-store';
import type { MediaKey, MediaRow } from '../../storage/repositories/media.repository';
import { sampleInstance } from '../../testing/samples';
import { MediaFetcher } from '../media-fetcher';
import { MediaFiles } from '../media-files';
import { MediaReader } from '../media-reader';
import { MediaSweeper } from '../media-sweeper';
import { MediaService } from '../media.service';
import { NamedFiles } from '../named-files';
import { OutgoingFilesService } from '../outgoing-files.service';
import { TranscriptsService } from '../transcripts.service';

const realNow = Date.now;

const log: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  debug: () => undefined,
};

/** What a platform serves under a reference; it may throw. */
export type Serve = (signal: AbortSignal) => FetchedMedia | Promise<FetchedMedia>;

export const served = (bytes: Buffer | Readable, changes: Partial<FetchedMedia> = {}): FetchedMedia => ({
  stream: bytes instanceof Readable ? bytes : Readable.from([bytes]),
  mimeType: null,
  size: null,
  filename: null,
  ...changes,
});

/** The media stage on a real store and a real folder, with a platform of the spec's making. */
export class MediaWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'omni-media-'));
  readonly wakeups = new Wakeups();
  readonly arrivals = new Arrivals();
  readonly metrics = new Metrics();
  readonly platform = new Map<string, Serve>();
  /** The references that were asked for, in order. */
  readonly asked: string[] = [];
  readonly config = Object.assign(new HubConfig(), { dataDir: this.folder, mediaMaxBytes: 1_000_000 });
  readonly files = new MediaFiles(this.config);
  store!: Store;
  instance: LiveInstance = this.instanceOf('i1');
  fetcher!: MediaFetcher;
  service!: MediaService;
  reader!: MediaReader;
  transcripts!: TranscriptsService;
  sweeper!: MediaSweeper;
  outgoing!: OutgoingFilesService;
  private clockAhead = 0;
  private closed = false;

  async open(): Promise<void> {
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + this.clockAhead);
    this.store = await openStore(`sqlite:${join(this.folder, 'hub.db')}`);
    this.make();
  }

  /** A hub that starts after the one before it has stopped or died. */
  make(): void {
    const instances = {
      byId: (id: string) => (id === this.instance.id ? this.instance : this.instanceOf(id)),
      find: async (id: string) => (id === this.instance.id ? this.instance : this.instanceOf(id)),
      mutedIds: () => [],
    } as unknown as Instances;
    const { store, files, wakeups, arrivals, config } = this;
    this.fetcher = new MediaFetcher(files, config);
    this.service = new MediaService(
      store,
      instances,
      this.fetcher,
      wakeups,
      arrivals,
      new Metrics(),
      log,
      config,
    );
    this.reader = new MediaReader(store, instances, files, this.fetcher, arrivals, wakeups, config);
    this.transcripts = new TranscriptsService(
      store,
      instances,
      this.reader,
      wakeups,
      arrivals,
      this.metrics,
      log,
      config,
    );
    this.sweeper = new MediaSweeper(store, files, log);
    const named = new NamedFiles(files, config);
    this.outgoing = new OutgoingFilesService(store, files, this.reader, named, config);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.service.stop(), this.transcripts.stop()]);
    await this.store.close();
    jest.restoreAllMocks();
    rmSync(this.folder, { recursive: true });
  }

  instanceOf(id: string): LiveInstance {
    return sampleInstance({ id, handler: { fetchMedia: (ref, signal) => this.serve(ref, signal) } });
  }

  /** Lets time pass for the hub: what waits is due. */
  passes(ms: number): void {
    this.clockAhead += ms;
    this.wakeups.wake('media');
  }

  /** A file of a message whose reference is served like this. */
  async add(
    serve: Serve | Buffer,
    { instanceId = 'i1', ...told }: Partial<MediaAttachment> & { instanceId?: string } = {},
  ): Promise<MediaKey> {
    const key = { messageId: newId(), position: 0 };
    this.platform.set(key.messageId, typeof serve === 'function' ? serve : () => served(serve));
    const facts = { kind: 'image', mimeType: null, size: null, filename: null, ...told };
    const attachment = JSON.stringify({ ...facts, ref: key.messageId });
    await this.store.media.add([{ ...key, instanceId, attachment }]);
    this.wakeups.wake('media');
    return key;
  }

  /** Resolves once it is so; looks again every few milliseconds until the spec ends. */
  async happened(so: () => boolean | Promise<boolean>): Promise<void> {
    while (!this.closed && !(await so())) await setTimeout(5);
  }

  /** The file's row once it is as the spec waits for. */
  async until(key: MediaKey, reached: (row: MediaRow) => boolean): Promise<MediaRow> {
    let row: MediaRow | null = null;
    await this.happened(async () => {
      row = await this.store.media.get(key);
      return row !== null && reached(row);
    });
    return row!;
  }

  tried = (key: MediaKey, attempts = 1): Promise<MediaRow> =>
    this.until(key, (row) => row.leased === 0 && row.attempts === attempts);

  /** The files in the media store, also unfinished ones, by their paths. */
  stored(): string[] {
    const entries = readdirSync(this.folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.parentPath.includes('/media'))
      .map(({ parentPath, name }) => join(parentPath, name));
  }

  private async serve(ref: string, signal: AbortSignal): Promise<FetchedMedia> {
    this.asked.push(ref);
    return this.platform.get(ref)!(signal);
  }
}
