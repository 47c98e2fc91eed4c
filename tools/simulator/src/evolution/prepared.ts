import type { Entry } from './chat';
import type { Dialect } from './dialect';
import { type Fields, onTheWire } from './values';

/** A message as `messages.upsert`, `send.message`, answers to sends and `findMessages` show it. */
export function prepared(told: Entry, dialect: Dialect, instanceId: string): Fields {
  const message = rewritten(told.message, dialect);
  const type = contentType(message);
  return onTheWire(
    {
      key: told.key,
      pushName: told.pushName,
      status: told.status,
      message,
      ...(told.contextInfo && { contextInfo: told.contextInfo }),
      messageType: type,
      messageTimestamp: told.at,
      instanceId,
      source: told.source,
    },
    dialect,
  ) as Fields;
}

/** The key of the content among what stands beside it; the first key where there is none. */
export function contentType(message: Fields): string {
  const keys = Object.keys(message);
  const isContent = (key: string) =>
    key === 'conversation' || (key.includes('Message') && key !== 'senderKeyDistributionMessage');
  return keys.find(isContent) ?? keys[0] ?? 'unknown';
}

/** What one reads of a content, through its wrappers. */
export function readableText(message: Fields): string {
  const type = contentType(message);
  const content = message[type];
  if (typeof content === 'string') return type === 'conversation' ? content : '';
  if (typeof content !== 'object' || content === null) return '';
  const fields = content as Fields;
  if (typeof fields.message === 'object' && fields.message !== null)
    return readableText(fields.message as Fields);
  const text =
    fields.text ??
    fields.caption ??
    fields.name ??
    fields.displayName ??
    (type === 'listMessage' ? fields.title : undefined);
  return typeof text === 'string' ? text : '';
}

function rewritten(message: Fields, { rewritesText }: Dialect): Fields {
  const { extendedTextMessage, documentWithCaptionMessage, ...rest } = message;
  if (extendedTextMessage && rewritesText) {
    return { ...rest, conversation: (extendedTextMessage as Fields).text };
  }
  if (documentWithCaptionMessage)
    return { ...rest, ...((documentWithCaptionMessage as Fields).message as Fields) };
  return message;
}
