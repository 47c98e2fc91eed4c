import { createIdCodec, RejectedError } from '@omni-hub/channel-sdk';
import type { ChatId, ChatRef, ContactId } from '@omni-hub/contracts';
import { canonicalPhone } from './phone';

/**
 * How WhatsApp's ways to name somebody become the hub's ids.
 *
 *     whatsapp:5511987654321       a person by their phone number
 *     whatsapp:lid:141000111222333 a person whose number WhatsApp hides (Evolution: `…@lid`)
 *     whatsapp:US.13491208655302   a person as one business sees them (Cloud: `user_id`, the BSUID)
 *     whatsapp:group:120363000001  a group
 *
 * The same person can have several of these; the platforms tell which belong together.
 */
export type Handle =
  | { kind: 'phone'; digits: string }
  | { kind: 'lid'; digits: string }
  | { kind: 'user'; id: string }
  | { kind: 'group'; id: string };

export const codec = createIdCodec('whatsapp');

/** The id under which somebody is filed: a phone number in its canonical form. */
export function fileId<Id extends ChatId | ContactId>(handle: Handle): Id {
  return addressId(handle.kind === 'phone' ? { ...handle, digits: canonicalPhone(handle.digits) } : handle);
}

/** The id that says exactly where to send: a phone number as the platform wrote it. */
export function addressId<Id extends ChatId | ContactId>(handle: Handle): Id {
  switch (handle.kind) {
    case 'phone':
      return codec.encode(handle.digits);
    case 'lid':
      return codec.encode('lid', handle.digits);
    case 'user':
      return codec.encode(handle.id);
    case 'group':
      return codec.encode('group', handle.id);
  }
}

/** The opposite of both. Throws RejectedError for an id that is no chat's. */
export function parseChat(id: string): Handle {
  const [first, second, ...rest] = codec.decode(id);
  if (rest.length === 0) {
    if (first === 'lid' && isDigits(second)) return { kind: 'lid', digits: second };
    if (first === 'group' && second) return { kind: 'group', id: second };
    if (second === undefined && isDigits(first)) return { kind: 'phone', digits: first };
    if (second === undefined && isUserId(first)) return { kind: 'user', id: first };
  }
  throw new RejectedError(
    `"${id}" names no WhatsApp chat: use whatsapp:<phone number with country code>, or an id as chats are listed`,
  );
}

/**
 * A person with their other names. `id` is the first handle's, the rest become aliases; answers go to `address`, the first handle
 * where it is absent. Fields that would say nothing are left out.
 */
export function directChat(handles: [Handle, ...Handle[]], address: Handle, title: string | null): ChatRef {
  const [id, ...aliases] = [...new Set(handles.map((handle) => fileId<ChatId>(handle)))];
  const to = addressId<ChatId>(address);
  return {
    id,
    kind: 'direct',
    title,
    ...(aliases.length > 0 && { aliases }),
    ...(to !== id && { address: to }),
  };
}

/** Who is meant by what people and programs write: `+55 (11) 98765-4321`, a JID, a BSUID, an id of this channel. Null where nobody is. Pure. */
export function recipient(to: string): ChatRef | null {
  const text = to.trim();
  const handle = readHandle(text);
  if (!handle) return null;
  if (handle.kind === 'group') return { id: fileId(handle), kind: 'group', title: null };
  return directChat([handle], handle, null);
}

function readHandle(text: string): Handle | null {
  if (text.startsWith('whatsapp:')) {
    try {
      return parseChat(text);
    } catch {
      return null;
    }
  }
  if (isUserId(text)) return { kind: 'user', id: text };
  const [, local, host] = /^([^@\s]+)@(s\.whatsapp\.net|c\.us|lid|g\.us)$/.exec(text) ?? [];
  if (local) return readJid(local, host);
  const digits = text.replace(/[\s().-]/g, '').replace(/^\+/, '');
  return /^\d{6,15}$/.test(digits) ? { kind: 'phone', digits } : null;
}

function readJid(local: string, host: string): Handle | null {
  const user = local.replace(/:\d+$/, '');
  if (host === 'g.us') return { kind: 'group', id: user };
  if (!isDigits(user)) return null;
  return host === 'lid' ? { kind: 'lid', digits: user } : { kind: 'phone', digits: user };
}

/** A country and up to 128 letters and digits, `ENT` between them where the id is of a whole enterprise. */
export function isUserId(text: string): boolean {
  return /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(text);
}

function isDigits(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}
