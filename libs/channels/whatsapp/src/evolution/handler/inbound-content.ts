import { asObject, asText, type Unchecked } from '../models/inbound.models';

/** A message's content, freed of what it was wrapped in. */
export interface Opened {
  /** The field that holds it: `imageMessage`. Null where the message holds nothing but notes about itself. */
  name: string | null;
  /** An object, or the text of `conversation`. */
  value: unknown;
  /** The id of the album that the message is part of. */
  albumId: string | null;
}

/** Fields that hold another message. https://github.com/WhiskeySockets/Baileys/blob/master/WAProto/WAProto.proto */
const wrappers: ReadonlySet<string> = new Set([
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'deviceSentMessage',
  'associatedChildMessage',
  'groupMentionedMessage',
  'lottieStickerMessage',
  'botInvokeMessage',
  'statusMentionMessage',
  'groupStatusMessage',
  'pollCreationMessageV4',
]);

/** Fields beside the content that say something about it, or about the way it came; and what Evolution adds. */
const notes: ReadonlySet<string> = new Set([
  'messageContextInfo',
  'senderKeyDistributionMessage',
  'fastRatchetKeySenderKeyDistributionMessage',
  'deviceListMetadata',
  'base64',
  'mediaUrl',
  'speechToText',
  'chat',
]);

/** WhatsApp wraps two or three deep; whatever is deeper than this was made to be a nuisance. */
const deepest = 16;

/** Takes a message out of its wrappers, however many. Null for what is no message. */
export function openMessage(message: unknown): Opened | null {
  let inner = asObject(message);
  let albumId: string | null = null;
  for (let depth = 0; inner && depth <= deepest; depth += 1) {
    albumId ??= albumOf(inner);
    const name = contentOf(inner);
    if (name === null || !wrappers.has(name)) return { name, value: name && inner[name], albumId };
    inner = asObject(asObject(inner[name])?.message);
  }
  return null;
}

/** A message has one content. What is empty is none. */
function contentOf(message: Unchecked): string | null {
  const present = Object.keys(message).filter((name) => !notes.has(name) && isThere(message[name]));
  return present.find((name) => wrappers.has(name)) ?? present[0] ?? null;
}

function isThere(value: unknown): boolean {
  return asText(value) !== null || asObject(value) !== null;
}

/** Items of an album name the message that announced it. */
function albumOf(message: Unchecked): string | null {
  const association = asObject(asObject(message.messageContextInfo)?.messageAssociation);
  const type = association?.associationType;
  if (type !== 'MEDIA_ALBUM' && type !== 1) return null;
  return asText(asObject(association?.parentMessageKey)?.id);
}
