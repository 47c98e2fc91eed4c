import { RejectedError } from '@omni-hub/channel-sdk';
import { codec, parseChat, type Handle } from '../../handler/ids';
import { asText } from '../models/inbound.models';
import type { ChatId, MessageId } from '@omni-hub/contracts';

/**
 * Whom a JID names: `5511987654321:12@s.whatsapp.net` is the twelfth device of a number, which is the number; `…@lid` is
 * somebody whose number is hidden; `…@g.us` is a group. Null for what is no person and no group.
 */
export function parseJid(jid: unknown): Handle | null {
  const [, local, host] = /^([^@\s]+)@([a-z.]+)$/.exec(asText(jid) ?? '') ?? [];
  if (!local) return null;
  if (host === 'g.us') return { kind: 'group', id: local };
  const [digits] = local.split(/[:_]/);
  if (!/^\d+$/.test(digits)) return null;
  if (host === 'lid' || host === 'hosted.lid') return { kind: 'lid', digits };
  return host === 's.whatsapp.net' || host === 'c.us' || host === 'hosted' ? { kind: 'phone', digits } : null;
}

/** The opposite, without a device. Throws RejectedError for people whom only the Cloud API knows. */
export function toJid(handle: Handle): string {
  switch (handle.kind) {
    case 'phone':
      return `${handle.digits}@s.whatsapp.net`;
    case 'lid':
      return `${handle.digits}@lid`;
    case 'group':
      return `${handle.id}@g.us`;
    case 'user':
      throw new RejectedError(
        `"${handle.id}" names somebody to one business at the Cloud API only: send to the phone number here`,
      );
  }
}

export function chatJid(chat: ChatId): string {
  return toJid(parseChat(chat));
}

/** Why nobody is answered at a JID that is neither a person's nor a group's. */
export function strangeJid(jid: unknown): string {
  const text = asText(jid) ?? '';
  if (text === 'status@broadcast')
    return 'A status is shown to all contacts of its author; it asks for no answer';
  if (text.endsWith('@broadcast'))
    return 'A broadcast list has no conversation of its own: its people answer one by one';
  if (text.endsWith('@newsletter')) return 'A WhatsApp channel has readers and no conversation';
  if (text.endsWith('@bot')) return 'The chat is one with an assistant of Meta, not with a person';
  return 'The event names no chat, so there is nowhere to answer. Evolution always sends one';
}

/**
 * What tells a message from all others of an instance. `participant` is the author's JID, without a device, of what a person wrote
 * in a group.
 */
export interface MessageName {
  id: string;
  fromMe: boolean;
  participant: string | null;
}

/**
 *     whatsapp:3EB0…                               what the account sent
 *     whatsapp:3EB0…:in                            what a person wrote in a direct chat
 *     whatsapp:3EB0…:in:5511987654321@s.whatsapp.net   what a person wrote in a group
 */
export function messageId({ id, fromMe, participant }: MessageName): MessageId {
  if (fromMe) return codec.encode(id);
  return participant === null ? codec.encode(id, 'in') : codec.encode(id, 'in', participant);
}

/** The opposite. Throws RejectedError for an id that is no message's. */
export function parseMessage(messageId: string): MessageName {
  const [id, direction, participant, ...rest] = codec.decode(messageId);
  if (id && rest.length === 0) {
    if (direction === undefined) return { id, fromMe: true, participant: null };
    if (direction === 'in' && participant !== '')
      return { id, fromMe: false, participant: participant ?? null };
  }
  throw new RejectedError(`"${messageId}" names no WhatsApp message: use an id as messages are listed`);
}
