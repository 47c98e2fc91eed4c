import type { Recording } from '../models/recording';

/** Services tell a recording's format by the ending of its name. */
const endings: Record<string, string> = {
  'audio/ogg': 'ogg',
  'application/ogg': 'ogg',
  'audio/opus': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/mp4': 'm4a',
  'audio/m4a': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/aac': 'aac',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/vnd.wave': 'wav',
  'audio/webm': 'webm',
  'video/webm': 'webm',
  'audio/flac': 'flac',
  'audio/x-flac': 'flac',
  'audio/amr': 'amr',
  'audio/3gpp': '3gp',
  'video/mp4': 'mp4',
};

/** What voice notes are on every platform. */
const usual = 'ogg';

/** What the service is told of the file. The name that a person gave it is not passed on. Pure. */
export function upload({ mimeType, filename }: Pick<Recording, 'mimeType' | 'filename'>): {
  filename: string;
  contentType: string;
} {
  const type = mimeType?.split(';')[0].trim().toLowerCase() ?? '';
  const named = /\.([a-z0-9]{2,4})$/i.exec(filename ?? '')?.[1].toLowerCase();
  return {
    filename: `audio.${endings[type] ?? named ?? usual}`,
    contentType: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream',
  };
}
