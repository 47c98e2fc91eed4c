import { RejectedError, UnsupportedError, type MediaPart } from '@omni-hub/channel-sdk';
import type { MessageBody, Upload } from '../models/api.models';
import { toMarkdown } from './markdown';

/** What an upload is called when nobody named it: Discord goes by the ending. */
const defaultNames: Record<MediaPart['kind'], string> = {
  image: 'image.png',
  video: 'video.mp4',
  audio: 'audio.mp3',
  voice: 'voice.ogg',
  document: 'document',
  sticker: 'sticker.png',
};

const mostText = 2000;

/**
 * Files of one message. Bytes are attached. Discord attaches nothing by its address: the picture behind one is shown in an embed,
 * anything else as a link, which Discord's apps play where they can. https://docs.discord.com/developers/reference#uploading-files
 */
export function toFiles(items: readonly MediaPart[]): Pick<
  MessageBody,
  'content' | 'embeds' | 'attachments'
> & {
  files: Upload[];
} {
  if (items.some(({ kind }) => kind === 'sticker'))
    throw new UnsupportedError(
      'Discord: a bot sends stickers of a server only; send a picture',
      'content.sticker',
    );
  const uploads = items.flatMap((item) => ('data' in item.source ? [toUpload(item, item.source.data)] : []));
  const pictures = items.flatMap((item) =>
    'url' in item.source && isPicture(item) ? [item.source.url] : [],
  );
  const links = items.flatMap((item) => ('url' in item.source && !isPicture(item) ? [item.source.url] : []));
  const captions = items.flatMap(({ caption }) => (caption ? [toMarkdown(caption)] : []));
  const content = [...captions, ...(links.length > 0 ? [links.join('\n')] : [])].join('\n\n');
  if (content.length > mostText)
    throw new RejectedError(
      'Discord: the captions and links of one message have 2000 characters together; send the files one by one',
    );
  return {
    ...(content !== '' && { content }),
    ...(pictures.length > 0 && { embeds: pictures.map((url) => ({ image: { url } })) }),
    ...(uploads.length > 0 && {
      attachments: uploads.map(({ filename }, id) => ({ id: String(id), filename })),
    }),
    files: uploads,
  };
}

function isPicture({ kind }: MediaPart): boolean {
  return kind === 'image';
}

function toUpload(item: MediaPart, data: string): Upload {
  return { data, filename: item.filename ?? defaultNames[item.kind], mimeType: item.mimeType };
}
