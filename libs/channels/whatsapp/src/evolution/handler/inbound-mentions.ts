import type { ContactId, Mention, ReplyContext, TextEntity } from '@omni-hub/contracts';
import { fileId, type Handle } from '../../handler/ids';
import { asList, asText, type Own, type Unchecked } from '../models/inbound.models';
import { openMessage } from './inbound-content';
import { writtenReaders } from './inbound-attachments';
import { isOwn, type Place } from './inbound-people';
import { messageId, parseJid, toJid } from './jids';

/** Whom a text mentions. In the text stands `@` and the digits of the JID that the context names. */
export function readMentions(
  text: string,
  contextInfo: Unchecked | null,
  own: Own,
): { entities: TextEntity[]; mentions: Mention[] } {
  const handles = asList(contextInfo?.mentionedJid)
    .map(parseJid)
    .filter((handle) => handle !== null && handle.kind !== 'group') as PersonHandle[];
  const unique = [...new Map(handles.map((handle) => [fileId<ContactId>(handle), handle])).values()];
  return {
    entities: unique.flatMap((handle) => placesOf(text, handle)).sort((a, b) => a.offset - b.offset),
    mentions: unique.map((handle) => ({
      contactId: fileId(handle),
      username: null,
      isSelf: isOwn(handle, own),
    })),
  };
}

type PersonHandle = Extract<Handle, { digits: string }>;

function placesOf(text: string, handle: PersonHandle): TextEntity[] {
  const found = text.matchAll(new RegExp(`@${handle.digits}(?!\\d)`, 'g'));
  return [...found].map(({ index }) => ({
    type: 'mention',
    offset: index,
    length: handle.digits.length + 1,
    contactId: fileId(handle),
  }));
}

/** The message that this one answers; null where it answers none, or a status. */
export function readReply(
  contextInfo: Unchecked | null,
  { chat, other }: Place,
  own: Own,
): ReplyContext | null {
  const id = asText(contextInfo?.stanzaId);
  if (!contextInfo || !id || contextInfo.remoteJid === 'status@broadcast') return null;
  const author = parseJid(contextInfo.participant);
  const fromMe = isByAccount(author, chat.kind === 'direct' ? other : null, own);
  const participant = chat.kind === 'group' && author && !fromMe ? toJid(author) : null;
  return {
    id: messageId({ id, fromMe, participant }),
    text: quotedText(contextInfo.quotedMessage, id),
    fromMe,
  };
}

/** In a direct chat whoever is not the other person is the account, under whatever id. */
function isByAccount(author: Handle | null, other: Place['other'], own: Own): boolean {
  if (isOwn(author, own)) return true;
  if (!author || !other) return false;
  const known: string[] = [other.id, ...(other.aliases ?? [])];
  return !known.includes(fileId(author)) && sameKind(author, known);
}

/** Where the other person's hidden id is not known, a hidden id may well be theirs. */
function sameKind(author: Handle, known: string[]): boolean {
  const isHidden = (id: string) => id.startsWith('whatsapp:lid:');
  return known.some((id) => isHidden(id) === (author.kind === 'lid'));
}

function quotedText(quoted: unknown, id: string): string | null {
  const opened = openMessage(quoted);
  if (typeof opened?.value === 'string') return opened.value;
  const reader =
    opened?.name && Object.hasOwn(writtenReaders, opened.name) ? writtenReaders[opened.name] : null;
  return (reader && reader(opened?.value as Unchecked, id)?.text) || null;
}
