import type { Contact } from './contact';
import type { Entry, SimulatedChat } from './chat';
import { contentType } from './prepared';
import { Enum, type Fields, Long } from './values';

/** What may be around a content. */
export type Wrapper =
  | 'ephemeral'
  | 'viewOnce'
  | 'viewOnceV2'
  | 'viewOnceV2Extension'
  | 'documentWithCaption'
  | 'deviceSent'
  | 'edited';

const wrapperKeys: Record<Wrapper, string> = {
  ephemeral: 'ephemeralMessage',
  viewOnce: 'viewOnceMessage',
  viewOnceV2: 'viewOnceMessageV2',
  viewOnceV2Extension: 'viewOnceMessageV2Extension',
  documentWithCaption: 'documentWithCaptionMessage',
  deviceSent: 'deviceSentMessage',
  edited: 'editedMessage',
};

/** Puts a context into a content; a plain text becomes an `extendedTextMessage` by it. */
export function withContext(content: Fields, contextInfo: Fields | null): Fields {
  if (!contextInfo) return content;
  const { conversation, ...rest } = content;
  if (typeof conversation === 'string') {
    return { ...rest, extendedTextMessage: { text: conversation, previewType: 0, contextInfo } };
  }
  const type = contentType(content);
  return { ...content, [type]: { ...(content[type] as Fields), contextInfo } };
}

export const wrapped = (content: Fields, wrapper: Wrapper): Fields => ({
  [wrapperKeys[wrapper]]: { message: content },
});

/** What an answer says of the message that it answers. */
export const quoting = (chat: SimulatedChat, quoted: Entry): Fields => ({
  stanzaId: quoted.id,
  participant: authorJid(chat, quoted),
  quotedMessage: quoted.message,
});

/** Who wrote a message, as an address. */
export function authorJid(chat: SimulatedChat, { key }: Entry): string {
  if (key.participant) return key.participant;
  return key.fromMe ? chat.instance.jid : key.remoteJid;
}

/** What stands beside the content of what phones send; in groups, a person's first message also carries their sender key. */
export function envelope(chat: SimulatedChat, author: Contact, bytes: (count: number) => Buffer): Fields {
  const now = new Long(Math.floor(Date.now() / 1000));
  const context = {
    deviceListMetadata: {
      senderKeyHash: bytes(10),
      senderTimestamp: now,
      recipientKeyHash: bytes(10),
      recipientTimestamp: now,
    },
    deviceListMetadataVersion: 2,
    messageSecret: bytes(32),
  };
  if (chat.kind !== 'group' || chat.introduced.has(author)) return { messageContextInfo: context };
  chat.introduced.add(author);
  const senderKeyDistributionMessage = {
    groupId: chat.jid,
    axolotlSenderKeyDistributionMessage: bytes(48),
  };
  return { senderKeyDistributionMessage, messageContextInfo: context };
}

/** The protocol message by which somebody changes what they wrote. */
export const editOf = (key: Fields, editedMessage: Fields) => ({
  key,
  type: new Enum('MESSAGE_EDIT', 14),
  editedMessage,
  timestampMs: new Long(Date.now()),
});

/** A content with another text, or another caption. */
export function reworded(message: Fields, text: string): Fields {
  const type = contentType(message);
  if (type === 'conversation') return { conversation: text };
  const content = message[type] as Fields;
  return { [type]: { ...content, [type === 'extendedTextMessage' ? 'text' : 'caption']: text } };
}

export const revokeOf = (key: Fields): Fields => ({ key, type: new Enum('REVOKE', 0) });

export const reactionTo = ({ key }: Pick<Entry, 'key'>, emoji: string): Fields => ({
  reactionMessage: {
    key: {
      remoteJid: key.remoteJid,
      fromMe: key.fromMe,
      id: key.id,
      ...(key.participant && { participant: key.participant }),
    },
    text: emoji,
    senderTimestampMs: new Long(Date.now()),
  },
});

export const vcard = (name: string, phone: string): string => {
  const digits = phone.replace(/\D/g, '');
  return `BEGIN:VCARD\nVERSION:3.0\nN:;${name};;;\nFN:${name}\nitem1.TEL;waid=${digits}:${phone}\nitem1.X-ABLabel:Celular\nEND:VCARD`;
};

/** A poll: one that allows a single answer has a type of its own. */
export function pollOf(name: string, options: readonly string[], selectable: number): Fields {
  const poll = {
    name,
    options: options.map((optionName) => ({ optionName })),
    selectableOptionsCount: selectable,
  };
  return selectable === 1 ? { pollCreationMessageV3: poll } : { pollCreationMessage: poll };
}

/** The options of a poll, whichever type it has; empty for anything else. */
export function pollOptions(message: Fields): string[] {
  const poll = (message.pollCreationMessage ??
    message.pollCreationMessageV2 ??
    message.pollCreationMessageV3) as { options: { optionName: string }[] } | undefined;
  return poll?.options.map(({ optionName }) => optionName) ?? [];
}

/** What is inside of all wrappers. */
export function unwrapped(message: Fields): Fields {
  const content = message[contentType(message)];
  if (typeof content !== 'object' || content === null) return message;
  const inner = (content as Fields).message;
  return typeof inner === 'object' && inner !== null ? unwrapped(inner as Fields) : message;
}
