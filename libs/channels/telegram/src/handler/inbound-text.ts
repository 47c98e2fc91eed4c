import type { Message, MessageEntity, Poll } from '@grammyjs/types';
import type { Account } from '@omni-hub/channel-sdk';
import type { Mention, TextEntity } from '@omni-hub/contracts';
import { asCount, asObject, asObjects, asText, type Unchecked } from '../models/inbound.models';
import { contactId } from './ids';
import { isAccount, readUser } from './inbound-people';
import { readRichMessage } from './inbound-rich';

/** Every field that some kind of entity has. */
type AnyEntity = MessageEntity.AbstractMessageEntity &
  Omit<MessageEntity.PreMessageEntity, 'type'> &
  Omit<MessageEntity.TextLinkMessageEntity, 'type'> &
  Omit<MessageEntity.TextMentionMessageEntity, 'type'>;

export interface WrittenText {
  text: string;
  entities: TextEntity[];
  mentions: Mention[];
}

/** What a message says: its text, its caption, its rich text, or the description of its poll. */
export function readText(message: Unchecked<Message>, account: Account | null): WrittenText {
  if (asText(message.text)) return annotated(message.text, message.entities, account);
  if (asText(message.caption)) return annotated(message.caption, message.caption_entities, account);
  const rich = readRichMessage(message.rich_message);
  if (rich.text !== '') return annotated(rich.text, rich.entities, account);
  const poll = asObject<Poll>(message.poll);
  return annotated(poll?.description, poll?.description_entities, account);
}

/** Entities count UTF-16 code units, as JavaScript does. One that points outside of the text is left out. */
function annotated(written: unknown, styles: unknown, account: Account | null): WrittenText {
  const text = asText(written) ?? '';
  const entities: TextEntity[] = [];
  const mentions: Mention[] = [];
  for (const raw of asObjects<AnyEntity>(styles)) {
    const entity = readEntity(raw, text);
    if (!entity) continue;
    entities.push(entity);
    const mention = readMention(raw, text.slice(entity.offset, entity.offset + entity.length), account);
    if (mention) mentions.push(mention);
  }
  return { text, entities, mentions };
}

function readEntity(raw: Unchecked<AnyEntity>, text: string): TextEntity | null {
  const type = asText(raw.type);
  const offset = asCount(raw.offset);
  const length = asCount(raw.length);
  if (type === null || offset === null || !length || offset + length > text.length) return null;
  const url = asText(raw.url);
  const language = asText(raw.language);
  const user = readUser(raw.user);
  return {
    type,
    offset,
    length,
    ...(url && { url }),
    ...(language && { language }),
    ...(user && { contactId: user.id }),
  };
}

/** A command counts as a mention when it is addressed: `/start@my_bot`. */
function readMention(raw: Unchecked<AnyEntity>, words: string, account: Account | null): Mention | null {
  if (raw.type === 'text_mention') {
    const user = readUser(raw.user);
    return user && { contactId: user.id, username: user.username, isSelf: isAccount(raw.user, account) };
  }
  if (raw.type !== 'mention' && raw.type !== 'bot_command') return null;
  const username = words.split('@')[1];
  if (!username) return null;
  const isSelf = account !== null && username.toLowerCase() === account.username?.toLowerCase();
  return { contactId: isSelf ? contactId(account.id) : null, username, isSelf };
}
