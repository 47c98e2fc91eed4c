import type { MediaPart, MediaSource, OutboundFile, OutboundMessage, Part } from '@omni-hub/channel-sdk';
import type { Content, MediaContent } from '@omni-hub/contracts';
import { Readable } from 'node:stream';

/** Fixtures hold bytes where the hub has a file with a name. This is the name that stands for them. */
const bytesPrefix = 'base64:';

/** Content as the hub plans it: what it brings along has become a file. */
export function withNamedBytes(content: Content): Content {
  if (content.type === 'album') return { ...content, items: content.items.map(namedContent) };
  return 'data' in content ? namedContent(content) : content;
}

/** A fixture's part as the handler gets it, with its files. */
export function withFiles(part: Part): Pick<OutboundMessage, 'part' | 'files'> {
  if (part.type === 'media') {
    const named = namedPart(part);
    return { part: named, files: [fileOf(named)] };
  }
  if (part.type !== 'album') return { part, files: [] };
  const items = part.items.map(namedPart);
  return { part: { ...part, items }, files: items.map(fileOf) };
}

function namedContent({ data, ...content }: MediaContent): MediaContent {
  return data === undefined ? content : { ...content, mediaId: bytesPrefix + data };
}

function namedPart(part: MediaPart): MediaPart {
  const source: MediaSource | { data: string } = part.source;
  return 'data' in source ? { ...part, source: { mediaId: bytesPrefix + source.data } } : part;
}

/** Of a URL the kit fetches nothing: its file holds the URL itself. */
function fileOf({ source, mimeType, filename }: MediaPart): OutboundFile {
  const bytes =
    'mediaId' in source
      ? Buffer.from(source.mediaId.replace(bytesPrefix, ''), 'base64')
      : Buffer.from(source.url);
  return {
    size: bytes.length,
    mimeType,
    filename,
    open: () => Promise.resolve(Readable.from([bytes], { objectMode: false })),
  };
}
