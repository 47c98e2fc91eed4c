import type { Account } from '@omni-hub/channel-sdk';
import type { ChatId, ChatRef, ContactId, ContactRef } from '@omni-hub/contracts';
import { codec, directChat, fileId, parseChat, type Handle } from '../../handler/ids';
import { asText, type Own, type Unchecked } from '../models/inbound.models';
import { parseJid, toJid, type MessageName } from './jids';

/** Where a message is and who wrote it. */
export interface Place {
  chat: ChatRef;
  sender: ContactRef;
  name: MessageName;
  /** Whom the account talks to in a direct chat; null in a group. */
  other: ContactRef | null;
}

/**
 * The account by all that is known: as the last probe found it, and `sender`, which in every webhook is the account's own JID.
 */
export function readOwn(account: Account | null, sender: unknown): Own {
  const told = parseJid(sender);
  const probed = account ? [account.id, ...(account.aliases ?? [])].map(parseOwn) : [];
  const handles = [...probed, told].filter((handle) => handle !== null);
  const [first] = handles;
  return {
    contact: {
      ...nobody,
      id: first ? fileId(first) : codec.encode('self'),
      name: account?.name ?? null,
      phone: phoneOf(handles),
    },
    ids: new Set(handles.map((handle) => fileId<ContactId>(handle))),
  };
}

export function isOwn(handle: Handle | null, own: Own): boolean {
  return handle !== null && own.ids.has(fileId(handle));
}

/**
 * Reads a message's key. Which fields it has is the version's: 2.2.3 has `remoteJid` alone, 2.3.0 adds `senderPn`, `senderLid` and
 * `participantLid`, 2.3.5 `remoteJidAlt` and `participantAlt`; 2.3.7 writes the phone number in `remoteJid` whatever came.
 * Null where it names no person and no group.
 */
export function readPlace(
  key: Unchecked,
  pushName: unknown,
  own: Own,
): (Omit<Place, 'name'> & { participant: string | null }) | null {
  const remote = parseJid(key.remoteJid);
  const fromMe = key.fromMe === true;
  const name = asText(pushName);
  if (!remote) return null;
  if (remote.kind !== 'group') {
    const handles = handlesOf(
      fromMe
        ? [key.remoteJid, key.remoteJidAlt]
        : [key.remoteJid, key.remoteJidAlt, key.senderPn, key.senderLid],
    );
    const chat = directChat(handles ?? [remote], remote, fromMe ? null : name);
    const other = contactOf(handles ?? [remote], fromMe ? null : name);
    return { chat, sender: fromMe ? own.contact : other, other, participant: null };
  }
  const chat: ChatRef = { id: fileId<ChatId>(remote), kind: 'group', title: null };
  if (fromMe) return { chat, sender: own.contact, other: null, participant: null };
  const author =
    parseJid(key.participant) ??
    parseJid(key.participantAlt) ??
    parseJid(key.senderPn) ??
    parseJid(key.senderLid);
  const handles = handlesOf([
    key.participant,
    key.participantAlt,
    key.participantPn,
    key.senderPn,
    key.participantLid,
    key.senderLid,
  ]);
  if (!handles || !author) return null;
  return { chat, sender: contactOf(handles, name), other: null, participant: toJid(author) };
}

/** Somebody by their JIDs, the phone number first; null where none of them names a person. */
export function readContact(jids: readonly unknown[], name: unknown): ContactRef | null {
  const handles = handlesOf(jids);
  return handles && contactOf(handles, asText(name));
}

/** A name that is only the number again says nothing. */
function contactOf(handles: [Handle, ...Handle[]], name: string | null): ContactRef {
  const [id, ...aliases] = [...new Set(handles.map((handle) => fileId<ContactId>(handle)))];
  const isNumber = name !== null && /^\+?[\d\s().-]+$/.test(name);
  return {
    ...nobody,
    id,
    name: isNumber ? null : name,
    phone: phoneOf(handles),
    ...(aliases.length > 0 && { aliases }),
  };
}

const nobody: Omit<ContactRef, 'id'> = {
  name: null,
  username: null,
  phone: null,
  locale: null,
  isBot: false,
};

/** One phone number and one hidden id at most, the number first: further ones are the same told again. */
function handlesOf(jids: readonly unknown[]): [Handle, ...Handle[]] | null {
  const people = jids.map(parseJid).filter((handle) => handle !== null);
  const found = [kindIn(people, 'phone'), kindIn(people, 'lid')].filter((handle) => handle !== undefined);
  return found.length > 0 ? (found as [Handle, ...Handle[]]) : null;
}

function kindIn(handles: Handle[], kind: 'phone' | 'lid'): Handle | undefined {
  return handles.find((handle) => handle.kind === kind);
}

/** As the platform writes it; filed under its canonical form. */
function phoneOf(handles: readonly Handle[]): string | null {
  const phone = handles.find((handle) => handle.kind === 'phone');
  return phone ? `+${phone.digits}` : null;
}

/** Accounts are kept without the channel's prefix. */
function parseOwn(id: string): Handle | null {
  try {
    return parseChat(`whatsapp:${id}`);
  } catch {
    return null;
  }
}
