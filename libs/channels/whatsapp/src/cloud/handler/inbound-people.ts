import type { ChatRef, ContactId, ContactRef } from '@omni-hub/contracts';
import { directChat, fileId, isUserId, type Handle } from '../../handler/ids';
import { asObject, asText, firstText, type Surroundings, type Unchecked } from '../models/inbound.models';

/** A person as a webhook tells of them: their ids, the business-scoped one first, and what they call themselves. */
export interface Person {
  handles: [Handle, ...Handle[]];
  phone: string | null;
  name: string | null;
  username: string | null;
}

/** The ids of one person, as different fields name them. */
export interface NamedIds {
  userId: unknown;
  phone: unknown;
  parentUserId: unknown;
}

/**
 * Whom the ids mean, with what `contacts` adds. People with a username may have no phone number; their `user_id` is always there
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids). Null where no id is one.
 */
export function readPerson(ids: NamedIds, { contacts }: Pick<Surroundings, 'contacts'>): Person | null {
  const contact = [readUser(ids.userId), readPhone(ids.phone)]
    .map((handle) => handle && contacts.get(fileId(handle)))
    .find((found) => found);
  const phone = readPhone(ids.phone) ?? readPhone(contact?.wa_id);
  const handles = [
    readUser(ids.userId) ?? readUser(contact?.user_id),
    phone,
    readUser(ids.parentUserId) ?? readUser(contact?.parent_user_id),
  ].filter((handle) => handle !== null);
  const [first, ...others] = handles;
  if (!first) return null;
  const profile = asObject(contact?.profile);
  return {
    handles: [first, ...others],
    phone: phone?.digits ?? null,
    name: asText(profile?.name),
    username: asText(profile?.username)?.replace(/^@/, '') ?? null,
  };
}

/** The contacts of a webhook by each of their ids. */
export function indexContacts(contacts: readonly Unchecked[]): ReadonlyMap<string, Unchecked> {
  return new Map(
    contacts.flatMap((contact) =>
      [readUser(contact.user_id), readPhone(contact.wa_id)]
        .filter((handle) => handle !== null)
        .map((handle): [string, Unchecked] => [fileId(handle), contact]),
    ),
  );
}

/** The person who wrote a message. */
export function readSender(message: Unchecked, surroundings: Surroundings): Person | null {
  return readPerson(
    { userId: message.from_user_id, phone: message.from, parentUserId: message.from_parent_user_id },
    surroundings,
  );
}

/** The person whom the account wrote to from the phone app. */
export function readAddressee(echo: Unchecked, surroundings: Surroundings): Person | null {
  return readPerson(
    { userId: echo.to_user_id, phone: echo.to, parentUserId: echo.to_parent_user_id },
    surroundings,
  );
}

/** The chat with a person; answers go to their number where it is known. */
export function chatWith({ handles, name }: Person): ChatRef {
  return directChat(handles, handles.find(({ kind }) => kind === 'phone') ?? handles[0], name);
}

export function groupChat(groupId: string, title: string | null = null): ChatRef {
  return { id: fileId({ kind: 'group', id: groupId }), kind: 'group', title };
}

export function contactOf({ handles, phone, name, username }: Person): ContactRef {
  const [id, ...aliases] = [...new Set(handles.map((handle) => fileId<ContactId>(handle)))];
  return {
    id,
    name,
    username,
    phone: phone === null ? null : `+${phone}`,
    locale: null,
    isBot: false,
    ...(aliases.length > 0 && { aliases }),
  };
}

export function readUser(value: unknown): Extract<Handle, { kind: 'user' }> | null {
  const id = asText(value);
  return id !== null && isUserId(id) ? { kind: 'user', id } : null;
}

export function readPhone(value: unknown): Extract<Handle, { kind: 'phone' }> | null {
  const digits = firstText(value)?.replace(/^\+/, '') ?? '';
  return /^\d{4,20}$/.test(digits) ? { kind: 'phone', digits } : null;
}
