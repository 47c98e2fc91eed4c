import type {
  Attachment,
  MediaAttachment,
  MediaKind,
  OtherAttachment,
  PollAttachment,
} from '@omni-hub/contracts';
import {
  MessageFlags,
  StickerFormatType,
  type APIAttachment,
  type APIEmbed,
  type APIMessage,
  type APIPoll,
  type APIPollAnswer,
  type APIPollMedia,
  type APIStickerItem,
} from 'discord-api-types/v10';
import { asCount, asObject, asObjects, asSnowflake, asText, type Unchecked } from '../models/inbound.models';
import { encodeMediaRef } from './media-ref';

/** Where a message's files are found again. */
export interface Whereabouts {
  channel: string;
  message: string;
}

/** Everything that a message carries besides its text, in the order in which an app shows it. */
export function readAttachments(message: Unchecked<APIMessage>, where: Whereabouts): Attachment[] {
  const isVoice = ((asCount(message.flags) ?? 0) & MessageFlags.IsVoiceMessage) !== 0;
  return [
    ...asObjects<APIAttachment>(message.attachments).map((file) => readFile(file, isVoice, where)),
    ...asObjects<APIStickerItem>(message.sticker_items).map(readSticker),
    readPoll(message.poll),
    ...asObjects<APIEmbed>(message.embeds).map(readEmbed),
  ].filter((attachment) => attachment !== null);
}

/** Null without an address: then there is nothing to fetch. */
function readFile(
  file: Unchecked<APIAttachment>,
  isVoice: boolean,
  where: Whereabouts,
): MediaAttachment | null {
  const url = asText(file.url);
  if (url === null) return null;
  const mimeType = asText(file.content_type)?.split(';')[0].trim() || null;
  const filename = asText(file.filename);
  const size = asCount(file.size);
  const attachment = asSnowflake(file.id);
  const seconds = asCount(file.duration_secs);
  const width = asCount(file.width);
  const height = asCount(file.height);
  return {
    kind: isVoice || asText(file.waveform) !== null ? 'voice' : kindOfFile(mimeType),
    ref: encodeMediaRef({ url, ...where, attachment, mimeType, filename, size }),
    mimeType,
    size,
    filename,
    ...(seconds !== null && { durationMs: Math.round(seconds * 1000) }),
    ...(width !== null && { width }),
    ...(height !== null && { height }),
  };
}

function kindOfFile(mimeType: string | null): MediaKind {
  const family = mimeType?.split('/')[0];
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
}

const formats: Record<number, { base: string; extension: string; mimeType: string }> = {
  [StickerFormatType.PNG]: { base: 'https://cdn.discordapp.com', extension: 'png', mimeType: 'image/png' },
  [StickerFormatType.APNG]: { base: 'https://cdn.discordapp.com', extension: 'png', mimeType: 'image/apng' },
  [StickerFormatType.Lottie]: {
    base: 'https://cdn.discordapp.com',
    extension: 'json',
    mimeType: 'application/json',
  },
  [StickerFormatType.GIF]: { base: 'https://media.discordapp.net', extension: 'gif', mimeType: 'image/gif' },
};

/** https://docs.discord.com/developers/reference#image-formatting-cdn-endpoints */
function readSticker(sticker: Unchecked<APIStickerItem>): MediaAttachment | null {
  const id = asSnowflake(sticker.id);
  const format = formats[asCount(sticker.format_type) ?? 0];
  if (id === null || !format) return null;
  const { base, extension, mimeType } = format;
  const filename = `${asText(sticker.name) ?? id}.${extension}`;
  const url = `${base}/stickers/${id}.${extension}`;
  const ref = { url, channel: null, message: null, attachment: null, mimeType, filename, size: null };
  return { kind: 'sticker', ref: encodeMediaRef(ref), mimeType, size: null, filename };
}

function readPoll(value: unknown): PollAttachment | null {
  const poll = asObject<APIPoll>(value);
  const question = asText(asObject<APIPollMedia>(poll?.question)?.text);
  if (!poll || question === null) return null;
  const options = asObjects<APIPollAnswer>(poll.answers).map(({ poll_media: media }) => {
    const told = asObject<APIPollMedia>(media);
    return asText(told?.text) ?? asText(asObject<{ name: string }>(told?.emoji)?.name);
  });
  return {
    kind: 'poll',
    question,
    options: options.filter((option) => option !== null),
    multiple: poll.allow_multiselect === true,
  };
}

/** A card: the preview of a link, or what a program wrote. Only what can be read of it. */
function readEmbed(embed: Unchecked<APIEmbed>): OtherAttachment | null {
  const fields = asObjects<{ name: string; value: string }>(embed.fields)
    .map(({ name, value }) => `${asText(name) ?? ''}: ${asText(value) ?? ''}`)
    .join('\n');
  const texts = {
    title: asText(embed.title),
    description: asText(embed.description),
    fields: asText(fields),
    author: asText(asObject<{ name: string }>(embed.author)?.name),
    footer: asText(asObject<{ text: string }>(embed.footer)?.text),
    url: asText(embed.url),
    image: asText(asObject<{ url: string }>(embed.image)?.url),
  };
  const told = Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== null);
  return told.length === 0 ? null : { kind: 'other', what: 'embed', data: Object.fromEntries(told) };
}
