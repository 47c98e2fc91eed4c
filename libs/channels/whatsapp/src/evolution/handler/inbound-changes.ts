import type { ChatId, ContactRef, MembershipChanged } from '@omni-hub/contracts';
import { fileId } from '../../handler/ids';
import {
  asList,
  asObjects,
  asText,
  happened,
  leftAside,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { isOwn, readContact } from './inbound-people';
import { parseJid, strangeJid } from './jids';

/** `contacts.upsert`, `contacts.update`, `contacts.set`: one contact. Versions differ in what they call its JID and its name. */
export function readContactChange(item: Unchecked, context: Context): Reading {
  const { occurrence, rawKind } = context;
  const contact = readContact(
    [item.remoteJid, item.id, item.remoteJidAlt, item.jid, item.phoneNumber, item.lid],
    asText(item.pushName) ?? asText(item.name) ?? asText(item.notify),
  );
  if (!contact) return leftAside(occurrence, context, 'The contact is no person whom a JID names');
  if (contact.name === null && !contact.aliases) {
    return leftAside(
      occurrence,
      context,
      'The contact says nothing but its number: it is known by its messages',
    );
  }
  return happened({ type: 'contact', eventId: occurrence, at: 0, rawKind, contact });
}

/** `groups.upsert`, `groups.update`: one group, or what changed about it. */
export function readGroup(item: Unchecked, context: Context): Reading {
  const { occurrence, rawKind } = context;
  const group = parseJid(item.id ?? item.remoteJid);
  if (group?.kind !== 'group') return leftAside(occurrence, context, 'The event names no group');
  const title = asText(item.subject);
  const [other] = Object.keys(item).filter(
    (field) => !['id', 'remoteJid', 'subject', 'author'].includes(field),
  );
  return happened({
    type: 'chat',
    eventId: occurrence,
    at: 0,
    rawKind,
    chat: { id: fileId<ChatId>(group), kind: 'group', title },
    movedTo: null,
    what: title === null ? (other ?? 'group') : 'title',
  });
}

const changes: Readonly<Record<string, MembershipChanged['change']>> = {
  add: 'joined',
  join: 'joined',
  remove: 'left',
  leave: 'left',
  promote: 'promoted',
  demote: 'restricted',
};

/** `group-participants.update`. `participantsData`, of 2.3.7, tells the phone numbers of hidden ids. */
export function readParticipants(item: Unchecked, context: Context): Reading {
  const { occurrence, rawKind, own } = context;
  const group = parseJid(item.id);
  if (group?.kind !== 'group') return leftAside(occurrence, context, strangeJid(item.id));
  const action = asText(item.action) ?? '';
  if (!Object.hasOwn(changes, action)) {
    return leftAside(
      occurrence,
      context,
      `The members of a group changed in a way that is not known (${action.slice(0, 40)})`,
    );
  }
  const members = readMembers(item);
  if (members.length === 0)
    return leftAside(occurrence, context, 'The members of a group changed, and none is named');
  const known = (contact: ContactRef) =>
    [contact.id, ...(contact.aliases ?? [])].some((id) => own.ids.has(id));
  return happened({
    type: 'membership',
    eventId: occurrence,
    at: 0,
    rawKind,
    chat: { id: fileId<ChatId>(group), kind: 'group', title: asText(item.subject) },
    sender: isOwn(parseJid(item.author), own) ? own.contact : readContact([item.author, item.authorPn], null),
    change: changes[action],
    self: members.some(known),
    members,
  });
}

/** A participant is a JID, or from Baileys 7 on an object that holds it. */
function readMembers(item: Unchecked): ContactRef[] {
  const details = asObjects(item.participantsData);
  const named = asList(item.participants).map((participant) => {
    const jid = asText(participant);
    const about = details.find((detail) => detail.jid === jid);
    return readContact([jid, numberJid(about?.phoneNumber)], about?.name);
  });
  const held = asObjects(item.participants).map(({ id, phoneNumber, lid, name }) =>
    readContact([id, numberJid(phoneNumber), lid], name),
  );
  return [...named, ...held].filter((contact) => contact !== null);
}

/** Where Evolution does not know the number it writes the digits of the hidden id: only a whole JID is sure. */
function numberJid(phoneNumber: unknown): string | null {
  const jid = asText(phoneNumber);
  return jid?.includes('@') ? jid : null;
}
