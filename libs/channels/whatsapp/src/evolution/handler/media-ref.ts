import { RejectedError } from '@omni-hub/channel-sdk';
import type { MediaKind } from '@omni-hub/contracts';

/** What is kept of a file at WhatsApp until its bytes are wanted: enough to ask Evolution, and enough to do without it. */
export interface MediaRef {
  /** The message's `key.id`, by which Evolution finds it in its database. */
  id: string;
  kind: MediaKind;
  mimeType: string | null;
  filename: string | null;
  size: number | null;
  /** Base64, as the two checksums; null where the message did not tell them. */
  mediaKey: string | null;
  fileSha256: string | null;
  fileEncSha256: string | null;
  /** Where the encrypted file is, below the address of WhatsApp's media servers. Valid for some weeks. */
  directPath: string | null;
}

export function encodeMediaRef(ref: MediaRef): string {
  const { id, kind, mimeType, filename, size, mediaKey, fileSha256, fileEncSha256, directPath } = ref;
  return JSON.stringify({
    id,
    kind,
    mimeType,
    filename,
    size,
    mediaKey,
    fileSha256,
    fileEncSha256,
    directPath,
  });
}

/** Throws RejectedError for what `encodeMediaRef` did not make. */
export function decodeMediaRef(ref: string): MediaRef {
  try {
    const { id, kind, ...rest } = JSON.parse(ref) as Partial<MediaRef>;
    if (typeof id === 'string' && id !== '' && typeof kind === 'string' && Object.hasOwn(mediaKinds, kind)) {
      return { ...unknown, ...rest, id, kind };
    }
  } catch {
    // Not JSON: told below.
  }
  throw new RejectedError(
    'The reference names no file of WhatsApp: use the ref of an attachment as it was received',
  );
}

const mediaKinds: Record<MediaKind, true> = {
  image: true,
  video: true,
  audio: true,
  voice: true,
  document: true,
  sticker: true,
};

const unknown: Omit<MediaRef, 'id' | 'kind'> = {
  mimeType: null,
  filename: null,
  size: null,
  mediaKey: null,
  fileSha256: null,
  fileEncSha256: null,
  directPath: null,
};
