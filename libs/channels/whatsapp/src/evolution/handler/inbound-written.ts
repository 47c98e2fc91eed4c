import type { IncomingMessage, MessageEdited } from '@omni-hub/contracts';
import { asLong, asObject, asText, type Context, type Own, type Unchecked } from '../models/inbound.models';
import { writtenReaders, type Written } from './inbound-attachments';
import { openMessage, type Opened } from './inbound-content';
import { readMentions, readReply } from './inbound-mentions';
import type { Place } from './inbound-people';
import { messageId } from './jids';

/** The new version of a message that somebody edited; null where it holds nothing to read. */
export function readEdit(
  message: unknown,
  place: Place,
  context: Context,
  about: Pick<MessageEdited, 'eventId' | 'at'>,
): MessageEdited | null {
  const opened = openMessage(message);
  const written = opened && readWritten(opened, place.name.id);
  if (!written) return null;
  return {
    type: 'edit',
    ...about,
    rawKind: context.rawKind,
    chat: place.chat,
    sender: place.sender,
    message: toMessage(written, opened, {}, place, context.own),
  };
}

/** Null for content that nobody wrote, and for what holds nothing to read. `id` is the message's. */
export function readWritten({ name, value }: Opened, id: string): Written | null {
  if (name === 'conversation')
    return asText(value) === null ? null : { text: asText(value) ?? '', attachments: [] };
  const content = asObject(value);
  return content && name && Object.hasOwn(writtenReaders, name) ? writtenReaders[name](content, id) : null;
}

export function toMessage(
  { text, attachments }: Written,
  opened: Opened,
  item: Unchecked,
  place: Place,
  own: Own,
): IncomingMessage {
  const contextInfo = contextOf(opened, item);
  const forwarded = contextInfo?.isForwarded === true || (asLong(contextInfo?.forwardingScore) ?? 0) > 0;
  return {
    id: messageId(place.name),
    text,
    ...readMentions(text, contextInfo, own),
    attachments,
    replyTo: readReply(contextInfo, place, own),
    // WhatsApp does not tell by whom.
    forwardedFrom: forwarded ? 'unknown' : null,
    albumId: opened.albumId,
    fromMe: place.name.fromMe,
  };
}

/** What a message refers to stands in its content, and from 2.3 on beside it. */
export function contextOf({ value }: Opened, item: Unchecked): Unchecked | null {
  const inside = asObject(asObject(value)?.contextInfo);
  const beside = asObject(item.contextInfo);
  return inside || beside ? { ...beside, ...inside } : null;
}
