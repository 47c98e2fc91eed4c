import {
  RejectedError,
  toPlainText,
  UnsupportedError,
  type OutboundFile,
  type Part,
  type StyledText,
} from '@omni-hub/channel-sdk';
import type {
  ChatId,
  ContactContent,
  LocationContent,
  MessageId,
  TemplateContent,
} from '@omni-hub/contracts';
import { codec, parseChat } from '../../handler/ids';
import { toMarks } from '../../handler/marks';
import type { WindowTemplate } from '../../models/config.models';
import type { MessageContent, Recipient } from '../models/api.models';
import { cloudCapabilities } from './capabilities';
import { asNumberedText, asOneText, toButtons, toList } from './outbound-choices';
import { toMedia, type OutgoingMedia } from './outbound-media';

/** What a part is at WhatsApp: one message, whole or for want of a file that has to be uploaded first. */
export type Outgoing = { message: MessageContent } | OutgoingMedia;

/** Pure; throws UnsupportedError and RejectedError only. */
export function toOutgoing(part: Part, files: readonly OutboundFile[], recipient: Recipient): Outgoing {
  switch (part.type) {
    case 'text':
      if (part.buttons.length === 0) return { message: toText(part.body) };
      return toChoice(part, recipient, toButtons);
    case 'list':
      return toChoice(part, recipient, toList);
    case 'media':
      return toMedia(part, files[0]);
    case 'location':
      return { message: toLocation(part) };
    case 'contact':
      return { message: toContact(part) };
    case 'template':
      return { message: toTemplate(part) };
    case 'reaction':
      return { message: toReaction(part.messageId, part.emoji) };
    case 'album':
    case 'poll':
    case 'edit':
    case 'delete':
      throw new UnsupportedError(
        `The Cloud API has no message of the kind "${part.type}": send another kind of content`,
        `content.${part.type}`,
      );
  }
}

/** A person by their number, by their business-scoped id, or a group. Throws RejectedError for what Cloud cannot reach. */
export function toRecipient(chat: ChatId): Recipient {
  const handle = parseChat(chat);
  switch (handle.kind) {
    case 'phone':
      return { recipient_type: 'individual', to: handle.digits };
    case 'user':
      return { recipient_type: 'individual', recipient: handle.id };
    case 'group':
      return { recipient_type: 'group', to: handle.id };
    case 'lid':
      throw new RejectedError(
        'The Cloud API does not know people by their LID: send to their phone number, or to the chat as it is listed',
      );
  }
}

export function toReaction(messageId: MessageId, emoji: string): MessageContent {
  return { type: 'reaction', reaction: { message_id: toWamid(messageId), emoji } };
}

/** The message's id at WhatsApp. Throws RejectedError for one that is not of the Cloud API. */
export function toWamid(messageId: MessageId): string {
  const [id, ...rest] = codec.decode(messageId);
  if (rest.length === 0 && id !== '') return id;
  throw new RejectedError(
    `"${messageId}" is no message of the Cloud API: use the id of a message as it was received or sent`,
  );
}

/** The same text in the approved template that opens a closed window; null where it cannot be said in one. */
export function toWindowTemplate(part: Part, template: WindowTemplate): TemplateContent | null {
  if (part.type !== 'text' && part.type !== 'list') return null;
  const hasChoices = part.type === 'list' || part.buttons.length > 0;
  const body = hasChoices ? asNumberedText(part, cloudCapabilities) : part.body;
  const text = toPlainText(body).replace(/\s+/g, ' ').trim();
  if (text === '' || text.length > maxParameterLength) return null;
  return {
    type: 'template',
    name: template.name,
    language: template.language,
    components: [{ type: 'body', parameters: [{ type: 'text', text }] }],
  };
}

/** Longer texts do not fit a template, and half of one would be worse than none. */
const maxParameterLength = 1024;

function toText(body: StyledText): MessageContent {
  const text = toMarks(body);
  return { type: 'text', text: { body: text, ...(/https?:\/\//i.test(text) && { preview_url: true }) } };
}

/** Groups take no interactive messages, so choices are told in words there: …/whatsapp/groups/groups-messaging. */
function toChoice<P extends Extract<Part, { type: 'text' | 'list' }>>(
  part: P,
  recipient: Recipient,
  toInteractive: (part: P) => MessageContent | null,
): Outgoing {
  const message = recipient.recipient_type === 'group' ? null : toInteractive(part);
  return { message: message ?? toText(asOneText(part, cloudCapabilities)) };
}

function toLocation({ latitude, longitude, name, address }: LocationContent): MessageContent {
  return {
    type: 'location',
    location: { latitude, longitude, ...(name && { name }), ...(address && { address }) },
  };
}

/** With the person's id at WhatsApp, which is their number, the card has a button to write to them. */
function toContact({ name, phone }: ContactContent): MessageContent {
  const digits = phone.replace(/[\s().-]/g, '');
  const id = /^\+\d{6,15}$/.test(digits) ? { wa_id: digits.slice(1) } : {};
  return {
    type: 'contacts',
    contacts: [{ name: { formatted_name: name, first_name: name }, phones: [{ phone, ...id }] }],
  };
}

function toTemplate({ name, language, components }: TemplateContent): MessageContent {
  return {
    type: 'template',
    template: { name, language: { code: language }, ...(components && { components }) },
  };
}
