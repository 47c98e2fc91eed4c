import { Injectable } from '@nestjs/common';
import { UnreachableError, type MediaPart, type OutboundFile, type Part } from '@omni-hub/channel-sdk';
import type { Content, MediaAttachment, MediaContent } from '@omni-hub/contracts';
import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { HubConfig } from '../config/hub.config';
import { attachmentOf } from '../flow/media-ids';
import {
  FileError,
  type KeptContent,
  type OutgoingFiles,
  type PlannedMessage,
  type UploadedFile,
} from '../flow/outgoing-files';
import { Problem } from '../flow/problem';
import type { LiveInstance } from '../instances/live-instance';
import { Store } from '../storage/open-store';
import type { MediaKey } from '../storage/repositories/media.repository';
import type { OutgoingFileRow } from '../storage/repositories/outgoing-files.repository';
import { MediaFiles } from './media-files';
import { MediaReader } from './media-reader';
import { NamedFiles, toFileError, type NamedFile } from './named-files';

type Known = Omit<OutgoingFileRow, 'createdAt'>;

/** Brings every file that leaves into the media store, whichever way it is named, and hands its bytes to the channels. */
@Injectable()
export class OutgoingFilesService implements OutgoingFiles {
  constructor(
    private readonly store: Store,
    private readonly files: MediaFiles,
    private readonly reader: MediaReader,
    private readonly named: NamedFiles,
    private readonly config: HubConfig,
  ) {}

  upload(bytes: Readable, told: { mimeType: string | null; filename: string | null }): Promise<UploadedFile> {
    return this.keepBytes(bytes, told, null);
  }

  async keep(instance: LiveInstance, contents: Content[]): Promise<KeptContent[]> {
    const kept: KeptContent[] = [];
    for (const content of contents) {
      try {
        kept.push({ content: await this.keepContent(instance, content) });
      } catch (error) {
        if (!(error instanceof FileError) || error.retryable) throw error;
        kept.push({ refused: { code: error.code, detail: error.message } });
      }
    }
    return kept;
  }

  async pin(messages: PlannedMessage[]): Promise<void> {
    const pinned: Known[] = [];
    const uploads = new Set<string>();
    for (const { message, parts } of messages) {
      for (const { source } of parts.flatMap(mediaIn)) {
        if ('url' in source) continue;
        const file = await this.known(source.mediaId);
        if (!file) continue;
        pinned.push({
          messageId: message.id,
          instanceId: message.instanceId,
          source: keyOf(source),
          ...file,
        });
        if (!attachmentOf(source.mediaId)) uploads.add(source.mediaId);
      }
    }
    if (pinned.length > 0) await this.store.outgoingFiles.put(once(pinned));
    if (uploads.size > 0) await this.store.outgoingFiles.useUploads([...uploads]);
  }

  async ofPart(
    instance: LiveInstance,
    messageId: string,
    part: Part,
    signal: AbortSignal,
  ): Promise<OutboundFile[]> {
    const items = mediaIn(part);
    if (items.length === 0) return [];
    const known = await this.store.outgoingFiles.ofMessage(messageId);
    const files: OutboundFile[] = [];
    for (const item of items) {
      const source = keyOf(item.source);
      const row = known.find((one) => one.source === source);
      const isHere = row !== undefined && (await this.has(row.hash));
      const file = isHere ? row : await this.bring(instance, item, signal);
      if (!isHere) {
        const brought = { messageId, source, instanceId: instance.id, ...factsOf(file) };
        await this.store.outgoingFiles.put([brought]);
        known.push({ ...brought, createdAt: 0 });
      }
      files.push(this.toOutbound(item, file));
    }
    return files;
  }

  private async keepContent(instance: LiveInstance, content: Content): Promise<Content> {
    if (content.type === 'album') {
      const items: MediaContent[] = [];
      for (const item of content.items) items.push(await this.keepMedia(instance, item));
      return { ...content, items };
    }
    return 'data' in content || 'mediaId' in content ? this.keepMedia(instance, content) : content;
  }

  private async keepMedia(instance: LiveInstance, { data, ...content }: MediaContent): Promise<MediaContent> {
    if (data !== undefined) {
      const { mimeType = null, filename = null } = content;
      const bytes = Readable.from([Buffer.from(data, 'base64')], { objectMode: false });
      const { mediaId } = await this.keepBytes(bytes, { mimeType, filename }, instance.id);
      return { ...content, mediaId };
    }
    if (content.mediaId !== undefined) await this.requireOwn(instance, content.mediaId);
    return content;
  }

