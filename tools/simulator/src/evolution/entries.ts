import type { Entry, SimulatedChat } from './chat';
import type { Contact } from './contact';
import type { Dialect } from './dialect';
import type { StoredMedia } from './media';
import { directKey, groupKey } from './message-key';
import { readableText } from './prepared';
import type { Fields } from './values';

/** A message that is about to be in a chat. */
export interface Draft {
  message: Fields;
  contextInfo?: Fields | null;
  quotes?: string | null;
  media?: StoredMedia | null;
  id?: string;
  /** Of what the API sends: the address that was asked for. */
  to?: string;
}

/** Whose a message is: somebody else's, or the account's, sent through the API or typed on the phone. */
export type By = Contact | 'api' | 'phone';

/** What the server calls the account's holder. */
const ownName = 'Você';

export function newEntry(
  dialect: Dialect,
  chat: SimulatedChat,
  by: By,
  draft: Draft,
  bytes: (count: number) => Buffer,
): Entry {
  const { self, name } = chat.instance;
  const byApi = by === 'api';
  const author = typeof by === 'string' ? self : by;
  const source = byApi ? 'unknown' : author.source;
  const base = { fromMe: author === self, id: draft.id ?? newId(byApi ? 'api' : source, bytes) };
  const key = byApi ? { remoteJid: draft.to ?? chat.jid, ...base } : receivedKey(dialect, chat, author, base);
  return {
    id: base.id,
    key,
    text: readableText(draft.message),
    message: draft.message,
    author: by === 'phone' ? `${name} (phone)` : author.name,
    pushName: base.fromMe ? ownName : author.name,
    byApi,
    at: Math.floor(Date.now() / 1000),
    source,
    contextInfo: draft.contextInfo ?? null,
    quotes: draft.quotes ?? null,
    status: byApi ? 'PENDING' : 'DELIVERY_ACK',
    seen: false,
    versions: [],
    deleted: false,
    reactions: new Map(),
    votes: new Map(),
    media: draft.media ?? null,
  };
}

function receivedKey(
  dialect: Dialect,
  chat: SimulatedChat,
  author: Contact,
  base: { fromMe: boolean; id: string },
) {
  if (chat.contact) return directKey(dialect, chat.contact, base);
  return groupKey(dialect, chat.jid, author, base);
}

/** Each kind of device makes ids of its own kind. */
export function newId(source: string, bytes: (count: number) => Buffer): string {
  const hex = (count: number) => bytes(count).toString('hex').toUpperCase();
  if (source === 'api') return `3EB0${hex(18)}`;
  if (source === 'ios') return `3A${hex(9)}`;
  return source === 'web' ? `3EB0${hex(9)}` : hex(16);
}
