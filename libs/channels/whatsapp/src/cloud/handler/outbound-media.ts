import type { MediaPart } from '@omni-hub/channel-sdk';
import type { MediaKind } from '@omni-hub/contracts';
import { toMarks } from '../../handler/marks';
import type { MediaLocator, MessageContent, Upload } from '../models/api.models';

/** A file as a message, once it is known where it is, and as an upload. */
export interface OutgoingMedia {
  use(media: MediaLocator): MessageContent;
  file: Omit<Upload, 'data'>;
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

/** How a file is sent, in the shape that WhatsApp takes of its type; only pictures, films and documents carry a caption. */
export function toMedia(part: MediaPart): OutgoingMedia {
  const type = part.mimeType?.split(';')[0].trim().toLowerCase() ?? null;
  const kind = type !== null && shown[part.kind]?.test(type) === false ? 'document' : part.kind;
  const file = {
    filename: part.filename ?? defaults[kind].filename,
    mimeType: part.mimeType ?? defaults[kind].mimeType,
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
