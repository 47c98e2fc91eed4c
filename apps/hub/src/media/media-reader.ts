import { Injectable } from '@nestjs/common';
import type { InboundEvent, MediaAttachment } from '@omni-hub/contracts';
import { HubConfig } from '../config/hub.config';
import { Arrivals } from '../flow/arrivals';
import { mediaJobs } from '../flow/media-jobs';
import { Problem } from '../flow/problem';
import { Wakeups } from '../flow/wakeups';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';
import type { MediaKey, MediaRow, StoredFile } from '../storage/repositories/media.repository';
import { MediaError } from './media-failures';
import { MediaFetcher, StoppedError } from './media-fetcher';
import { MediaFiles } from './media-files';
import type { OpenFile } from './store/media-store';
import { isTranscribed } from './transcribed';

export interface ServedFile extends OpenFile {
  mimeType: string | null;
}

/** Files for who asks for them: from this process's media store, and where that has not got one, from the platform into it. */
@Injectable()
export class MediaReader {
  constructor(
    private readonly store: Store,
    private readonly instances: Instances,
    private readonly files: MediaFiles,
    private readonly fetcher: MediaFetcher,
    private readonly arrivals: Arrivals,
    private readonly wakeups: Wakeups,
    private readonly config: HubConfig,
  ) {}

  /** Throws a Problem: there is no such file, or it cannot be had now. */
  async open(key: MediaKey): Promise<ServedFile> {
    const row = (await this.store.media.get(key)) ?? (await this.jobOf(key));
    if (!row) throw Problem.notFound('attachment', String(key.position));
    if (row.status === 'failed') throw new Problem(502, row.code!, row.reason!);
    const here = row.hash === null ? null : await this.files.open(row.hash);
    if (here) return { ...here, mimeType: row.mimeType };

    const file = await this.fetch(row);
    const transcribe = isTranscribed(this.config, JSON.parse(row.attachment) as MediaAttachment);
    await this.store.media.arrive(key, file, { transcribe });
    this.arrivals.tell(key.messageId);
    if (transcribe) this.wakeups.wake('media');
    const fetched = await this.files.open(file.hash);
    if (!fetched) throw new Problem(503, 'STORAGE', 'the file was removed from the media folder: try again');
    return { ...fetched, mimeType: file.mimeType };
  }

  private async fetch(row: MediaRow): Promise<StoredFile> {
    const instance = this.instances.byId(row.instanceId);
    if (!instance?.handler.fetchMedia) throw Problem.notFound('attachment', String(row.position));
    try {
      const attachment = JSON.parse(row.attachment) as MediaAttachment;
      return await this.fetcher.fetch(instance, { ...row, attachment });
    } catch (error) {
      if (error instanceof MediaError) throw new Problem(502, error.code, error.message);
      if (error instanceof StoppedError)
        throw new Problem(503, 'STOPPING', 'the hub is stopping: try again', undefined, 1);
      throw error;
    }
  }

  /** A message that was stored before files had jobs gets them when it is asked about. */
  private async jobOf(key: MediaKey): Promise<MediaRow | null> {
    const stored = await this.store.messages.source(key.messageId);
    const instance = stored && this.instances.byId(stored.instanceId);
    if (!instance) return null;
    await this.store.media.add(
      mediaJobs(instance, key.messageId, JSON.parse(stored.content) as InboundEvent),
    );
    return this.store.media.get(key);
  }
}
