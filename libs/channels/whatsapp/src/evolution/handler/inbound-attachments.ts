import type {
  Attachment,
  ContactAttachment,
  LocationAttachment,
  MediaAttachment,
  MediaKind,
  OtherAttachment,
  PollAttachment,
} from '@omni-hub/contracts';
import {
  asBytes,
  asLong,
  asNumber,
  asObject,
  asObjects,
  asText,
  type Unchecked,
} from '../models/inbound.models';
import { encodeMediaRef } from './media-ref';

/** What a person wrote: its text, and what hangs on it. */
export interface Written {
  text: string;
  attachments: Attachment[];
}

/** Reads the content that stands in one field. `id` is the message's. Null where it holds nothing to read. */
export type WrittenReader = (value: Unchecked, id: string) => Written | null;

/** How each kind of content is read that a person can write. */
export const writtenReaders: Readonly<Record<string, WrittenReader>> = {
  extendedTextMessage: ({ text }) => written(asText(text)),
  imageMessage: (value, id) => media('image', value, id),
  videoMessage: (value, id) => media('video', value, id),
  ptvMessage: (value, id) => media('video', value, id),
  audioMessage: (value, id) => media(value.ptt === true ? 'voice' : 'audio', value, id),
  documentMessage: (value, id) => media('document', value, id),
  stickerMessage: (value, id) => media('sticker', value, id),
  locationMessage: (value) => written(asText(value.comment), location(value, value.isLive === true)),
  liveLocationMessage: (value) => written(asText(value.caption), location(value, true)),
  contactMessage: (value) => written(null, contact(value)),
  contactsArrayMessage: ({ contacts }) => written(null, ...asObjects(contacts).map(contact)),
  pollCreationMessage: (value) => written(null, poll(value)),
  pollCreationMessageV2: (value) => written(null, poll(value)),
  pollCreationMessageV3: (value) => written(null, poll(value)),
  pollCreationMessageV5: (value) => written(null, poll(value)),
  groupInviteMessage: (value) =>
    written(asText(value.caption), other('group-invite', { name: value.groupName, group: value.groupJid })),
  eventMessage: (value) =>
    written(
      asText(value.description),
      other('event', { name: value.name, startsAt: asLong(value.startTime), cancelled: value.isCanceled }),
    ),
  orderMessage: (value) =>
    written(
      asText(value.message),
      other('order', {
        id: value.orderId,
        title: value.orderTitle,
        items: value.itemCount,
        total: thousandths(value.totalAmount1000),
        currency: value.totalCurrencyCode,
      }),
    ),
  productMessage: (value) => product(value),
  templateMessage: (value) => {
    const template = asObject(value.hydratedTemplate) ?? asObject(value.hydratedFourRowTemplate);
    return written(asText(template?.hydratedContentText));
  },
  buttonsMessage: ({ contentText }) => written(asText(contentText)),
  listMessage: ({ description, title }) => written(asText(description) ?? asText(title)),
  interactiveMessage: ({ body }) => written(asText(asObject(body)?.text)),
};

export function written(text: string | null, ...attachments: (Attachment | null)[]): Written | null {
  const found = attachments.filter((attachment) => attachment !== null);
  return text === null && found.length === 0 ? null : { text: text ?? '', attachments: found };
}

/** https://github.com/WhiskeySockets/Baileys/blob/master/WAProto/WAProto.proto, `ImageMessage` and its like. */
function media(kind: MediaKind, value: Unchecked, id: string): Written {
  const seconds = asNumber(value.seconds);
  const [width, height] = [asLong(value.width), asLong(value.height)];
  const about = {
    mimeType: asText(value.mimetype),
    size: asLong(value.fileLength) || null,
    filename: asText(value.fileName) ?? asText(value.title),
  };
  const ref = encodeMediaRef({
    id,
    kind,
    ...about,
    mediaKey: asBytes(value.mediaKey),
    fileSha256: asBytes(value.fileSha256),
    fileEncSha256: asBytes(value.fileEncSha256),
    directPath: asText(value.directPath),
  });
  const attachment: MediaAttachment = {
    kind,
    ref,
    ...about,
    ...(seconds !== null && seconds > 0 && { durationMs: Math.round(seconds * 1000) }),
    ...(width && height && { width, height }),
  };
  return { text: asText(value.caption) ?? '', attachments: [attachment] };
}

function location(value: Unchecked, live: boolean): LocationAttachment | null {
  const [latitude, longitude] = [asNumber(value.degreesLatitude), asNumber(value.degreesLongitude)];
  if (latitude === null || longitude === null) return null;
  const [name, address] = [asText(value.name), asText(value.address)];
  return {
    kind: 'location',
    latitude,
    longitude,
    ...(name && { name }),
    ...(address && { address }),
    ...(live && { live }),
  };
}

function contact(value: Unchecked): ContactAttachment | null {
  const vcard = asText(value.vcard);
  const name = asText(value.displayName) ?? fieldsOf(vcard, 'FN')[0];
  const phones = fieldsOf(vcard, 'TEL');
  if (!name && phones.length === 0) return null;
  return { kind: 'contact', name: name ?? phones[0], phones, ...(vcard && { vcard }) };
}

/** The values of one property of a vCard: `item1.TEL;waid=5511…:+55 11 …`. https://www.rfc-editor.org/rfc/rfc6350#section-3.3 */
function fieldsOf(vcard: string | null, property: string): string[] {
  return (vcard ?? '')
    .split(/\r?\n/)
    .filter((line) => new RegExp(`^([\\w-]+\\.)?${property}[;:]`, 'i').test(line))
    .map((line) => line.slice(line.indexOf(':') + 1).trim())
    .filter((text) => text !== '');
}

/** WhatsApp counts 0 as "any number of them". */
function poll(value: Unchecked): PollAttachment | null {
  const question = asText(value.name);
  const options = asObjects(value.options)
    .map(({ optionName }) => asText(optionName))
    .filter((option) => option !== null);
  if (!question) return null;
  return { kind: 'poll', question, options, multiple: asLong(value.selectableOptionsCount) !== 1 };
}

function product(value: Unchecked): Written | null {
  const about = asObject(value.product) ?? {};
  return written(
    asText(value.body),
    other('product', {
      id: about.productId,
      title: about.title,
      price: thousandths(about.priceAmount1000),
      currency: about.currencyCode,
    }),
  );
}

function thousandths(value: unknown): number | null {
  const amount = asLong(value);
  return amount === null ? null : amount / 1000;
}

/** What is missing or no simple value is left out. */
function other(what: string, data: Record<string, unknown>): OtherAttachment {
  const simple = Object.entries(data).filter(
    (entry): entry is [string, string | number | boolean] =>
      asText(entry[1]) !== null || asNumber(entry[1]) !== null || typeof entry[1] === 'boolean',
  );
  return { kind: 'other', what, data: Object.fromEntries(simple) };
}
