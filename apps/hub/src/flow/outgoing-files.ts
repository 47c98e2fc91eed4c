import type { OutboundFile, Part } from '@omni-hub/channel-sdk';
import type { Content } from '@omni-hub/contracts';
import type { Readable } from 'node:stream';
import type { LiveInstance } from '../instances/live-instance';

/** A file that was uploaded, as whoever sent it here is told. */
export interface UploadedFile {
  mediaId: string;
  size: number;
  mimeType: string | null;
  /** SHA-256 in hexadecimal. */
  hash: string;
}

/** Content that can be planned, or why one of its files keeps it from that. */
export type KeptContent = { content: Content } | { refused: { code: string; detail: string } };

/** The files of what leaves, whoever says it. The media stage is it. */
export abstract class OutgoingFiles {
  /** Keeps a file that is sent later by its id. Throws a FileError. */
  abstract upload(
    bytes: Readable,
    told: { mimeType: string | null; filename: string | null },
  ): Promise<UploadedFile>;

  /**
   * What content brings along as `data` becomes a file of the hub, and what it names by `mediaId` has to be one that the instance
   * may send. One that cannot be had does not cost the others. Called before anything is planned.
   */
  abstract keep(instance: LiveInstance, contents: Content[]): Promise<KeptContent[]>;

  /** Keeps the files that planned messages name for as long as these are. Called before the messages are committed. */
  abstract pin(messages: PlannedMessage[]): Promise<void>;

  /**
   * The files of a part that is about to leave; what a URL names is fetched for it, once for all attempts of a message. Throws a
   * FileError, and rejects when `signal` aborts.
   */
  abstract ofPart(
    instance: LiveInstance,
    messageId: string,
    part: Part,
    signal: AbortSignal,
  ): Promise<OutboundFile[]>;
}

export interface PlannedMessage {
  message: { id: string; instanceId: string };
  parts: Part[];
}

/** A file that is to leave cannot be had. The message is for who sends it, and for the operator; it holds no secret. */
export class FileError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** Whether another attempt may have it. */
    readonly retryable: boolean,
    /** The least time until then, milliseconds. */
    readonly waitMs = 0,
  ) {
    super(message);
    this.name = 'FileError';
  }
}
