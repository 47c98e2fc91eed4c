import { Injectable } from '@nestjs/common';
import { UrlError, UrlFetcher, type FetchedMedia } from '@omni-hub/channel-sdk';
import { HubConfig } from '../config/hub.config';
import { Deadline } from '../flow/deadline';
import { FileError } from '../flow/outgoing-files';
import type { LiveInstance } from '../instances/live-instance';
import type { StoredFile } from '../storage/repositories/media.repository';
import { MediaError } from './media-failures';
import { MediaFiles } from './media-files';
import { Slots } from './slots';

const atOnce = 32;
const deadlineMinutes = 5;

/** A file in the store, with the name that it had. */
export interface NamedFile extends StoredFile {
  filename: string | null;
}

/** Brings files that somebody named by a URL into the media store. */
@Injectable()
export class NamedFiles {
  private readonly urls: UrlFetcher;
  private readonly slots = new Slots(atOnce);
  private readonly maxBytes: number;

  constructor(
    private readonly files: MediaFiles,
    config: HubConfig,
  ) {
    this.urls = new UrlFetcher({ allowedHosts: config.mediaAllowedHosts });
    this.maxBytes = config.mediaMaxBytes;
  }

  /** One attempt. `told` is the type that its sender gives it. Throws a FileError, and rejects when `signal` aborts. */
  fetch(instance: LiveInstance, url: string, told: string | null, signal: AbortSignal): Promise<NamedFile> {
    return this.slots.use(() => this.bring(instance, url, told, signal));
  }

  private async bring(
    { agentOrigin }: LiveInstance,
    url: string,
    told: string | null,
    signal: AbortSignal,
  ): Promise<NamedFile> {
    signal.throwIfAborted();
    const deadline = new Deadline(signal, deadlineMinutes * 60_000);
    try {
      const media = await this.urls.open(url, agentOrigin ? [agentOrigin] : [], deadline.signal);
      return { ...(await this.receive(media, told)), filename: media.filename };
    } catch (error) {
      signal.throwIfAborted();
      throw deadline.passed ? tooSlow : toFileError(error, new URL(url).host);
    } finally {
      deadline.end();
    }
  }

  private async receive({ stream, size, mimeType }: FetchedMedia, told: string | null): Promise<StoredFile> {
    if ((size ?? 0) > this.maxBytes) {
      stream.destroy();
      throw tooLarge(this.maxBytes);
    }
    return this.files.receive(stream, told ?? mimeType, this.maxBytes);
  }
}

const tooSlow = new FileError(
  'UNREACHABLE',
  `the file did not arrive whole within ${deadlineMinutes} minutes`,
  true,
);

export const tooLarge = (limit: number) =>
  new FileError(
    'TOO_LARGE',
    `the file is larger than the ${limit} bytes that the hub takes: see OMNI_MEDIA_MAX_BYTES`,
    false,
  );

/** What kept a file from the store, said of one that `where` hands out. */
export function toFileError(error: unknown, where: string): FileError {
  if (error instanceof FileError) return error;
  if (error instanceof UrlError)
    return new FileError(error.code, error.message, error.code === 'UNREACHABLE', error.waitMs);
  if (!(error instanceof MediaError))
    return new FileError('STORAGE', `the file could not be kept: ${(error as Error).message}`, true);
  switch (error.code) {
    case 'EMPTY':
      return new FileError('EMPTY', `${where} gives a file of 0 bytes`, false);
    case 'TOO_LARGE':
      return new FileError('TOO_LARGE', error.message.replace('fetches', 'takes'), false);
    case 'STORAGE':
      return new FileError('STORAGE', error.message, true);
    default:
      return new FileError('UNREACHABLE', `${where} broke off within the file`, true);
  }
}
