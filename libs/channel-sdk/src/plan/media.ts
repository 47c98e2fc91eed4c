import type { AlbumContent, MediaContent, MediaKind } from '@omni-hub/contracts';
import type { MediaPart, MediaSource, Part, StyledText } from '../parts';
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

/** One file: as its kind, else as a substitute, else as a link to it. */
export function planMedia(content: MediaContent, context: PlanContext): Plan {
  if (context.capabilities.content[content.type] === 'unsupported') throw unsupported(content.type);
  const kind = [content.type, ...substitutes[content.type]].find(
    (candidate) => context.capabilities.content[candidate] === 'native',
  );
  if (!kind) return asLink(content, context);
  return {
    parts: withCaption(content, kind, context),
    fallback: kind === content.type ? null : `${content.type} as ${kind}`,
  };
}

/**
 * Items that platforms show together (pictures and films, documents, sounds) as albums of the channel's size, each
 * followed by what its captions could not hold. Where the channel has no albums: the items one by one.
 */
export function planAlbum({ items }: AlbumContent, context: PlanContext): Plan {
  const { content, maxAlbumItems } = context.capabilities;
  const plans = items.map((item) => planMedia(item, context));
  const single = plans.map(({ fallback }) => fallback).filter((fallback) => fallback !== null);
  if (content.album !== 'native') {
    return {
      parts: plans.flatMap(({ parts }) => parts),
      fallback: ['album one by one', ...new Set(single)].join(', '),
    };
  }
  return {
    parts: groupItems(plans, maxAlbumItems).flatMap(albumParts),
    fallback: single.length > 0 ? [...new Set(single)].join(', ') : null,
  };
}

/** Neighbours that can share an album. */
function groupItems(plans: Plan[], size: number): Plan[][] {
  const groups: Plan[][] = [];
  for (const plan of plans) {
    const group = groups.at(-1);
    const family = familyOf(plan);
    if (group && family && group.length < size && familyOf(group[0]) === family) group.push(plan);
    else groups.push([plan]);
  }
  return groups;
}

function albumParts(group: Plan[]): Part[] {
  if (group.length === 1) return group[0].parts;
  const items = group.map(({ parts }) => parts[0] as MediaPart);
  return [{ type: 'album', items }, ...group.flatMap(({ parts }) => parts.slice(1))];
}

function familyOf({ parts: [first] }: Plan): string | null {
  return first.type === 'media' ? families[first.kind] : null;
}

const families: Record<MediaKind, string | null> = {
  image: 'visual',
  video: 'visual',
  document: 'document',
  audio: 'audio',
  voice: null,
  sticker: null,
};

/** The file with as much of its caption as it can carry; the rest follows as text. Stickers carry none on any platform. */
function withCaption(content: MediaContent, kind: MediaKind, context: PlanContext): Part[] {
  const media: MediaPart = {
    type: 'media',
    kind,
    source: sourceOf(content),
    mimeType: content.mimeType ?? null,
    filename: content.filename ?? null,
    caption: null,
  };
  const caption = content.caption ? parseMarkdown(content.caption) : null;
  if (!caption?.text.trim()) return [media];
  const [held, rest] = holdCaption(caption, kind, context);
  return [{ ...media, caption: held }, ...(rest ? texts(rest, context) : [])];
}

function holdCaption(
  caption: StyledText,
  kind: MediaKind,
  { capabilities, measure }: PlanContext,
): [StyledText | null, StyledText | null] {
  if (kind === 'sticker' || capabilities.maxCaptionLength === 0) return [null, caption];
  return splitOnce(caption, capabilities.maxCaptionLength, measure);
}

function asLink(content: MediaContent, context: PlanContext): Plan {
  if (!content.url) throw unsupported(content.type);
  const address = link(content.filename ?? content.url, content.url);
  const body = content.caption ? joinStyled([parseMarkdown(content.caption), address], '\n\n') : address;
  return { parts: texts(body, context), fallback: `${content.type} as text with a link` };
}

function sourceOf({ url, data }: MediaContent): MediaSource {
  return url === undefined ? { data: data ?? '' } : { url };
}
