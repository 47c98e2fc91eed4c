import { requireSize, type FormFile, type MediaPart, type OutboundFile } from '@omni-hub/channel-sdk';
import type { MediaKind } from '@omni-hub/contracts';
import { toMarks } from '../../handler/marks';
import type { MediaLocator, MessageContent } from '../models/api.models';

/** A file that has to be uploaded, and the message that it is then. */
export interface OutgoingMedia {
  file: FormFile;
  use(media: MediaLocator): MessageContent;
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#supported-media-types */
const defaults: Record<MediaKind, { mimeType: string; filename: string }> = {
  image: { mimeType: 'image/jpeg', filename: 'image.jpg' },
  video: { mimeType: 'video/mp4', filename: 'video.mp4' },
  audio: { mimeType: 'audio/mpeg', filename: 'audio.mp3' },
  voice: { mimeType: 'audio/ogg', filename: 'voice.ogg' },
  document: { mimeType: 'application/octet-stream', filename: 'document' },
  sticker: { mimeType: 'image/webp', filename: 'sticker.webp' },
};

/** What WhatsApp shows as such; a file of another type is sent as a document. */
const shown: Partial<Record<MediaKind, RegExp>> = {
  image: /^image\/(jpeg|jpg|png)$/,
  video: /^video\/(mp4|3gpp?)$/,
  audio: /^audio\/(aac|amr|mpeg|mp3|mp4|ogg|opus)$/,
  voice: /^audio\/(aac|amr|mpeg|mp3|mp4|ogg|opus)$/,
  sticker: /^image\/webp$/,
};

const megabyte = 1_048_576;

/** What WhatsApp takes of each kind; of stickers, what it takes of those that move. */
const mostBytes: Record<MediaKind, number> = {
  image: 5 * megabyte,
  video: 16 * megabyte,
  audio: 16 * megabyte,
  voice: 16 * megabyte,
  document: 100 * megabyte,
  sticker: 500 * 1024,
};

/**
 * How a file is sent, in the shape that WhatsApp takes of its type; only pictures, films and documents carry a caption. Throws
 * RejectedError for one that is too large.
 */
export function toMedia(part: MediaPart, { filename, mimeType, ...bytes }: OutboundFile): OutgoingMedia {
  const type = mimeType?.split(';')[0].trim().toLowerCase() ?? null;
  const kind = type !== null && shown[part.kind]?.test(type) === false ? 'document' : part.kind;
  requireSize(bytes, mostBytes[kind], `WhatsApp: a file of the kind "${kind}"`);
  const file: FormFile = {
    ...bytes,
    filename: filename ?? defaults[kind].filename,
    mimeType: mimeType ?? defaults[kind].mimeType,
  };
  const caption = part.caption ? { caption: toMarks(part.caption) } : {};
  const use = (media: MediaLocator): MessageContent => {
    switch (kind) {
      case 'image':
        return { type: 'image', image: { ...media, ...caption } };
      case 'video':
        return { type: 'video', video: { ...media, ...caption } };
      case 'document':
        return { type: 'document', document: { ...media, ...caption, filename: file.filename } };
      case 'audio':
        return { type: 'audio', audio: media };
      case 'voice':
        return { type: 'audio', audio: { ...media, ...(isVoice(type) && { voice: true }) } };
      case 'sticker':
        return { type: 'sticker', sticker: media };
    }
  };
  return { use, file };
}

/** Only Opus in Ogg is shown as a voice message; another sound is sent as a file to play. */
function isVoice(type: string | null): boolean {
  return type === null || type === 'audio/ogg' || type === 'audio/opus';
}
