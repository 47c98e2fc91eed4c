import type { ActionChosen, MessageReceived, ReactionChanged } from '@omni-hub/contracts';
import {
  asInstant,
  asLong,
  asObject,
  asText,
  asTime,
  happened,
  leftAside,
  type Context,
  type Own,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { writtenReaders } from './inbound-attachments';
import { choiceReaders, pollOf } from './inbound-choices';
import { openMessage, type Opened } from './inbound-content';
import { ignoredContents } from './inbound-ignored';
import { readReply } from './inbound-mentions';
import { isOwn, readPlace, type Place } from './inbound-people';
import { readProtocol } from './inbound-protocol';
import { contextOf, readWritten, toMessage } from './inbound-written';
import { messageId, parseJid, strangeJid, toJid, type MessageName } from './jids';

/** One message of `messages.upsert`: what a person wrote, or the account from its phone. */
export function readMessage(item: Unchecked, context: Context): Reading {
  const key = asObject(item.key) ?? {};
  const id = asText(key.id);
  if (!id) {
    return leftAside(
      context.occurrence,
      context,
      'The message has no id, so it cannot be told from others. Evolution always sends one',
    );
  }
  const read = readPlace(key, item.pushName, context.own);
  if (!read) return leftAside(id, context, strangeJid(key.remoteJid));
  const { participant, ...people } = read;
  const place: Place = { ...people, name: { id, fromMe: key.fromMe === true, participant } };

  const opened = openMessage(item.message);
  if (!opened?.name) return leftAside(`${id}:empty`, context, emptyReason(item));
  return readOpened(opened, item, place, context);
}

function readOpened(opened: Opened, item: Unchecked, place: Place, context: Context): Reading {
  const { name, value } = opened;
  const { id } = place.name;
  const content = asObject(value) ?? {};
  if (name === 'protocolMessage') return readProtocol(content, place, context, asTime(item.messageTimestamp));
  if (name === 'reactionMessage') return readReaction(content, item, place, context);
  if (name && Object.hasOwn(choiceReaders, name)) return readChoice(name, content, item, place, context);
  const written = readWritten(opened, id);
  if (!written) return leftAside(id, context, nothingReadable(name ?? ''));
  const event: MessageReceived = {
    type: 'message',
    eventId: id,
    at: asTime(item.messageTimestamp),
    rawKind: context.rawKind,
    chat: place.chat,
    sender: place.sender,
    message: toMessage(written, opened, item, place, context.own),
  };
  return happened(event);
}

/** WhatsApp keeps one reaction of a person at a message, and tells it taken back by an empty one. */
function readReaction(content: Unchecked, item: Unchecked, place: Place, context: Context): Reading {
  const target = targetOf(asObject(content.key), place, context.own);
  if (!target)
    return leftAside(place.name.id, context, 'A reaction that names no message; WhatsApp always names one');
  const emoji = asText(content.text);
  const event: ReactionChanged = {
    type: 'reaction',
    eventId: place.name.id,
    at: asInstant(content.senderTimestampMs) ?? asTime(item.messageTimestamp),
    rawKind: context.rawKind,
    chat: place.chat,
    sender: place.sender,
    messageId: messageId(target),
    added: emoji === null ? [] : [emoji],
    removed: [],
  };
  return happened(event);
}

function readChoice(
  name: string,
  content: Unchecked,
  item: Unchecked,
  place: Place,
  context: Context,
): Reading {
  const { id, fromMe } = place.name;
  if (fromMe) {
    return leftAside(id, context, 'The account itself chose something on its phone; that asks for no answer');
  }
  const choices = choiceReaders[name](content, item);
  if (typeof choices === 'string') return leftAside(id, context, choices);
  const contextInfo = contextOf({ name, value: content, albumId: null }, item);
  const poll = pollOf(content);
  const target = poll ? targetOf(poll, place, context.own) : null;
  const events = choices.map(
    ({ actionId, label }, index): ActionChosen => ({
      type: 'action',
      eventId: index === 0 ? id : `${id}:${index}`,
      at: asTime(item.messageTimestamp),
      rawKind: context.rawKind,
      chat: place.chat,
      sender: place.sender,
      actionId,
      label,
      messageId: target ? messageId(target) : (readReply(contextInfo, place, context.own)?.id ?? null),
      ackRef: null,
    }),
  );
  return happened(...events);
}

/** Baileys has already turned such a key round: `fromMe` is from the account's side. In a group the author tells more. */
function targetOf(key: Unchecked | null, { chat }: Place, own: Own): MessageName | null {
  const id = asText(key?.id);
  if (!key || !id) return null;
  const author = chat.kind === 'group' ? parseJid(key.participant) : null;
  const fromMe = author ? isOwn(author, own) : key.fromMe === true;
  return { id, fromMe, participant: author && !fromMe ? toJid(author) : null };
}

function emptyReason(item: Unchecked): string {
  const stub = asText(item.messageStubType) ?? asLong(item.messageStubType);
  const marked = stub === null ? '' : ` (stub ${stub})`;
  return `The message has no content yet${marked}: Evolution could not decrypt it, or it only says something about others. Where the real one follows it has the same id and is read`;
}

function nothingReadable(name: string): string {
  return (
    (Object.hasOwn(ignoredContents, name) ? ignoredContents[name] : null) ??
    (name === 'conversation' || Object.hasOwn(writtenReaders, name)
      ? `The message's "${name}" holds nothing to read: no text, no media and nothing else to answer`
      : `The message holds only what this version does not read (${name.slice(0, 80)}): look at it on the phone`)
  );
}
