import {
  RejectedError,
  UnsupportedError,
  type MediaPart,
  type OutboundFile,
  type OutboundMessage,
  type Part,
} from '@omni-hub/channel-sdk';
import type { ChatId, LocationContent, MessageId, PollContent } from '@omni-hub/contracts';
import { toMarks } from '../../handler/marks';
import type { Call, Key, Quoted } from '../models/api.models';
import { chatJid, parseMessage } from './jids';

type TextPart = Extract<Part, { type: 'text' }>;

/** Where it goes, and what it answers: what all messages have in common. */
interface Envelope {
  number: string;
  quoted?: Quoted;
}

/**
 * The request for one part: https://doc.evolution-api.com/v2/api-reference/message-controller/send-text. Pure. Throws UnsupportedError for
 * what an ordinary account cannot send, RejectedError for ids that are none. There is never a `delay`: Evolution would hold the answer for it.
 */
export function toCall({
  chat,
  part,
  files,
  replyTo,
}: Pick<OutboundMessage, 'chat' | 'part' | 'files' | 'replyTo'>): Call {
  const number = chatJid(chat);
  const envelope: Envelope = replyTo === null ? { number } : { number, quoted: toQuoted(number, replyTo) };
  switch (part.type) {
    case 'text':
      return toText(part, envelope);
    case 'media':
      return toMedia(part, files[0], envelope);
    case 'location':
      return toLocation(part, envelope);
    case 'contact':
      return send('sendContact', { number, contact: [{ fullName: part.name, phoneNumber: part.phone }] });
    case 'poll':
      return toPoll(part, envelope);
    case 'list':
    case 'album':
    case 'template':
    case 'reaction':
    case 'edit':
    case 'delete':
      throw new UnsupportedError(
        `Evolution sends no message of the kind "${part.type}"`,
        `content.${part.type}`,
      );
  }
}

/** A new text for a message that the account sent; WhatsApp allows it for 15 minutes. */
export function toEdit(chat: ChatId, messageId: MessageId, { body }: TextPart): Call {
  const number = chatJid(chat);
  const key = ownKey(number, messageId, 'edited');
  return { method: 'POST', path: 'chat/updateMessage', body: { number, key, text: toMarks(body) } };
}

/** For everyone. What people wrote can be deleted in groups only, by an administrator. */
export function toDeletion(chat: ChatId, messageId: MessageId): Call {
  const remoteJid = chatJid(chat);
  const key = toKey(remoteJid, messageId);
  const body = key.participant === undefined ? ownKey(remoteJid, messageId, 'deleted') : key;
  return { method: 'DELETE', path: 'chat/deleteMessageForEveryone', body };
}

/** An empty emoji takes the reaction back. */
export function toReaction(chat: ChatId, messageId: MessageId, emoji: string): Call {
  return send('sendReaction', { key: toKey(chatJid(chat), messageId), reaction: emoji });
}

/** Evolution answers once `showForMs` have passed, and then takes "typing" back. */
export function toTyping(chat: ChatId, showForMs: number): Call {
  const body = { number: chatJid(chat), presence: 'composing', delay: showForMs };
  return { method: 'POST', path: 'chat/sendPresence', body };
}

export function toRead(chat: ChatId, messageId: MessageId): Call {
  return {
    method: 'POST',
    path: 'chat/markMessageAsRead',
    body: { readMessages: [toKey(chatJid(chat), messageId)] },
  };
}

function toKey(remoteJid: string, messageId: MessageId): Key {
  const { id, fromMe, participant } = parseMessage(messageId);
  return { id, remoteJid, fromMe, ...(participant !== null && { participant }) };
}

function ownKey(remoteJid: string, messageId: MessageId, done: string): Key {
  const key = toKey(remoteJid, messageId);
  if (key.fromMe) return key;
  throw new RejectedError(`Only what the account itself sent can be ${done} here: WhatsApp allows no more`);
}

/** Evolution has the message and quotes it as it is. One given with the key would be shown in its place. */
function toQuoted(remoteJid: string, replyTo: MessageId): Quoted {
  return { key: toKey(remoteJid, replyTo) };
}

function toText({ body, buttons }: TextPart, envelope: Envelope): Call {
  if (buttons.length > 0) {
    throw new UnsupportedError(
      'Buttons of ordinary accounts are not shown on all phones: send a numbered text',
      'content.buttons',
    );
  }
  const text = toMarks(body);
  return send('sendText', { ...envelope, text, linkPreview: /https?:\/\//i.test(text) });
}

/** The kinds of files that have names at Evolution. */
type NamedKind = Exclude<MediaPart['kind'], 'voice' | 'sticker'>;

/** What a file is called when nobody named it: Evolution goes by the ending. */
const defaultNames: Record<NamedKind, string> = {
  image: 'image.jpg',
  video: 'video.mp4',
  audio: 'audio.mp3',
  document: 'document',
};

/** Only pictures, films and documents carry a caption at WhatsApp. */
function toMedia({ kind, caption }: MediaPart, file: OutboundFile, envelope: Envelope): Call {
  const within = (field: string) => ({ file: { field, bytes: file } });
  if (kind === 'sticker') return { ...send('sendSticker', envelope), ...within('sticker') };
  if (kind === 'voice') return { ...send('sendWhatsAppAudio', envelope), ...within('audio') };
  const body = {
    ...envelope,
    mediatype: kind,
    ...(file.mimeType && { mimetype: file.mimeType }),
    ...(caption && { caption: toMarks(caption) }),
    fileName: file.filename ?? defaultNames[kind],
  };
  return { ...send('sendMedia', body), ...within('media') };
}

/** Evolution requires a name and an address. */
function toLocation({ latitude, longitude, name, address }: LocationContent, envelope: Envelope): Call {
  const coordinates = `${latitude}, ${longitude}`;
  return send('sendLocation', {
    ...envelope,
    latitude,
    longitude,
    name: name || address || coordinates,
    address: address || coordinates,
  });
}

/** 0 means that any number of options may be chosen. */
function toPoll({ question, options, multiple }: PollContent, envelope: Envelope): Call {
  return send('sendPoll', {
    ...envelope,
    name: question,
    selectableCount: multiple ? 0 : 1,
    values: options,
  });
}

function send(name: string, body: object): Call {
  return { method: 'POST', path: `message/${name}`, body };
}
