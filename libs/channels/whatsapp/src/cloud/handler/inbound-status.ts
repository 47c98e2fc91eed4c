import type { ContactChanged, DeliveryUpdated, MessageId } from '@omni-hub/contracts';
import { codec } from '../../handler/ids';
import { toFailedDelivery } from '../client/failures';
import {
  asObjects,
  asText,
  asTime,
  firstText,
  type Reading,
  type Surroundings,
  type Unchecked,
} from '../models/inbound.models';
import { contactOf, readPerson } from './inbound-people';

const statuses: Readonly<Record<string, DeliveryUpdated['status']>> = {
  accepted: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
};

/**
 * What became of a message: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status. A
 * status that names the person by number and by business-scoped id also tells that the two are one.
 */
export function readStatus(element: Unchecked, eventId: string, surroundings: Surroundings): Reading {
  const id = asText(element.id);
  const said = asText(element.status);
  if (id === null || said === null) return 'The status names no message or no state. Meta always sends both';
  if (!Object.hasOwn(statuses, said)) {
    return `Meta added the state "${said}" after this version was made: a newer version of the channel may read it`;
  }
  const status = statuses[said];
  const failure = status === 'failed' ? toFailedDelivery(asObjects(element.errors)) : null;
  const event: DeliveryUpdated = {
    type: 'delivery',
    eventId,
    at: asTime(element.timestamp),
    rawKind: `statuses.${said}`,
    messageId: codec.encode<MessageId>(id),
    status,
    errorCode: failure?.errorCode ?? null,
    detail: failure?.detail ?? null,
    deliveryId: asText(element.biz_opaque_callback_data),
    restricted: failure?.restricted ?? false,
  };
  return [event, ...readIdentity(element, event, surroundings)];
}

/** `<wamid>:<state>`, in groups with the member whom it is about; null where it has neither. */
export function statusId(element: Unchecked): string | null {
  const id = asText(element.id);
  const said = asText(element.status);
  if (id === null || said === null) return null;
  const member = firstText(element.recipient_participant_user_id, element.recipient_participant_id);
  return [id, said, ...(member === null ? [] : [member])].join(':');
}

/** Its id is made of the ids alone: told by every status, it is new once. */
function readIdentity(
  element: Unchecked,
  { at, rawKind }: DeliveryUpdated,
  surroundings: Surroundings,
): ContactChanged[] {
  if (element.recipient_type === 'group') return [];
  const person = readPerson(
    {
      userId: element.recipient_user_id,
      phone: element.recipient_id,
      parentUserId: element.recipient_parent_user_id,
    },
    surroundings,
  );
  const user = person?.handles.find(({ kind }) => kind === 'user');
  if (!person || person.phone === null || user?.kind !== 'user') return [];
  const eventId = `contact:${user.id}:${person.phone}`;
  return [{ type: 'contact', eventId, at, rawKind, contact: contactOf(person) }];
}
