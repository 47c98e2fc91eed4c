import type { InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo } from '@grammyjs/types';
import {
  requireSize,
  type FormFile,
  type MediaPart,
  type OutboundFile,
  type Part,
} from '@omni-hub/channel-sdk';
import type { Call } from '../models/api.models';
import { toEntities } from './entities';
import type { Envelope } from './outbound';

type AlbumItem =
  | InputMediaAudio<string>
  | InputMediaDocument<string>
  | InputMediaPhoto<string>
  | InputMediaVideo<string>;

/** What a file is called when nobody named it: Telegram goes by the ending. */
const defaultNames: Record<MediaPart['kind'], string> = {
  image: 'image.jpg',
  video: 'video.mp4',
  audio: 'audio.mp3',
  voice: 'voice.ogg',
  document: 'document',
  sticker: 'sticker.webp',
};

const megabyte = 1_048_576;

/**
 * What Telegram's own servers take, https://core.telegram.org/bots/api#sending-files; a server of one's own takes more. Throws
 * RejectedError.
 */
export function requireSizes(part: Part, files: readonly OutboundFile[]): void {
  const items = part.type === 'album' ? part.items : part.type === 'media' ? [part] : [];
  const asPhotos = items.length === 1 || items.every(isPicture);
  items.forEach(({ kind }, index) => {
    const isPhoto = asPhotos && kind === 'image' && files[index].mimeType !== 'image/gif';
    if (isPhoto) requireSize(files[index], 10 * megabyte, 'Telegram: a photo (a document may have more)');
    else requireSize(files[index], 50 * megabyte, 'Telegram: a file of a bot');
  });
}

/** One file, in the request itself: https://core.telegram.org/bots/api#sending-files. */
export function toMedia(part: MediaPart, sent: OutboundFile, envelope: Envelope): Call {
  const file = 'attach://file';
  const files = { file: toUpload(part, sent) };
  const captioned = { ...envelope, ...caption(part) };
  switch (part.kind) {
    case 'image':
      return sent.mimeType === 'image/gif'
        ? { method: 'sendAnimation', params: { ...captioned, animation: file }, files }
        : { method: 'sendPhoto', params: { ...captioned, photo: file }, files };
    case 'video':
      return { method: 'sendVideo', params: { ...captioned, video: file }, files };
    case 'audio':
      return { method: 'sendAudio', params: { ...captioned, audio: file }, files };
    case 'voice':
      return { method: 'sendVoice', params: { ...captioned, voice: file }, files };
    case 'document':
      return { method: 'sendDocument', params: { ...captioned, document: file }, files };
    case 'sticker':
      // A sticker cannot carry a caption, a photo can.
      return part.caption
        ? { method: 'sendPhoto', params: { ...captioned, photo: file }, files }
        : { method: 'sendSticker', params: { ...envelope, sticker: file }, files };
  }
}

/**
 * Photos and videos share an album; audio and documents each only with their like. Any other mixture is sent as documents,
 * so that it stays one message. Telegram's albums have 2 to 10 items: one alone is sent as what it is.
 */
export function toAlbum(
  items: readonly MediaPart[],
  sent: readonly OutboundFile[],
  envelope: Envelope,
): Call {
  if (items.length === 1) return toMedia(items[0], sent[0], envelope);
  const asIs = items.every(isPicture) || items.every(({ kind }) => kind === 'audio');
  const media = items.map((item, index): AlbumItem => {
    const shared = { media: `attach://file${index}`, ...caption(item) };
    return { type: asIs ? albumType(item) : 'document', ...shared };
  });
  const files = items.map((item, index) => [`file${index}`, toUpload(item, sent[index])] as const);
  return {
    method: 'sendMediaGroup',
    params: { ...envelope, media: media as InputMediaDocument<string>[] },
    files: Object.fromEntries(files),
  };
}

function isPicture({ kind }: MediaPart): boolean {
  return kind === 'image' || kind === 'video';
}

function albumType({ kind }: MediaPart): 'photo' | 'video' | 'audio' {
  return kind === 'video' || kind === 'audio' ? kind : 'photo';
}

function caption({ caption }: MediaPart) {
  return caption ? { caption: caption.text, caption_entities: toEntities(caption) } : {};
}

function toUpload({ kind }: MediaPart, { filename, mimeType, ...file }: OutboundFile): FormFile {
  return {
    ...file,
    filename: filename ?? defaultNames[kind],
    mimeType: mimeType ?? 'application/octet-stream',
  };
}
