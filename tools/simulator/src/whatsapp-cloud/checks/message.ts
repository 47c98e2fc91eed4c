import type { Fields } from '../chat';
import { badParam, invalid, known } from '../errors';
import type { MediaStore } from '../media';
import type { BusinessNumber } from '../number';
import { mediaKinds, type MediaKind } from '../samples';
import {
  at,
  link,
  list,
  number as numberAt,
  object,
  oneOf,
  optionalFlag,
  optionalText,
  text,
} from './fields';
import { checkInteractive } from './interactive';
import { checkMedia } from './media';
import { checkTemplate } from './template';

const envelopeKeys = [
  'messaging_product',
  'recipient_type',
  'to',
  'recipient',
  'type',
  'context',
  'biz_opaque_callback_data',
  'recipient_identity_key_hash',
];

/** What a send asks for, once it has passed every check that needs no chat. */
export interface CheckedMessage {
  type: string;
  content: Fields;
  /** Digits, or a user id. */
  to: string;
  /** As it was written. */
  input: string;
  byPhone: boolean;
  replyTo: string | null;
  callbackData: string | null;
  /** `service`, or that of the template. */
  category: string;
}

/** Judges the body of a send. `store` is null where media is not kept. */
export function checkMessage(store: MediaStore | null, number: BusinessNumber, body: Fields): CheckedMessage {
  checkProduct(body);
  const type = body.type ?? 'text';
  const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined;
  if (!check) throw known(131051, { details: `Message type "${String(type)}" is not supported.` });
  object(body, '', [...envelopeKeys, type as string]);
  if (body.recipient_type !== undefined)
    oneOf(body.recipient_type, 'recipient_type', ['individual', 'group']);
  const recipient = body.recipient_type === 'group' ? groupOf(body, type as string) : recipientOf(body);
  const category = check({ store, number, value: body[type as string] }) ?? 'service';
  return {
    type: type as string,
    content: { [type as string]: body[type as string] },
    ...recipient,
    replyTo: contextOf(body.context),
    callbackData: optionalText(body.biz_opaque_callback_data, 'biz_opaque_callback_data', 512) ?? null,
    category,
  };
}

/** The first thing that the platform looks at. */
export function checkProduct(body: Fields): void {
  if (body.messaging_product === 'whatsapp') return;
  if (body.messaging_product === undefined) throw badParam('The parameter messaging_product is required.');
  throw badParam('Param messaging_product must be one of {WHATSAPP} - got something else.');
}

function recipientOf({ to, recipient }: Fields): Pick<CheckedMessage, 'to' | 'input' | 'byPhone'> {
  if (to !== undefined) {
    const input = text(to, 'to', 64);
    const digits = input.replace(/[\s()+-]/g, '');
    if (!/^\d{5,20}$/.test(digits)) {
      throw invalid('to is not a valid phone number');
    }
    return { to: digits, input, byPhone: true };
  }
  if (recipient === undefined) throw badParam('The parameter to is required.');
  const input = text(recipient, 'recipient', 160);
  if (!/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(input)) {
    throw invalid('recipient is not a valid business-scoped user ID');
  }
  return { to: input, input, byPhone: false };
}

/** Groups take texts, files and templates: https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/groups-messaging */
function groupOf({ to }: Fields, type: string): Pick<CheckedMessage, 'to' | 'input' | 'byPhone'> {
  const input = text(to, 'to', 160);
  const isTaken = type === 'text' || type === 'template' || (mediaKinds as readonly string[]).includes(type);
  if (!isTaken) throw known(130501);
  return { to: input, input, byPhone: false };
}

function contextOf(value: unknown): string | null {
  return value === undefined
    ? null
    : text(object(value, 'context', ['message_id']).message_id, at('context', 'message_id'), 256);
}

interface Asked {
  store: MediaStore | null;
  number: BusinessNumber;
  value: unknown;
}

/** Judges the content of each type; only a template has a category of its own. */
const checks: Record<string, (asked: Asked) => string | void> = {
  text: ({ value }) => {
    const content = object(value, 'text', ['body', 'preview_url']);
    text(content.body, at('text', 'body'), 4096);
    optionalFlag(content.preview_url, at('text', 'preview_url'));
  },
  ...Object.fromEntries(mediaKinds.map((kind) => [kind, mediaCheck(kind)])),
  location: ({ value }) => {
    const content = object(value, 'location', ['latitude', 'longitude', 'name', 'address']);
    numberAt(content.latitude, at('location', 'latitude'), -90, 90);
    numberAt(content.longitude, at('location', 'longitude'), -180, 180);
    optionalText(content.name, at('location', 'name'), 1000);
    optionalText(content.address, at('location', 'address'), 1000);
  },
  contacts: ({ value }) => list(value, 'contacts', 257).forEach(checkContact),
  reaction: ({ value }) => {
    const content = object(value, 'reaction', ['message_id', 'emoji']);
    text(content.message_id, at('reaction', 'message_id'), 256);
    if (content.emoji !== '') checkEmoji(text(content.emoji, at('reaction', 'emoji'), 64));
  },
  interactive: ({ store, number, value }) => checkInteractive(store, number, value),
  template: ({ number, value }) => checkTemplate(number, value).category ?? 'utility',
};

function mediaCheck(kind: MediaKind) {
  return ({ store, number, value }: Asked) => checkMedia(store, number, kind, value);
}

function checkEmoji(emoji: string): void {
  const pictures = [...new Intl.Segmenter().segment(emoji)];
  if (pictures.length !== 1 || !/\p{Emoji}/u.test(emoji))
    throw badParam("Param reaction['emoji'] is not an emoji.");
}

const contactKeys = ['name', 'phones', 'emails', 'addresses', 'org', 'urls', 'birthday'];
const nameKeys = ['formatted_name', 'first_name', 'last_name', 'middle_name', 'suffix', 'prefix'];

function checkContact(value: unknown): void {
  const contact = object(value, 'contacts', contactKeys);
  const where = at('contacts', 'name');
  const name = object(contact.name, where, nameKeys);
  text(name.formatted_name, at(where, 'formatted_name'), 1000);
  if (Object.keys(name).length < 2) {
    throw badParam(`Param ${where} needs formatted_name and at least one other part of the name.`);
  }
  each(contact.phones, 'phones', ['phone', 'wa_id', 'type'], ({ phone }, place) => text(phone, place, 64));
  each(contact.emails, 'emails', ['email', 'type'], ({ email }, place) => text(email, place, 320));
  each(contact.urls, 'urls', ['url', 'type'], ({ url }, place) => link(url, place));
  each(
    contact.addresses,
    'addresses',
    ['street', 'city', 'state', 'zip', 'country', 'country_code', 'type'],
    () => {},
  );
  if (contact.org !== undefined)
    object(contact.org, at('contacts', 'org'), ['company', 'department', 'title']);
  if (contact.birthday !== undefined && !/^\d{4}-\d\d-\d\d$/.test(String(contact.birthday))) {
    throw badParam(`Param ${at('contacts', 'birthday')} must be YYYY-MM-DD.`);
  }
}

function each(
  value: unknown,
  key: string,
  keys: string[],
  check: (item: Fields, place: string) => unknown,
): void {
  if (value === undefined) return;
  const place = at('contacts', key);
  for (const item of list(value, place, 100)) check(object(item, place, keys), place);
}
