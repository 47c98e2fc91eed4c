import type { ContactRef } from '@omni-hub/contracts';
import type {
  APIEmoji,
  GatewayMessageDeleteBulkDispatchData,
  GatewayMessageDeleteDispatchData,
} from 'discord-api-types/v10';
import {
  asObject,
  asSnowflake,
  asSnowflakes,
  asText,
  type Context,
  type Reading,
  type Unchecked,
} from '../models/inbound.models';
import { contactId, messageId } from './ids';
import { readPlace, readUser } from './inbound-people';

/** Discord does not say when something was deleted or reacted to: such events have the time 0. */

export function readDeletion(
  data: Unchecked<GatewayMessageDeleteDispatchData>,
  { eventId, rawKind }: Context,
): Reading {
  return deletion(data, [asSnowflake(data.id)], eventId, rawKind);
}

export function readBulkDeletion(
  data: Unchecked<GatewayMessageDeleteBulkDispatchData>,
  { eventId, rawKind }: Context,
): Reading {
  return deletion(data, asSnowflakes(data.ids), eventId, rawKind);
}

function deletion(
  data: Unchecked<GatewayMessageDeleteDispatchData>,
  ids: (string | null)[],
  eventId: string,
  rawKind: string,
): Reading {
  const chat = readPlace(data);
  const channel = asSnowflake(data.channel_id);
  const found = ids.filter((id) => id !== null);
  if (!chat || channel === null || found.length === 0)
    return 'Messages were deleted, but Discord does not say which, or in which channel';
  return {
    type: 'delete',
    eventId,
    rawKind,
    at: 0,
    chat,
    messageIds: found.map((id) => messageId(channel, id)),
  };
}

type ReactionData = Unchecked<{
  user_id: string;
  member: unknown;
  channel_id: string;
  message_id: string;
  guild_id: string;
  emoji: APIEmoji;
}>;

export function reactionReader(change: 'added' | 'removed') {
  return (data: ReactionData, { eventId, rawKind }: Context): Reading => {
    const chat = readPlace(data);
    const channel = asSnowflake(data.channel_id);
    const message = asSnowflake(data.message_id);
    const name = emojiName(data.emoji);
    if (!chat || channel === null || message === null || name === null)
      return 'A reaction changed, but Discord does not say which, or on which message';
    return {
      type: 'reaction',
      eventId,
      rawKind,
      at: 0,
      chat,
      sender: readReactor(data),
      messageId: messageId(channel, message),
      added: [],
      removed: [],
      [change]: [name],
    };
  };
}

/** Outside of servers, and where a reaction is taken back, Discord tells the id alone; null where a moderator took back everybody's. */
function readReactor(data: ReactionData): ContactRef | null {
  const member = asObject<{ user: unknown }>(data.member);
  const known = readUser(member?.user, member);
  const user = asSnowflake(data.user_id);
  if (known || user === null) return known;
  return { id: contactId(user), name: null, username: null, phone: null, locale: null, isBot: false };
}

/** An emoji is its own name; one of a server goes by `name:id`, which a reaction of the account takes too. */
export function emojiName(value: unknown): string | null {
  const emoji = asObject<APIEmoji>(value);
  const id = asSnowflake(emoji?.id);
  const name = asText(emoji?.name);
  return id === null ? name : `${name ?? 'emoji'}:${id}`;
}
