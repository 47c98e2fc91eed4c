import { RejectedError } from '@omni-hub/channel-sdk';

/**
 * What is kept of a file at Discord until its bytes are wanted: its address, which is signed and expires, and the message that
 * tells a fresh one (https://docs.discord.com/developers/reference#signed-attachment-cdn-urls). A sticker has an address for ever.
 */
export interface MediaRef {
  url: string;
  channel: string | null;
  message: string | null;
  attachment: string | null;
  mimeType: string | null;
  filename: string | null;
  size: number | null;
}

export function encodeMediaRef({
  url,
  channel,
  message,
  attachment,
  mimeType,
  filename,
  size,
}: MediaRef): string {
  return JSON.stringify({ url, channel, message, attachment, mimeType, filename, size });
}

/** Throws RejectedError for what `encodeMediaRef` did not make. */
export function decodeMediaRef(ref: string): MediaRef {
  try {
    const {
      url,
      channel = null,
      message = null,
      attachment = null,
      mimeType = null,
      filename = null,
      size = null,
    } = JSON.parse(ref);
    if (typeof url === 'string' && url !== '')
      return { url, channel, message, attachment, mimeType, filename, size };
  } catch {
    // Not JSON: told below.
  }
  throw new RejectedError(
    'The reference names no Discord file: use the ref of an attachment as it was received',
  );
}

/** When a signed address ends, epoch milliseconds: `ex` is hexadecimal seconds. Null where it is not signed. */
export function expiresAt(url: string): number | null {
  const expiry = URL.canParse(url) ? new URL(url).searchParams.get('ex') : null;
  return expiry !== null && /^[0-9a-f]{1,12}$/i.test(expiry) ? parseInt(expiry, 16) * 1000 : null;
}
