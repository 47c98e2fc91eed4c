import {
  RejectedError,
  requireSize,
  UnsupportedError,
  type MediaPart,
  type OutboundFile,
} from '@omni-hub/channel-sdk';
import type { MessageBody, Upload } from '../models/api.models';
import { toMarkdown } from './markdown';

/** What a file is called when nobody named it: Discord goes by the ending. */
const defaultNames: Record<MediaPart['kind'], string> = {
  image: 'image.png',
  video: 'video.mp4',
  audio: 'audio.mp3',
  voice: 'voice.ogg',
  document: 'document',
  sticker: 'sticker.png',
};

const mostText = 2000;
/** Of a whole request; how much of one file depends on the server: https://docs.discord.com/developers/reference#uploading-files. */
const mostBytes = 25 * 1_048_576;

/** Files of one message, attached to it. Throws RejectedError for more than one message holds. */
export function toFiles(
  items: readonly MediaPart[],
  sent: readonly OutboundFile[],
): Pick<MessageBody, 'content' | 'attachments'> & { files: Upload[] } {
  if (items.some(({ kind }) => kind === 'sticker'))
    throw new UnsupportedError(
      'Discord: a bot sends stickers of a server only; send a picture',
      'content.sticker',
    );
  const content = items.flatMap(({ caption }) => (caption ? [toMarkdown(caption)] : [])).join('\n\n');
  if (content.length > mostText)
    throw new RejectedError(
      'Discord: the captions of one message have 2000 characters together; send the files one by one',
    );
  const size = sent.reduce((sum, file) => sum + file.size, 0);
  requireSize({ size }, mostBytes, 'Discord: the files of one message together');
  const files = items.map(({ kind }, index) => toUpload(kind, sent[index]));
  return {
    ...(content !== '' && { content }),
    attachments: files.map(({ filename }, id) => ({ id: String(id), filename })),
    files,
  };
}

function toUpload(kind: MediaPart['kind'], { filename, mimeType, open }: OutboundFile): Upload {
  return { filename: filename ?? defaultNames[kind], mimeType, open };
}
