import type { AlbumContent, MediaContent, MediaKind } from '@omni-hub/contracts';
import type { MediaPart, MediaSource, Part } from '../parts';
import { texts, unsupported, type Plan, type PlanContext } from './text';
import { parseMarkdown } from '../text/markdown';
import { splitOnce } from '../text/split';
import { joinStyled, link } from '../text/styled';

/** What a kind may be shown as where the channel lacks it, best first. */
const substitutes: Record<MediaKind, MediaKind[]> = {
  image: ['document'],
  video: ['document'],
  audio: ['document'],
  voice: ['audio', 'document'],
  sticker: ['image', 'document'],
  document: [],
};

/** One file on its way: what is said before it, the file, and what goes on after it. */
interface Item {
  before: Part[];
  /** Null where the channel carries no such file and `before` holds a link to it. */
  media: MediaPart | null;
  after: Part[];
  /** What is shown instead of what was asked for. */
  fallbacks: string[];
}

/** One file: as its kind, else as a substitute, else as a link to it. */
export function planMedia(content: MediaContent, context: PlanContext): Plan {
  const item = planItem(content, context);
  return { parts: itemParts(item), fallback: inWords(item.fallbacks) };
}

/**
 * Items that platforms show together (pictures and films, documents, sounds) as albums of the channel's size, each
 * between the captions that its files do not carry and what is too long for those that they do. Where the channel has
 * no albums: the items one by one.
 */
export function planAlbum({ items }: AlbumContent, context: PlanContext): Plan {
  const { content, maxAlbumItems } = context.capabilities;
  const planned = items.map((item) => planItem(item, context));
  const fallbacks = planned.flatMap((item) => item.fallbacks);
  if (content.album !== 'native') {
    return { parts: planned.flatMap(itemParts), fallback: inWords(['album one by one', ...fallbacks]) };
  }
  return { parts: groupItems(planned, maxAlbumItems).flatMap(albumParts), fallback: inWords(fallbacks) };
}

function planItem(content: MediaContent, context: PlanContext): Item {
  if (context.capabilities.content[content.type] === 'unsupported') throw unsupported(content.type);
  const kind = [content.type, ...substitutes[content.type]].find(
    (candidate) => context.capabilities.content[candidate] === 'native',
  );
  if (!kind) return asLink(content, context);
  const { fallbacks, ...parts } = withCaption(content, kind, context);
  const substitute = kind === content.type ? [] : [`${content.type} as ${kind}`];
  return { ...parts, fallbacks: [...substitute, ...fallbacks] };
}

function itemParts({ before, media, after }: Item): Part[] {
  return [...before, ...(media ? [media] : []), ...after];
}

/** Each once; null where there are none. */
function inWords(fallbacks: string[]): string | null {
  return fallbacks.length > 0 ? [...new Set(fallbacks)].join(', ') : null;
}

/** Neighbours that can share an album. */
function groupItems(items: Item[], size: number): Item[][] {
  const groups: Item[][] = [];
  for (const item of items) {
    const group = groups.at(-1);
    const family = familyOf(item);
    if (group && family && group.length < size && familyOf(group[0]) === family) group.push(item);
    else groups.push([item]);
  }
  return groups;
}

function albumParts(group: Item[]): Part[] {
  if (group.length === 1) return itemParts(group[0]);
  return [
    ...group.flatMap(({ before }) => before),
    { type: 'album', items: group.map(({ media }) => media as MediaPart) },
    ...group.flatMap(({ after }) => after),
  ];
}

function familyOf({ media }: Item): string | null {
  return media ? families[media.kind] : null;
}

const families: Record<MediaKind, string | null> = {
  image: 'visual',
  video: 'visual',
  document: 'document',
  audio: 'audio',
  voice: null,
  sticker: null,
};

/** The file with as much of its caption as it carries, and the rest after it; a caption that its kind does not carry goes before it. */
function withCaption(content: MediaContent, kind: MediaKind, context: PlanContext): Item {
  const { captions, maxCaptionLength } = context.capabilities;
  const bare: MediaPart = {
    type: 'media',
    kind,
    source: sourceOf(content),
    mimeType: content.mimeType ?? null,
    filename: content.filename ?? null,
    caption: null,
  };
  const caption = content.caption ? parseMarkdown(content.caption) : null;
  if (!caption?.text.trim()) return { before: [], media: bare, after: [], fallbacks: [] };
  if (!captions.includes(kind)) {
    return {
      before: texts(caption, context),
      media: bare,
      after: [],
      fallbacks: [`caption of ${kind} as text`],
    };
  }
  const [held, rest] = splitOnce(caption, maxCaptionLength, context.measure);
  const after = rest ? texts(rest, context) : [];
  return { before: [], media: { ...bare, caption: held }, after, fallbacks: [] };
}

function asLink(content: MediaContent, context: PlanContext): Item {
  if (!content.url) throw unsupported(content.type);
  const address = link(content.filename ?? content.url, content.url);
  const body = content.caption ? joinStyled([parseMarkdown(content.caption), address], '\n\n') : address;
  const fallbacks = [`${content.type} as text with a link`];
  return { before: texts(body, context), media: null, after: [], fallbacks };
}

/** Bytes have become a file of the hub before anything is planned. */
function sourceOf({ url, mediaId }: MediaContent): MediaSource {
  return url === undefined ? { mediaId: mediaId ?? '' } : { url };
}
