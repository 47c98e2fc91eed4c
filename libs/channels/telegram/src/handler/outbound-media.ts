import type { InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo } from '@grammyjs/types';
import type { MediaPart } from '@omni-hub/channel-sdk';
import type { Call, Upload } from '../models/api.models';
import { toEntities } from './entities';
import type { Envelope } from './outbound';

type AlbumItem =
  | InputMediaAudio<string>
  | InputMediaDocument<string>
  | InputMediaPhoto<string>
  | InputMediaVideo<string>;

/** What an upload is called when nobody named it: Telegram goes by the ending. */
const defaultNames: Record<MediaPart['kind'], string> = {
  image: 'image.jpg',
  video: 'video.mp4',
  audio: 'audio.mp3',
  voice: 'voice.ogg',
  document: 'document',
  sticker: 'sticker.webp',
};

/** One file, by link or in the request itself: https://core.telegram.org/bots/api#sending-files. */
export function toMedia(part: MediaPart, envelope: Envelope): Call {
  const { file, files } = reference(part, 'file');
  const captioned = { ...envelope, ...caption(part) };
  switch (part.kind) {
    case 'image':
      return part.mimeType === 'image/gif'
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
export function toAlbum(items: readonly MediaPart[], envelope: Envelope): Call {
  if (items.length === 1) return toMedia(items[0], envelope);
  const asIs = items.every(isPicture) || items.every(({ kind }) => kind === 'audio');
  const references = items.map((item, index) => reference(item, `file${index}`));
  const media = items.map((item, index): AlbumItem => {
    const shared = { media: references[index].file, ...caption(item) };
    return { type: asIs ? albumType(item) : 'document', ...shared };
  });
  const files = Object.assign({}, ...references.map(({ files }) => files)) as Record<string, Upload>;
  return {
    method: 'sendMediaGroup',
    params: { ...envelope, media: media as InputMediaDocument<string>[] },
    files: Object.keys(files).length > 0 ? files : undefined,
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

/** Telegram fetches a link itself; bytes travel as an upload that the parameter names. */
function reference(part: MediaPart, name: string): { file: string; files?: Record<string, Upload> } {
  if ('url' in part.source) return { file: part.source.url };
  const upload: Upload = {
    data: part.source.data,
    filename: part.filename ?? defaultNames[part.kind],
    mimeType: part.mimeType,
  };
  return { file: `attach://${name}`, files: { [name]: upload } };
}
