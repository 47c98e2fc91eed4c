import { RejectedError } from '@omni-hub/channel-sdk';

/** What is kept of a file at Slack until its bytes are wanted. Where the event told no address, `files.info` does. */
export interface MediaRef {
  id: string;
  url: string | null;
  mimeType: string | null;
  size: number | null;
  filename: string | null;
}

export function encodeMediaRef({ id, url, mimeType, size, filename }: MediaRef): string {
  return JSON.stringify({ id, url, mimeType, size, filename });
}

/** Throws RejectedError for what `encodeMediaRef` did not make. */
export function decodeMediaRef(ref: string): MediaRef {
  try {
    const { id, url = null, mimeType = null, size = null, filename = null } = JSON.parse(ref);
    if (typeof id === 'string') return { id, url, mimeType, size, filename };
  } catch {
    // Told below.
  }
  throw new RejectedError(
    'This is no reference to a file at Slack: use the ref of an attachment as it was received',
  );
}
