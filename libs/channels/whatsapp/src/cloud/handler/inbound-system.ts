import type { ChatChanged, ContactChanged } from '@omni-hub/contracts';
import type { Handle } from '../../handler/ids';
import {
  asObject,
  asText,
  asTime,
  type Reading,
  type Surroundings,
  type Unchecked,
} from '../models/inbound.models';
import { chatWith, contactOf, readPerson, readPhone, readUser, type Person } from './inbound-people';

/** What WhatsApp tells in the form of a message: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system. */
export function readSystem(message: Unchecked, id: string, surroundings: Surroundings): Reading {
  const system = asObject(message.system);
  const type = asText(system?.type);
  const event = {
    eventId: id,
    at: asTime(message.timestamp),
    rawKind: `messages.system.${type ?? 'unknown'}`,
  };
  switch (type) {
    case 'user_changed_number':
    case 'customer_changed_number':
    case 'user_changed_user_id': {
      const now = readPerson(
        {
          userId: system?.user_id,
          phone: system?.wa_id ?? system?.new_wa_id,
          parentUserId: system?.parent_user_id,
        },
        surroundings,
      );
      return readChange(event, type, now, [
        readUser(message.from_user_id),
        readUser(system?.previous_user_id),
        readUser(previousIn(system?.body, system?.user_id)),
        readPhone(message.from),
        readUser(message.from_parent_user_id),
      ]);
    }
    case 'customer_identity_changed':
      return "The person's device or keys changed. That matters only to those who ask for it in their messages, which this hub does not";
    default:
      return `WhatsApp tells of a change ("${type ?? 'unknown'}") that this version does not know: a newer version of the channel may read it`;
  }
}

/** One entry of the field `user_id_update`: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids. */
export function readUserIdUpdate(update: Unchecked, id: string, surroundings: Surroundings): Reading {
  const ids = asObject(update.user_id);
  const parents = asObject(update.parent_user_id);
  const now = readPerson(
    { userId: ids?.current, phone: update.wa_id, parentUserId: parents?.current },
    surroundings,
  );
  const event = { eventId: id, at: asTime(update.timestamp), rawKind: 'user_id_update' };
  return readChange(event, 'user_id_update', now, [readUser(ids?.previous), readUser(parents?.previous)]);
}

/** A person has other ids now: told of the chat, whose answers go to a new address, and of the contact. */
function readChange(
  event: { eventId: string; at: number; rawKind: string },
  what: string,
  now: Person | null,
  before: (Handle | null)[],
): Reading {
  const known = before.filter((handle) => handle !== null);
  if (!now || known.length === 0) return 'Somebody has another id now, and Meta does not say who, or which';
  const person: Person = { ...now, handles: [...now.handles, ...known] };
  const chat: ChatChanged = {
    type: 'chat',
    ...event,
    chat: withNewAddress(person, now),
    movedTo: null,
    what,
  };
  const contact: ContactChanged = {
    type: 'contact',
    ...event,
    eventId: `${event.eventId}:contact`,
    contact: contactOf(person),
  };
  return [chat, contact];
}

/** All the names, old and new; the way to the person is a new one. */
function withNewAddress(person: Person, now: Person): ChatChanged['chat'] {
  const { address: _, ...chat } = chatWith(person);
  const { id, address = id } = chatWith(now);
  return { ...chat, ...(address !== chat.id && { address }) };
}

/** Where the old id is not told by itself, the end of the sentence has it; what is before that a person may have made up. */
function previousIn(body: unknown, current: unknown): string | null {
  const [, previous, next] = / changed from (\S+) to (\S+?)\.?$/.exec(asText(body) ?? '') ?? [];
  return next !== undefined && next === current ? previous : null;
}
