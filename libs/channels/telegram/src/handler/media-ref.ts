import { RejectedError } from '@omni-hub/channel-sdk';

/**
 * What is kept of a file at Telegram until its bytes are wanted. The name and the type are the message's: `getFile` may
 * have lost both (https://core.telegram.org/bots/api#getfile).
 */
export interface MediaRef {
  /** Valid for this bot only. */
  fileId: string;
  mimeType: string | null;
  filename: string | null;
}

export function encodeMediaRef({ fileId, mimeType, filename }: MediaRef): string {
  return JSON.stringify({ fileId, mimeType, filename });
}

/** Throws RejectedError for what `encodeMediaRef` did not make. */
export function decodeMediaRef(ref: string): MediaRef {
  try {
    const { fileId, mimeType = null, filename = null } = JSON.parse(ref);
    if (typeof fileId === 'string' && fileId !== '') return { fileId, mimeType, filename };
  } catch {
    // Not JSON: told below.
  }
  throw new RejectedError(
    'The reference names no Telegram file: use the ref of an attachment as it was received',
  );
}