  private async keepBytes(
    bytes: Readable,
    { mimeType, filename }: { mimeType: string | null; filename: string | null },
    instanceId: string | null,
  ): Promise<UploadedFile> {
    const file = await this.files
      .receive(bytes, mimeType, this.config.mediaMaxBytes)
      .catch((error: unknown) => {
        throw toFileError(error, 'the sender');
      });
    // Whoever knows the id may send the file, so it is one that cannot be guessed.
    const id = randomUUID();
    await this.store.outgoingFiles.addUpload({ id, instanceId, filename, ...file });
    return { mediaId: id, ...file };
  }

  /** Throws a FileError where there is no such file that the instance may send. */
  private async requireOwn(instance: LiveInstance, mediaId: string): Promise<void> {
    const key = attachmentOf(mediaId);
    const row = key ? await this.store.media.get(key) : await this.store.outgoingFiles.upload(mediaId);
    if (row && (row.instanceId === null || row.instanceId === instance.id)) return;
    throw new FileError(
      'UNKNOWN_MEDIA',
      `there is no file ${JSON.stringify(mediaId.slice(0, 100))} that ${instance.name} may send: give the mediaId of an attachment that it received, or of an upload`,
      false,
    );
  }

  private async known(mediaId: string): Promise<Omit<Known, 'messageId' | 'source' | 'instanceId'> | null> {
    const key = attachmentOf(mediaId);
    if (!key) {
      const upload = await this.store.outgoingFiles.upload(mediaId);
      return upload && factsOf(upload);
    }
    const row = await this.store.media.get(key);
    if (!row || row.hash === null || row.size === null) return null;
    const { filename } = JSON.parse(row.attachment) as MediaAttachment;
    return { hash: row.hash, size: row.size, mimeType: row.mimeType, filename };
  }

  private async bring(
    instance: LiveInstance,
    { source, mimeType }: MediaPart,
    signal: AbortSignal,
  ): Promise<NamedFile> {
    if ('url' in source) return this.named.fetch(instance, source.url, mimeType, signal);
    const key = attachmentOf(source.mediaId);
    if (key) await this.receiveAgain(key);
    const file = await this.known(source.mediaId);
    if (file && (await this.has(file.hash))) return file;
    throw new FileError(
      'STORAGE',
      'this process has not got the file that was sent to another: give all processes one media store, see OMNI_MEDIA_URL',
      true,
    );
  }

  /** Has an attachment's file brought from its platform where it is not here. */
  private async receiveAgain(key: MediaKey): Promise<void> {
    try {
      const { stream } = await this.reader.open(key);
      stream.destroy();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const retryable =
        error.status === 503 || ['UNREACHABLE', 'RATE_LIMITED', 'STORAGE'].includes(error.code);
      throw new FileError(error.code, error.detail, retryable);
    }
  }

  private async has(hash: string): Promise<boolean> {
    return this.files.has(hash).catch((error: Error) => {
      throw new FileError('STORAGE', `the media store cannot be read: ${error.message}`, true);
    });
  }

  private toOutbound(part: MediaPart, file: NamedFile): OutboundFile {
    return {
      size: file.size,
      mimeType: file.mimeType ?? part.mimeType,
      filename: part.filename ?? file.filename,
      open: async () => {
        const opened = await this.files.open(file.hash).catch((error: Error) => {
          throw new UnreachableError(`The media store cannot be read: ${error.message}. It is sent again`);
        });
        if (opened) return opened.stream;
        throw new UnreachableError('The file was removed from the media store: it is brought and sent again');
      },
    };
  }
}

function mediaIn(part: Part): MediaPart[] {
  if (part.type === 'media') return [part];
  return part.type === 'album' ? part.items : [];
}

const keyOf = (source: MediaPart['source']) =>
  createHash('sha256').update(JSON.stringify(source)).digest('hex');

function once(files: Known[]): Known[] {
  return [...new Map(files.map((file) => [`${file.messageId} ${file.source}`, file])).values()];
}

const factsOf = ({ hash, size, mimeType, filename }: NamedFile): NamedFile => ({
  hash,
  size,
  mimeType,
  filename,
});
