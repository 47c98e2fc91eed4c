import type { Readable } from 'node:stream';

/** A recording's bytes from the start, and how many there are. */
export interface OpenRecording {
  stream: Readable;
  size: number;
}

/** What is to be transcribed. */
export interface Recording {
  /** Called once for each attempt. What it rejects with is passed on as it is. */
  open(): Promise<OpenRecording>;
  mimeType: string | null;
  /** Tells the format where `mimeType` does not. Its name is not sent. */
  filename: string | null;
  /** ISO 639-1, where it is known; the service finds it out otherwise. */
  language?: string;
}
