import type { Entry, SimulatedChat } from './chat';
import type { Contact } from './contact';
import { envelope, quoting, withContext, type Wrapper, wrapped } from './content';
import type { Draft } from './entries';
import type { InChat } from './in-chat';
import { type Fields, Long } from './values';

/** A person, the account, or an address. */
export type Mentioned = { contact: Contact } | { self: Contact } | string;

export interface SayOptions {
  /** The direct chat with the account by default. */
  chat?: InChat;
  quotes?: Entry;
  /** Who is mentioned. The text has to name them. */
  mentions?: readonly Mentioned[];
  /** Which of their addresses a mention gives: the LID where there is one, unless told. */
  mentionBy?: 'lid' | 'phone';
  /** What is around the content. */
  wrapper?: Wrapper;
  /** The chat's messages disappear after so many seconds. */
  expiration?: number;
  /** More of the `contextInfo`: `isForwarded`, `externalAdReply`. */
  context?: Fields;
  /** The message's id, where it matters. */
  id?: string;
}

/** A content as a phone sends it. In a wrapper the context stays inside, where the server does not look for it. */
export function compose(
  chat: SimulatedChat,
  author: Contact,
  content: Fields,
  options: SayOptions,
  bytes: (count: number) => Buffer,
): Draft {
  const context = contextOf(chat, options);
  const inner = withContext(content, context);
  const { wrapper, quotes, id } = options;
  return {
    message: { ...envelope(chat, author, bytes), ...(wrapper ? wrapped(inner, wrapper) : inner) },
    contextInfo: wrapper ? null : context,
    quotes: quotes?.id ?? null,
    id,
  };
}

function contextOf(chat: SimulatedChat, options: SayOptions): Fields | null {
  const { quotes, mentions, mentionBy = 'lid', expiration, context } = options;
  const fields = {
    ...(quotes && quoting(chat, quotes)),
    ...(mentions && { mentionedJid: mentions.map((who) => address(who, mentionBy)) }),
    ...(expiration !== undefined && { expiration, ephemeralSettingTimestamp: new Long(1_700_000_000) }),
    ...context,
  };
  return Object.keys(fields).length > 0 ? fields : null;
}

function address(who: Mentioned, by: 'lid' | 'phone'): string {
  if (typeof who === 'string') return who;
  const contact = 'self' in who ? who.self : who.contact;
  return (by === 'lid' ? contact.lidJid : contact.phoneJid) ?? contact.jid;
}
