import type { Contact } from './contact';
import type { Dialect } from './dialect';
import { isLidJid } from './jids';

/** How a message is named. Which of the other names are there depends on the version. */
export interface MessageKey {
  remoteJid: string;
  fromMe: boolean;
  id: string;
  remoteJidAlt?: string;
  participant?: string;
  participantAlt?: string;
  participantLid?: string;
  addressingMode?: 'lid' | 'pn';
  senderPn?: string;
  senderLid?: string;
}

interface Base {
  fromMe: boolean;
  id: string;
}

/** The key of a message in a direct chat, as the server keeps it. */
export function directKey({ lid }: Dialect, contact: Contact, base: Base): MessageKey {
  const remoteJid = base.fromMe ? contact.jid : contact.withDevice(contact.jid);
  const key = { remoteJid, ...base };
  const other = contact.alternative;
  if (lid === 'bare') return key;
  if (lid === 'sender-pn') {
    if (other === null) return key;
    return { ...key, ...(isLidJid(other) ? { senderLid: other } : { senderPn: other }) };
  }
  const addressingMode = isLidJid(contact.jid) ? ('lid' as const) : ('pn' as const);
  return { ...key, ...(other !== null && { remoteJidAlt: other }), addressingMode };
}

/** The key of a message in a group, as the server keeps it. */
export function groupKey({ lid }: Dialect, groupJid: string, author: Contact, base: Base): MessageKey {
  const key = { remoteJid: groupJid, ...base };
  const participant = author.withDevice(author.jid);
  const { phoneJid, lidJid } = author;
  if (lid === 'bare') return { ...key, participant };
  if (lid === 'sender-pn') {
    return {
      ...key,
      participant: author.withDevice(phoneJid ?? author.jid),
      ...(lidJid && { participantLid: lidJid, senderLid: lidJid }),
      ...(phoneJid && lidJid && { senderPn: phoneJid }),
    };
  }
  const other = author.alternative;
  return {
    ...key,
    participant,
    ...(other !== null && { participantAlt: other }),
    addressingMode: isLidJid(author.jid) ? 'lid' : 'pn',
  };
}

/** The key as `messages.upsert` tells it: 2.3.7 puts the phone number where the LID was, and the LID is lost. */
export function toldKey({ lid }: Dialect, key: MessageKey): MessageKey {
  if (lid !== 'overwritten' || !isLidJid(key.remoteJid) || !key.remoteJidAlt) return key;
  return { ...key, remoteJid: key.remoteJidAlt };
}
