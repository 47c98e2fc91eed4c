import type { DeliveryUpdated } from '@omni-hub/contracts';
import {
  asList,
  asLong,
  asObject,
  asText,
  happened,
  leftAside,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { readPlace } from './inbound-people';
import { readEdit } from './inbound-written';
import { messageId } from './jids';

/** By number, as Baileys has them: https://github.com/WhiskeySockets/Baileys/blob/master/WAProto/WAProto.proto, `WebMessageInfo.Status`. */
const names: readonly string[] = ['ERROR', 'PENDING', 'SERVER_ACK', 'DELIVERY_ACK', 'READ', 'PLAYED'];

const statuses: Readonly<Record<string, DeliveryUpdated['status']>> = {
  ERROR: 'failed',
  PENDING: 'accepted',
  SERVER_ACK: 'sent',
  DELIVERY_ACK: 'delivered',
  READ: 'read',
  PLAYED: 'read',
};

/** WhatsApp's code for an account that may not write to people who never wrote to it. */
const restrictedCode = '463';

/**
 * `messages.update`: what became of a message, or what it says now. Some versions put the update into `update` and the key into `key`,
 * as Baileys has them. WhatsApp does not say when.
 */
export function readUpdate(item: Unchecked, context: Context): Reading {
  const update = asObject(item.update) ?? item;
  const key = asObject(item.key) ?? item;
  const id = asText(item.keyId) ?? asText(key.id);
  if (!id)
    return leftAside(
      context.occurrence,
      context,
      'An update that names no message; Evolution always names one',
    );
  const edit = readUpdatedText(id, key, update, context);
  if (edit) return edit;
  const name = statusName(update.status);
  const participant = asText(item.participant) ?? asText(key.participant);
  const eventId = [id, name ?? 'update', ...(participant ? [participant] : [])].join(':');
  if (name === null || !Object.hasOwn(statuses, name))
    return leftAside(eventId, context, unknownReason(name));
  if (key.fromMe !== true) {
    return leftAside(
      eventId,
      context,
      'The status is of what a person wrote: it says that the account has received or read it',
    );
  }
  return happened(toDelivery(id, eventId, statuses[name], stubOf(item, update), context));
}

/** `send.message`: what was sent through Evolution, by this hub or another program, told back with its id. */
export function readSent(item: Unchecked, context: Context): Reading {
  const id = asText(asObject(item.key)?.id);
  if (!id)
    return leftAside(context.occurrence, context, 'A message was sent, and the event does not name it');
  const failed = statusName(item.status) === 'ERROR';
  const status = failed ? 'failed' : 'accepted';
  return happened(toDelivery(id, `${id}:${failed ? 'ERROR' : 'PENDING'}`, status, stubOf(item), context));
}

/** What an answer to a send says; the same as the event that tells it back. */
export function refusalOf(answer: Unchecked): { restricted: boolean; detail: string } | null {
  if (statusName(answer.status) !== 'ERROR') return null;
  return failure(stubOf(answer));
}

function toDelivery(
  id: string,
  eventId: string,
  status: DeliveryUpdated['status'],
  stub: string[],
  { rawKind }: Context,
): DeliveryUpdated {
  const failed = status === 'failed' ? failure(stub) : null;
  return {
    type: 'delivery',
    eventId,
    at: 0,
    rawKind,
    messageId: messageId({ id, fromMe: true, participant: null }),
    status,
    errorCode: failed && (failed.restricted ? 'RESTRICTED' : 'REJECTED'),
    detail: failed && failed.detail,
    deliveryId: null,
    restricted: failed?.restricted ?? false,
  };
}

function failure(stub: string[]): { restricted: boolean; detail: string } {
  if (stub.some((parameter) => parameter.includes(restrictedCode))) {
    return {
      restricted: true,
      detail:
        'WhatsApp restricts the number (463): for now it may not write first to people who never wrote to it, while conversations that are under way go on. Begin none until it is lifted, within hours or days; more attempts make it longer',
    };
  }
  const told = stub.length > 0 ? ` (${stub.join(', ').slice(0, 120)})` : '';
  return {
    restricted: false,
    detail: `WhatsApp did not take the message${told}: try the same from the phone. Where it happens with new contacts only, the number is restricted: begin no conversations for some days`,
  };
}

function stubOf(...places: Unchecked[]): string[] {
  const all = places.flatMap((place) => [place, asObject(place.message), asObject(place.update)]);
  return [
    ...new Set(
      all.flatMap((place) =>
        asList(place?.messageStubParameters).map((value) => String(asText(value) ?? asLong(value) ?? '')),
      ),
    ),
  ].filter((parameter) => parameter !== '');
}

function statusName(status: unknown): string | null {
  const number = asLong(status);
  return number === null ? asText(status) : (names[number] ?? null);
}

/** From 2.3.7 on an edit is told here with its chat. */
function readUpdatedText(id: string, key: Unchecked, update: Unchecked, context: Context): Reading | null {
  const inner = asObject(asObject(asObject(update.message)?.editedMessage)?.message);
  if (!inner) return null;
  const read = readPlace(key, null, context.own);
  if (!read) return null;
  const { participant, ...people } = read;
  const place = { ...people, name: { id, fromMe: key.fromMe === true, participant } };
  const about = { eventId: `${id}:edit:${context.occurrence}`, at: 0 };
  const event = readEdit(inner, place, context, about);
  return event && happened(event);
}

function unknownReason(name: string | null): string {
  if (name === 'DELETED') {
    return 'Evolution writes DELETED where an update has no status, also after an edit or a vote (its issue 2010); what was really deleted is told by messages.delete';
  }
  return name === null
    ? 'An update without a status; messages.edited and messages.delete tell what changed'
    : `A status that this version does not know (${name.slice(0, 40)})`;
}
