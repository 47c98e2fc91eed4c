import type { Attachment, MediaKind, OtherAttachment } from '@omni-hub/contracts';
import { reasonOf } from '../client/failures';
import {
  asNumber,
  asObject,
  asObjects,
  asText,
  firstText,
  readable,
  type Unchecked,
} from '../models/inbound.models';
import { encodeMediaRef } from './media-ref';

/** What a message says. */
export interface Said {
  text: string;
  attachments: Attachment[];
}

/** One kind of message; null where it lacks what makes it one. The first value is what stands in the field of its type. */
type Reader = (body: Unchecked) => Said | null;

const readers: Readonly<Record<string, Reader>> = {
  text: ({ body }) => (asText(body) === null ? null : { text: body as string, attachments: [] }),
  image: (body) => readMedia('image', body),
  video: (body) => readMedia('video', body),
  document: (body) => readMedia('document', body),
  sticker: (body) => readMedia('sticker', body),
  audio: (body) => readMedia(body.voice === true ? 'voice' : 'audio', body),
  location: readLocation,
  order: readOrder,
};

/**
 * What a person wrote: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages. A
 * kind that cannot be read, or that Meta tells nothing of, is an attachment `unsupported`: an agent can then say so.
 */
export function readContent(message: Unchecked, errors: readonly Unchecked[]): Said {
  const type = asText(message.type) ?? 'unknown';
  const { text, attachments } = readKind(type, message) ?? {
    text: asText(asObject(message[type])?.caption) ?? '',
    attachments: [unsupported(type, message, errors)],
  };
  return { text, attachments: [...attachments, ...readSurroundings(message)] };
}

function readKind(type: string, message: Unchecked): Said | null {
  if (type === 'contacts') return readContacts(message.contacts);
  const body = asObject(message[type]);
  return body && Object.hasOwn(readers, type) ? readers[type](body) : null;
}

function readMedia(kind: MediaKind, body: Unchecked): Said | null {
  const id = asText(body.id);
  if (id === null) return null;
  const mimeType = asText(body.mime_type);
  const filename = asText(body.filename);
  const ref = encodeMediaRef({ id, sha256: asText(body.sha256), mimeType, filename });
  return {
    text: asText(body.caption) ?? '',
    attachments: [{ kind, ref, mimeType, size: null, filename }],
  };
}

function readLocation(body: Unchecked): Said | null {
  const latitude = asNumber(body.latitude);
  const longitude = asNumber(body.longitude);
  if (latitude === null || longitude === null) return null;
  const name = asText(body.name);
  const address = asText(body.address);
  return {
    text: '',
    attachments: [
      { kind: 'location', latitude, longitude, ...(name && { name }), ...(address && { address }) },
    ],
  };
}

/** Cards of people. One that a person gave of themselves, when asked for it, may have no name. */
function readContacts(cards: unknown): Said | null {
  const attachments = asObjects(cards).map((card): Attachment => {
    const phones = asObjects(card.phones)
      .map(({ phone, wa_id }) => firstText(phone, wa_id && `+${String(wa_id)}`))
      .filter((phone) => phone !== null);
    const vcard = asText(card.vcard);
    return { kind: 'contact', name: nameOf(card) ?? phones[0] ?? '', phones, ...(vcard && { vcard }) };
  });
  return attachments.length === 0 ? null : { text: '', attachments };
}

function nameOf({ name, org }: Unchecked): string | null {
  const { formatted_name, first_name, last_name } = asObject(name) ?? {};
  const whole = [asText(first_name), asText(last_name)].filter((part) => part !== null).join(' ');
  return firstText(formatted_name, whole, asObject(org)?.company);
}

function readOrder(body: Unchecked): Said | null {
  const items = asObjects(body.product_items).map(
    ({ product_retailer_id, quantity, item_price, currency }) =>
      `${asNumber(quantity) ?? 1} × ${asText(product_retailer_id) ?? 'unknown'}` +
      (asNumber(item_price) === null
        ? ''
        : ` at ${asNumber(item_price)} ${asText(currency) ?? ''}`.trimEnd()),
  );
  if (items.length === 0) return null;
  const data = readable({ catalogId: body.catalog_id, items: items.join('; ') });
  return { text: asText(body.text) ?? '', attachments: [{ kind: 'other', what: 'order', data }] };
}

function unsupported(type: string, message: Unchecked, errors: readonly Unchecked[]): OtherAttachment {
  const kind = firstText(asObject(message.unsupported)?.type, type);
  const [error] = [...asObjects(message.errors), ...errors];
  const reason = error
    ? reasonOf(error)
    : 'The message is of a kind that this version does not read, or lacks its content';
  return { kind: 'other', what: 'unsupported', data: readable({ type: kind, reason }) };
}

/** What led to a message: an advertisement that was pressed, a product that is asked about. */
function readSurroundings({ referral, context }: Unchecked): Attachment[] {
  const advertisement = asObject(referral);
  const product = asObject(asObject(context)?.referred_product);
  return [
    ...other('referral', {
      sourceUrl: advertisement?.source_url,
      sourceType: advertisement?.source_type,
      sourceId: advertisement?.source_id,
      headline: advertisement?.headline,
      body: advertisement?.body,
      clickId: advertisement?.ctwa_clid,
    }),
    ...other('product', { catalogId: product?.catalog_id, productId: product?.product_retailer_id }),
  ];
}

function other(what: string, fields: Record<string, unknown>): OtherAttachment[] {
  const data = readable(fields);
  return Object.keys(data).length === 0 ? [] : [{ kind: 'other', what, data }];
}
