import type { MessageDeleted } from '@omni-hub/contracts';
import {
  asInstant,
  asLong,
  asObject,
  asText,
  happened,
  leftAside,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { isOwn, readPlace, type Place } from './inbound-people';
import { readEdit } from './inbound-written';
import { messageId, parseJid, strangeJid, toJid, type MessageName } from './jids';

/**
 * A message about another message, inside `messages.upsert`: the key around it says where and by whom, its own only which. `at` is when
 * it was sent, where it does not say itself.
 */
export function readProtocol(protocol: Unchecked, place: Place, context: Context, at: number): Reading {
  const id = asText(asObject(protocol.key)?.id);
  const { name } = place;
  switch (kindOf(protocol.type)) {
    case 'edit':
      return edited(protocol, { ...place, name: { ...name, id: id ?? '' } }, context, at);
    case 'revoke':
      return id
        ? deleted({ ...authorOf(protocol, place, context), id }, place, context, at)
        : nameless(name.id, context);
    case null:
      return leftAside(name.id, context, otherReason(protocol.type));
  }
}

/** An administrator of a group deletes what others wrote: then the inner key names its author. */
function authorOf(protocol: Unchecked, { chat, name }: Place, { own }: Context): MessageName {
  const author = chat.kind === 'group' ? parseJid(asObject(protocol.key)?.participant) : null;
  if (!author) return name;
  const fromMe = isOwn(author, own);
  return { ...name, fromMe, participant: fromMe ? null : toJid(author) };
}

/**
 * `messages.edited`: such a message alone, without the key around it. Its own key is as its author sees it: for what a person edits in a
 * direct chat it says `fromMe` and names the account's own number, and nothing says which chat it is
 * (https://github.com/evolution-foundation/evolution-api/issues/1647). Those are told, where the version does, by `messages.update`.
 */
export function readEdited(protocol: Unchecked, context: Context): Reading {
  const key = asObject(protocol.key) ?? {};
  const id = asText(key.id);
  if (!id) return nameless(context.occurrence, context);
  const kind = kindOf(protocol.type);
  if (kind === null) return leftAside(context.occurrence, context, otherReason(protocol.type));
  const remote = parseJid(key.remoteJid);
  if (isOwn(remote, context.own)) return leftAside(context.occurrence, context, noChat(kind));
  const author = parseJid(key.participant);
  if (remote?.kind === 'group' && !author) return leftAside(context.occurrence, context, noAuthor(kind));
  const fromMe = remote?.kind === 'group' ? isOwn(author, context.own) : key.fromMe === true;
  const read = readPlace({ ...key, fromMe }, null, context.own);
  if (!read) return leftAside(context.occurrence, context, strangeJid(key.remoteJid));
  const { participant, ...people } = read;
  const place: Place = { ...people, name: { id, fromMe, participant } };
  return kind === 'revoke' ? deleted(place.name, place, context, 0) : edited(protocol, place, context, 0);
}

/** `messages.delete`: the key of what was deleted, or an object that holds it. */
export function readDeletion(item: Unchecked, context: Context): Reading {
  const key = asObject(item.key) ?? item;
  const id = asText(key.id);
  if (!id) return nameless(context.occurrence, context);
  const read = readPlace(key, null, context.own);
  if (!read) return leftAside(`${id}:delete`, context, strangeJid(key.remoteJid));
  const { participant, ...people } = read;
  const name = { id, fromMe: key.fromMe === true, participant };
  return deleted(name, { ...people, name }, context, 0);
}

function edited(protocol: Unchecked, place: Place, context: Context, at: number): Reading {
  const { id } = place.name;
  if (id === '') return nameless(context.occurrence, context);
  const editedAt = asInstant(protocol.timestampMs);
  const eventId = editedAt === null ? `${id}:edit:${context.occurrence}` : `${id}:edit:${editedAt}`;
  const event = readEdit(protocol.editedMessage, place, context, { eventId, at: editedAt ?? at });
  if (event) return happened(event);
  return leftAside(eventId, context, 'A message was edited, and the event does not say what it says now');
}

function deleted(name: MessageName, { chat }: Place, { rawKind }: Context, at: number): Reading {
  const event: MessageDeleted = {
    type: 'delete',
    eventId: `${name.id}:delete`,
    at,
    rawKind,
    chat,
    messageIds: [messageId(name)],
  };
  return happened(event);
}

/** https://github.com/WhiskeySockets/Baileys/blob/master/WAProto/WAProto.proto, `ProtocolMessage.Type`. */
function kindOf(type: unknown): 'edit' | 'revoke' | null {
  if (type === 'MESSAGE_EDIT' || type === 14) return 'edit';
  return type === 'REVOKE' || type === 0 ? 'revoke' : null;
}

function otherReason(type: unknown): string {
  const name = asText(type) ?? asLong(type) ?? 'without a type';
  return `A notice between devices of WhatsApp (${name}) changes no message`;
}

function nameless(eventId: string, context: Context): Reading {
  return leftAside(eventId, context, 'A message was changed, and the event does not say which');
}

function noChat(kind: 'edit' | 'revoke'): string {
  return kind === 'edit'
    ? 'A person edited a message, and Evolution does not tell in which chat (its issue 1647): the text stays as it was, unless the version tells the edit by messages.update too'
    : 'A person deleted a message; messages.delete tells it with its chat and is read';
}

function noAuthor(kind: 'edit' | 'revoke'): string {
  return `A message of a group was ${kind === 'edit' ? 'edited' : 'deleted'}, and Evolution does not tell by whom, so it cannot be told which it was`;
}
