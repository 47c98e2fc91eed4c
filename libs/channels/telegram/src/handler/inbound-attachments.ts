import type {
  Animation,
  Audio,
  Document,
  LivePhoto,
  Message,
  PaidMedia,
  PaidMediaInfo,
  PaidMediaPreview,
  PhotoSize,
  Sticker,
  Video,
  VideoNote,
  Voice,
} from '@grammyjs/types';
import type { Attachment, MediaAttachment, MediaKind } from '@omni-hub/contracts';
import { asCount, asObject, asObjects, asText, type Unchecked } from '../models/inbound.models';
import { readContact, readLocation, readPoll, readSmallThings, other } from './inbound-cards';
import { readRichMessage } from './inbound-rich';
import { encodeMediaRef } from './media-ref';

type AnyFile = Animation & Audio & Document & LivePhoto & PhotoSize & Sticker & Video & VideoNote & Voice;

/** A message, or a block of a rich message: they name their content alike. */
type Holder = Unchecked<Message & { voice_note: Voice }>;

/** Everything that a message carries besides its text, in the order in which an app shows it. */
export function readAttachments(message: Unchecked<Message>): Attachment[] {
  return [
    ...contentOf(message),
    ...paidMedia(message.paid_media),
    ...readSmallThings(message),
    ...readRichMessage(message.rich_message).blocks.flatMap(contentOf),
  ];
}

function contentOf(holder: Holder): Attachment[] {
  const animation = file('video', holder.animation);
  return [
    photo(holder.photo),
    file('video', holder.live_photo),
    file('video', holder.video),
    animation,
    file('video', holder.video_note, 'video/mp4'),
    file('audio', holder.audio),
    file('voice', holder.voice ?? holder.voice_note),
    // An animation is told a second time as a document, for programs older than animations.
    animation ? null : file('document', holder.document),
    sticker(holder.sticker),
    readLocation(holder.location, holder.venue),
    readContact(holder.contact),
    readPoll(holder.poll),
  ].filter((attachment) => attachment !== null);
}

/** Telegram offers several sizes and makes all of them JPEG: the largest is taken. */
function photo(sizes: unknown): MediaAttachment | null {
  const [largest] = asObjects<PhotoSize>(sizes).sort((one, two) => area(two) - area(one));
  return file('image', largest, 'image/jpeg');
}

function area(size: Unchecked<PhotoSize>): number {
  return (asCount(size.width) ?? 0) * (asCount(size.height) ?? 0);
}

/** The three formats of https://core.telegram.org/stickers. */
function sticker(value: unknown): MediaAttachment | null {
  const found = asObject<Sticker>(value);
  if (found?.is_animated === true) return file('sticker', found, 'application/x-tgsticker');
  return file('sticker', found, found?.is_video === true ? 'video/webm' : 'image/webp');
}

/** Null without a `file_id`: then there is nothing to fetch. `knownType` is for files that Telegram gives no type. */
function file(kind: MediaKind, value: unknown, knownType: string | null = null): MediaAttachment | null {
  const found = asObject<AnyFile>(value);
  const fileId = asText(found?.file_id);
  if (!found || fileId === null) return null;
  const mimeType = asText(found.mime_type) ?? knownType;
  const filename = asText(found.file_name);
  const seconds = asCount(found.duration);
  const width = asCount(found.width) ?? asCount(found.length);
  const height = asCount(found.height) ?? asCount(found.length);
  const emoji = asText(found.emoji);
  return {
    kind,
    ref: encodeMediaRef({ fileId, mimeType, filename }),
    mimeType,
    size: asCount(found.file_size),
    filename,
    ...(seconds !== null && { durationMs: seconds * 1000 }),
    ...(width !== null && { width }),
    ...(height !== null && { height }),
    ...(emoji !== null && { emoji }),
  };
}

/** What has been paid for is like any other media; what has not is told as a preview with its price in Telegram Stars. */
function paidMedia(value: unknown): Attachment[] {
  const info = asObject<PaidMediaInfo>(value);
  return asObjects<PaidMedia & Message & PaidMediaPreview>(info?.paid_media).flatMap((item): Attachment[] => {
    if (item.type !== 'preview') return contentOf(item);
    const { width, height, duration } = item;
    return [other('paid media', { stars: info?.star_count, width, height, seconds: duration })];
  });
}
