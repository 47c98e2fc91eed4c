import type { Upload } from '../../multipart';
import type { Fields } from '../chat';
import { badParam, invalid, missing } from '../errors';
import type { MediaStore } from '../media';
import type { BusinessNumber } from '../number';
import { mediaKinds, type MediaKind } from '../samples';
import { at, link, object, optionalFlag, optionalText, text } from './fields';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;
const captionLimit = 1024;

interface KindRules {
  mimeTypes: readonly string[];
  mostBytes: number;
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types */
const rules: Record<MediaKind, KindRules> = {
  image: { mimeTypes: ['image/jpeg', 'image/png'], mostBytes: 5 * megabyte },
  video: { mimeTypes: ['video/mp4', 'video/3gpp'], mostBytes: 16 * megabyte },
  audio: {
    mimeTypes: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/opus'],
    mostBytes: 16 * megabyte,
  },
  document: {
    mimeTypes: [
      'text/plain',
      'application/pdf',
      'application/vnd.ms-powerpoint',
      'application/msword',
      'application/vnd.ms-excel',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ],
    mostBytes: 100 * megabyte,
  },
  sticker: { mimeTypes: ['image/webp'], mostBytes: 500 * kilobyte },
};

const opus = ['audio/ogg', 'audio/opus'];
const captioned: readonly MediaKind[] = ['image', 'video', 'document'];

/** A media object of a message, where a document may be a file of any supported type: by the id of an upload, or by a link, which is believed and not fetched. */
export function checkMedia(
  store: MediaStore | null,
  number: BusinessNumber,
  kind: MediaKind,
  value: unknown,
): void {
  const keys = [
    'id',
    'link',
    ...(captioned.includes(kind) ? ['caption'] : []),
    ...(kind === 'document' ? ['filename'] : []),
    ...(kind === 'audio' ? ['voice'] : []),
  ];
  const media = object(value, kind, keys);
  optionalText(media.caption, at(kind, 'caption'), captionLimit);
  optionalText(media.filename, at(kind, 'filename'), 240);
  optionalFlag(media.voice, at(kind, 'voice'));
  if (media.id === undefined && media.link === undefined)
    throw badParam(`The parameter ${kind}['id'] or ${kind}['link'] is required.`);
  if (media.id !== undefined && media.link !== undefined)
    throw badParam(`Only one of ${kind}['id'] and ${kind}['link'] may be given.`);
  if (media.link !== undefined) return void link(media.link, at(kind, 'link'));
  if (store) checkUploaded(store, number, kind, media);
}

function checkUploaded(store: MediaStore, number: BusinessNumber, kind: MediaKind, media: Fields): void {
  const id = text(media.id, at(kind, 'id'), 64);
  const stored = store.find(id);
  if (!stored || stored.number.accessToken !== number.accessToken) {
    throw badParam(`Param ${kind}['id'] is not a valid whatsapp business account media attachment ID`);
  }
  const mimeType = baseType(stored.mimeType);
  if (kind !== 'document' && !rules[kind].mimeTypes.includes(mimeType)) {
    throw invalid(`Media of type ${mimeType} cannot be sent as ${kind}.`);
  }
  if (stored.size > rules[kind].mostBytes) {
    throw invalid(`Media of ${stored.size} bytes is too big for ${kind}: at most ${rules[kind].mostBytes}.`);
  }
  if (kind === 'audio' && media.voice === true && !opus.includes(mimeType)) {
    throw invalid('A voice message has to be audio/ogg with the Opus codec.');
  }
}

/** What `POST /<phone number id>/media` takes: one of the supported types, within the limit of its kind. */
export function checkUpload(fields: Record<string, string>, file: Upload | undefined): Upload {
  if (fields.messaging_product !== 'whatsapp') throw badParam('The parameter messaging_product is required.');
  if (!file) throw badParam('The parameter file is required.');
  const unknown = Object.keys(fields).find((key) => key !== 'messaging_product' && key !== 'type');
  if (unknown !== undefined) throw badParam(`Unexpected key "${unknown}" on param "media".`);
  const contentType = fields.type ?? file.contentType;
  const kind = mediaKinds.find((one) => rules[one].mimeTypes.includes(baseType(contentType)));
  if (!kind) {
    const known = mediaKinds.flatMap((one) => rules[one].mimeTypes).join(', ');
    throw badParam(
      `Param file must be a file with one of the following types: ${known}. Received file of type '${contentType}'.`,
    );
  }
  if (file.bytes.length === 0) throw missing('The file is empty.');
  if (file.bytes.length > rules[kind].mostBytes) {
    throw badParam(`File size is too big: at most ${rules[kind].mostBytes} bytes for ${kind}.`);
  }
  return { ...file, contentType };
}

const baseType = (mimeType: string) => mimeType.split(';')[0].trim().toLowerCase();
