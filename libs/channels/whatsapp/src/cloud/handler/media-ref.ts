import { RejectedError } from '@omni-hub/channel-sdk';

/** What is kept of a file at WhatsApp until its bytes are wanted, which is possible for 7 days. */
export interface MediaRef {
  id: string;
  /** As the webhook had it, base64; null where it was no such thing. */
  sha256: string | null;
  mimeType: string | null;
  filename: string | null;
}

export function encodeMediaRef({ id, sha256, mimeType, filename }: MediaRef): string {
  return JSON.stringify({ id, sha256, mimeType, filename });
}

/** Throws RejectedError for what `encodeMediaRef` did not make. */
export function decodeMediaRef(ref: string): MediaRef {
  try {
    const { id, sha256 = null, mimeType = null, filename = null } = JSON.parse(ref);
    if (typeof id === 'string' && id !== '') return { id, sha256, mimeType, filename };
  } catch {
    // Not JSON: told below.
  }
  throw new RejectedError(
    'The reference names no file of the Cloud API: use the ref of an attachment as it was received',
  );
}
