import type { MessageEntity } from '@grammyjs/types';
import type { Fields } from '../chat';
import { ApiError, badRequest } from '../errors';
import type { StoredFile } from '../files';
import type { Call } from '../methods';
import type { Upload } from '../../multipart';
import { captionFields } from './text';

const megabyte = 1024 * 1024;
const uploadLimit = 50 * megabyte;
const photoLimit = 10 * megabyte;

export type MediaKind =
  | 'photo'
  | 'audio'
  | 'voice'
  | 'document'
  | 'video'
  | 'animation'
  | 'video_note'
  | 'sticker';

/** What a message holds of one media: `{ photo: [...] }`, `{ voice: {...} }`. */
export function checkMedia(call: Call, kind: MediaKind): Fields {
  const value = call.params.files.has(kind) ? `attach://${kind}` : call.params.text(kind);
  if (!value) throw badRequest(`there is no ${kind.replace('_', ' ')} in the request`);
  return mediaFields(kind, inputFile(call, kind, value));
}

interface InputMedia {
  type: string;
  media: string;
  caption?: string;
  caption_entities?: MessageEntity[];
}

const albumKinds = ['photo', 'video', 'audio', 'document'];

/** The items of an album: two to ten; documents and audio keep to themselves. */
export function checkAlbum(call: Call): Fields[] {
  const items = call.params.json<InputMedia[]>('media');
  if (!Array.isArray(items)) throw badRequest("can't parse media JSON object");
  if (items.length < 2) throw badRequest('there are too few messages to send as an album');
  if (items.length > 10) throw badRequest('too many messages to send as an album');
  for (const kind of ['audio', 'document']) {
    const same = items.filter(({ type }) => type === kind).length;
    if (same > 0 && same < items.length) throw badRequest(`${kind} can't be mixed with other media types`);
  }
  return items.map((item) => {
    if (!albumKinds.includes(item.type))
      throw badRequest("can't parse InputMedia: type must be an album type");
    return checkInputMedia(call, item);
  });
}

export function checkInputMedia(call: Call, item: InputMedia): Fields {
  if (!item.media) throw badRequest("can't parse InputMedia: media not found");
  const kind = item.type as MediaKind;
  return {
    ...mediaFields(kind, inputFile(call, kind, item.media)),
    ...captionFields(item.caption ?? '', item.caption_entities),
  };
}

function inputFile({ world, params }: Call, kind: MediaKind, value: string): StoredFile {
  if (value.startsWith('attach://')) {
    const upload = params.files.get(value.slice('attach://'.length));
    if (!upload) throw badRequest(`there is no ${kind.replace('_', ' ')} in the request`);
    checkSize(kind, upload);
    return world.files.store(kind, upload);
  }
  if (/^https?:\/\//i.test(value)) return fromUrl(value, (upload) => world.files.store(kind, upload));
  const known = world.files.find(value);
  if (known) return known;
  throw badRequest('wrong file identifier/HTTP URL specified');
}

function checkSize(kind: MediaKind, { bytes }: Upload): void {
  if (bytes.length === 0) throw badRequest('file must be non-empty');
  if (bytes.length > uploadLimit) throw new ApiError(413, 'Request Entity Too Large');
  if (kind === 'photo' && bytes.length > photoLimit) {
    throw badRequest(`file of size ${bytes.length} bytes is too big for a photo`);
  }
}

/** Links are believed, not fetched: the simulator opens no connection but to webhooks. */
function fromUrl(url: string, store: (upload: Upload) => StoredFile): StoredFile {
  if (!URL.canParse(url)) throw badRequest('wrong file identifier/HTTP URL specified');
  const filename = new URL(url).pathname.split('/').pop() || 'file';
  return store({ filename, contentType: 'application/octet-stream', bytes: Buffer.from(url) });
}

const noDuration = { duration: 1 };
const square = { width: 320, height: 320 };
const extras: Record<MediaKind, Fields> = {
  photo: {},
  audio: noDuration,
  voice: noDuration,
  document: {},
  video: { ...noDuration, ...square },
  animation: { ...noDuration, ...square },
  video_note: { ...noDuration, length: 240 },
  sticker: { ...square, type: 'regular', is_animated: false, is_video: false },
};

/** A message's own description of a file. */
export function mediaFields(kind: MediaKind, file: StoredFile, more: Fields = {}): Fields {
  const base = { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size };
  if (kind === 'photo') {
    const thumbnail = {
      ...base,
      file_id: `${file.id}s`,
      file_unique_id: `${file.uniqueId}s`,
      width: 90,
      height: 90,
    };
    return {
      photo: [
        { ...thumbnail, file_size: 100 },
        { ...base, width: 800, height: 800 },
      ],
    };
  }
  const named =
    kind === 'voice' || kind === 'audio' || kind === 'video' || kind === 'document' || kind === 'animation';
  const media = {
    ...base,
    ...extras[kind],
    ...(named && { mime_type: file.mimeType }),
    ...(named && kind !== 'voice' && { file_name: file.name }),
    ...more,
  };
  return kind === 'animation' ? { animation: media, document: media } : { [kind]: media };
}
