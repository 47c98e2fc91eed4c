import { Injectable } from '@nestjs/common';
import type { FetchedMedia } from '@omni-hub/channel-sdk';
import type { MediaAttachment } from '@omni-hub/contracts';
import { HubConfig } from '../config/hub.config';
import { Deadline } from '../flow/deadline';
import type { LiveInstance } from '../instances/live-instance';
import type { MediaKey, StoredFile } from '../storage/repositories/media.repository';
import { openingFailed, tooLarge, tooSlow } from './media-failures';
import { MediaFiles } from './media-files';

const deadlineMinutes = 5;

export interface FileToFetch extends MediaKey {
  attachment: MediaAttachment;
}

/** The hub stops: the file is fetched by whoever takes it up next. */
export class StoppedError extends Error {}

/** Brings files from their platforms into the media store, each once at a time however many ask for it. */
@Injectable()
export class MediaFetcher {
  private readonly underWay = new Map<string, Promise<StoredFile>>();
  private readonly stopping = new AbortController();

  private readonly maxBytes: number;

  constructor(
    private readonly files: MediaFiles,
    config: HubConfig,
  ) {
    this.maxBytes = config.mediaMaxBytes;
  }

  /** One attempt. Throws MediaError, or StoppedError after `stop`. */
  fetch(instance: LiveInstance, file: FileToFetch): Promise<StoredFile> {
    const key = `${file.messageId} ${file.position}`;
    const known = this.underWay.get(key);
    if (known) return known;
    const fetching = this.bring(instance, file.attachment).finally(() => this.underWay.delete(key));
    this.underWay.set(key, fetching);
    return fetching;
  }

  /** Ends what is under way. Nothing is lost by that but what has come so far. */
  stop(): void {
    this.stopping.abort();
  }

  private async bring(instance: LiveInstance, attachment: MediaAttachment): Promise<StoredFile> {
    if (this.stopping.signal.aborted) throw new StoppedError();
    if ((attachment.size ?? 0) > this.maxBytes) throw tooLarge(this.maxBytes);
    const deadline = new Deadline(this.stopping.signal, deadlineMinutes * 60_000);
    try {
      const media = await this.open(instance, attachment, deadline.signal);
      return await this.receive(media, attachment, deadline.signal);
    } catch (error) {
      if (this.stopping.signal.aborted) throw new StoppedError();
      throw deadline.passed ? tooSlow(deadlineMinutes) : error;
    } finally {
      deadline.end();
    }
  }

  private async open(
    instance: LiveInstance,
    { ref }: MediaAttachment,
    signal: AbortSignal,
  ): Promise<FetchedMedia> {
    try {
      return await instance.handler.fetchMedia!(ref, signal);
    } catch (error) {
      throw openingFailed(error);
    }
  }

  private async receive(
    media: FetchedMedia,
    attachment: MediaAttachment,
    signal: AbortSignal,
  ): Promise<StoredFile> {
    const end = () => media.stream.destroy();
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      if ((media.size ?? 0) > this.maxBytes) throw tooLarge(this.maxBytes);
      return await this.files.receive(media.stream, attachment.mimeType ?? media.mimeType, this.maxBytes);
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }
}
